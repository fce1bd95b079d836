"""Items of many articles at once to raw tables: ids, references, defaults, by column."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.bulk.flat import Items, Rejected, given, joined
from dateline.build.bulk.ids import ids_of
from dateline.build.check.references import REFERENCES
from dateline.schema import UNCLASSIFIED, Table

Columns = dict[str, pa.Array]

# White space that printed words do not keep as it is: the exact way makes it one space each.
_ODD_SPACE = (
    r"^ | $|  |[\t\n\v\f\r\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}"
    r"\x{205f}\x{3000}]"
)


def entity_ids(prefix: str, items: Items, own: pa.Array) -> pa.Array:
    """The ids of actors or incidents; `own` are the articles' own ids by number."""
    keyed = joined(prefix, "key", items["key"])
    local = joined(prefix, "local", own.take(items.article), items["id"])
    return ids_of(prefix, pc.coalesce(keyed, local))


def statement_ids(items: Items, own: pa.Array) -> pa.Array:
    """The ids of statements."""
    return ids_of("stm", joined("stm", own.take(items.article), items["id"]))


def participant_ids(items: Items, columns: Columns) -> pa.Array:
    """The ids of participants, of what they are unique by."""
    names = joined(
        "par",
        columns["incident_id"],
        columns["actor_id"],
        items["role"],
        columns["attribution_basis"],
        given(columns["attributed_by_actor_id"]),
    )
    return ids_of("par", names)


def casualty_ids(items: Items, columns: Columns) -> pa.Array:
    """The ids of claims: by their own ids if they have one, else by all that tells them apart."""
    head = ("cas", columns["incident_id"], columns["article_id"])
    owned = joined(*head, "id", items["id"])
    whole = joined(
        *head,
        given(columns["claimant_actor_id"]),
        items["harm_type"],
        columns["stance"],
        items["victim_category"],
        columns["demographic"],
        columns["occupation"],
        given(items["victim_set"]),
        given(items["as_of"]),
    )
    return ids_of("cas", pc.coalesce(owned, whole))


def references(
    table: str, items: Items, all_items: Mapping[str, Items], rejected: Rejected
) -> Columns:
    """The rows that references of items name, by member; one that names nothing rejects."""
    found = {}
    for member, target in REFERENCES[table].items():
        rows = all_items[target].find(items.scope, items[member])
        rejected.where(pc.and_(items[member].is_valid(), rows.is_null()), items.article)
        found[member] = rows
    return found


def reject_open_codes(
    table: Table,
    columns: Mapping[str, pa.Array],
    items: Items,
    is_open: pa.Array,
    rejected: Rejected,
) -> None:
    """Rejects items by hand that leave a coded column open."""
    for field in table.fields:
        if field.vocabulary and field.name in columns:
            left_open = pc.equal(columns[field.name], UNCLASSIFIED)
            rejected.where(pc.and_not(left_open, is_open), items.article)


def reject_odd_space(words: pa.Array, articles: pa.Array, rejected: Rejected) -> None:
    """Rejects printed words whose white space is not single spaces between words."""
    rejected.where(pc.match_substring_regex(words, _ODD_SPACE), articles)


def raw_columns(schema: pa.Schema, columns: Mapping[str, pa.Array], rows: int) -> pa.Table:
    """The raw table of these columns; one that is not there is null."""
    arrays = [
        columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type)
        for f in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
