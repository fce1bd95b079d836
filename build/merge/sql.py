"""SQL that follows from the Table Schemas: how rows with one key become one row."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from dateline.build.assemble.ids import PAIRS
from dateline.schema import UNCLASSIFIED, Field, Table

# A person's own wording: it never conflicts; the registry's, else the earliest article's is kept.
OWN_WORDS = frozenset({"title", "summary", "description", "estimate_note"})
# Values that say nothing and give way to any other (data-model.md section 1, Merging).
_YIELDING = {"side": "none"}
_FIRST = frozenset({"statement_id"})
# What section 3 derives: computed after merging; a person's editorial values are merged.
_NOT_REGISTERED = "NOT _registered"


def quoted(name: str) -> str:
    """A column name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def said(field: Field) -> str:
    """The column's value, or null where it says nothing."""
    name = quoted(field.name)
    if field.name in _YIELDING:
        return f"nullif({name}, '{_YIELDING[field.name]}')"
    return f"nullif({name}, '{UNCLASSIFIED}')" if field.vocabulary else name


def repeated(table: Table) -> str:
    """The query for the rows of `raw_<table>` whose primary key has several."""
    key, rows = quoted(table.primary_key), f"raw_{table.name}"
    return (
        f"SELECT * FROM {rows} "
        f"SEMI JOIN (SELECT {key} FROM {rows} GROUP BY {key} HAVING count(*) > 1) USING ({key})"
    )


def unrepeated(table: Table) -> str:
    """The query that gives a row for each primary key that has one row, see `united`."""
    key = quoted(table.primary_key)
    return (
        f"SELECT {_columns(table, alone)}, _open AND NOT _registered AS _open "
        f"FROM raw_{table.name} "
        f"ANTI JOIN (SELECT DISTINCT {key} FROM repeated_{table.name}) USING ({key})"
    )


def share(table: Table, part: int, parts: int) -> str:
    """The query for one of `parts` shares of `repeated_<table>`; no key is in two of them."""
    return f"FROM repeated_{table.name} WHERE hash({quoted(table.primary_key)}) % {parts} = {part}"


def united(table: Table) -> str:
    """The query that gives one row for each primary key of `share_<table>`.

    Beside the columns: `_open` (all articles that give it may leave codes open). What the registry
    alone gives may leave none open.
    """
    return (
        f"SELECT {_columns(table, merged)}, "
        f"coalesce(bool_and(_open) FILTER ({_NOT_REGISTERED}), false) AS _open "
        f"FROM share_{table.name} GROUP BY {quoted(table.primary_key)}"
    )


def _columns(table: Table, value: Callable[[Field], str]) -> str:
    key = table.primary_key
    others = [f"{value(f)} AS {quoted(f.name)}" for f in table.fields if f.name != key]
    return ", ".join([quoted(key), *others])


def alone(field: Field) -> str:
    """What `merged` comes to for the only row of a key."""
    name = quoted(field.name)
    return f"list_sort(list_distinct({name}))" if field.type == "array" else name


def merged(field: Field) -> str:
    """The expression that makes one value of the values that rows of one key give a column.

    The registry's value wins; own words are the earliest article's; lists unite, sorted; true
    wins over false.
    """
    name = quoted(field.name)
    if field.type == "array":
        united = f"list_sort(list_distinct(flatten(list({name}))))"
        return f"CASE WHEN count({name}) > 0 THEN {united} END"
    if field.name == "is_primary":
        return f"bool_or({name})"
    first = f"arg_min({name}, _order)"
    if field.name in OWN_WORDS or field.name in _FIRST:
        return f"coalesce({first} FILTER (_registered), {first})"
    value = said(field)
    registered = f"max({value}) FILTER (_registered)"
    return f"coalesce({registered}, max({value}), max({name}))"


def conflicts(table: Table) -> str:
    """The query for keys of a share whose rows disagree: primary key, the list `fields` of columns.

    Rows of the registry decide, so they are in no conflict.
    """
    compared = [
        f
        for f in table.fields
        if f.type != "array"
        and f.name not in {table.primary_key, "is_primary", *OWN_WORDS, *_FIRST}
    ]
    return _differing(table, compared)


def rewordings(table: Table) -> str:
    """The query for keys of a share whose articles word a title or the like differently."""
    return _differing(table, [f for f in table.fields if f.name in OWN_WORDS])


def _differing(table: Table, fields: list[Field]) -> str:
    tests = ", ".join(f"CASE WHEN {_differs(f)} THEN '{f.name}' END" for f in fields)
    key = quoted(table.primary_key)
    return (
        f"SELECT {key} AS id, list_filter([{tests}], lambda x: x IS NOT NULL) AS fields "
        f"FROM share_{table.name} GROUP BY {key} HAVING len(fields) > 0 ORDER BY {key}"
    )


def _differs(field: Field) -> str:
    value = said(field)
    return (
        f"(min({value}) FILTER ({_NOT_REGISTERED}) <> max({value}) FILTER ({_NOT_REGISTERED}) "
        f"AND count({value}) FILTER (_registered) = 0)"
    )


def open_codes(table: Table) -> str | None:
    """The statement that writes `unclassified` into required codes that an import leaves open.

    Null for a table without such a code.
    """
    settled = [
        f"CASE WHEN {name} IS NULL AND _open THEN '{UNCLASSIFIED}' ELSE {name} END AS {name}"
        for name in (quoted(f.name) for f in table.fields if _may_be_open(f))
    ]
    if not settled:
        return None
    return (
        f"CREATE OR REPLACE TABLE {table.name} AS "
        f"SELECT * REPLACE ({', '.join(settled)}) FROM {table.name}"
    )


def _may_be_open(field: Field) -> bool:
    codes = field.descriptor.get("constraints", {}).get("enum", ())
    return field.required and UNCLASSIFIED in codes


def left_open(table: Table) -> str:
    """The query for rows with a code left open: primary key and the list `fields`."""
    coded = [
        f"CASE WHEN {quoted(f.name)} = '{UNCLASSIFIED}' THEN '{f.name}' END"
        for f in table.fields
        if f.vocabulary
    ]
    return (
        f"SELECT {quoted(table.primary_key)} AS id, "
        f"list_filter([{', '.join(coded)}], lambda x: x IS NOT NULL) AS fields "
        f"FROM {table.name} WHERE len(fields) > 0 ORDER BY id"
    )


def missing(table: Table) -> str:
    """The query for rows that lack a required value: primary key and the list `fields`.

    Where an annotation by hand has a part in a row, a code that is left open is lacking too.
    """
    tests = ", ".join(
        f"CASE WHEN {_is_missing(f)} THEN '{f.name}' END" for f in table.fields if f.required
    )
    return (
        f"SELECT {quoted(table.primary_key)} AS id, "
        f"list_filter([{tests}], lambda x: x IS NOT NULL) AS fields "
        f"FROM {table.name} WHERE len(fields) > 0 ORDER BY id"
    )


def _is_missing(field: Field) -> str:
    name = quoted(field.name)
    is_open = f" OR ({name} = '{UNCLASSIFIED}' AND NOT _open)" if field.vocabulary else ""
    return f"{name} IS NULL{is_open}"


def selected(table: Table, parts: int) -> list[str]:
    """The queries whose rows, one after the other, are the table as it is published.

    Those are its columns, sorted by primary key. Ids are made of digests (data-model.md section 1):
    of all ids, as many begin with one pair of characters as with another.
    """
    key, pairs = quoted(table.primary_key), sorted(PAIRS)
    columns = ", ".join(quoted(name) for name in table.names)
    cuts = [len(pairs) * part // parts for part in range(parts + 1)]
    shares = [(pairs[low], pairs[high - 1]) for low, high in pairwise(cuts)]
    return [
        f"SELECT {columns} FROM {table.name} "
        f"WHERE substr({key}, 5, 2) BETWEEN '{low}' AND '{high}' ORDER BY {key}"
        for low, high in shares
    ]
