"""The SQL that makes what the rules ask: the tables as they see them, and what several share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

import duckdb
import pyarrow as pa

from dateline.schema import FOLDER, TABLES, Codebook, Table, Vocabulary
from dateline.schema.cells import cell_views


def values(vocabulary: Vocabulary) -> pa.Table:
    """A vocabulary as a table of text; empty cells are null, a narrower value has its broader's."""
    columns = {name: vocabulary.column(name) for name in vocabulary.columns}
    return pa.table(
        {
            name: pa.array([cells[value] or None for value in vocabulary.values], pa.string())
            for name, cells in columns.items()
        }
    )


def setup(
    codebook: Codebook, variables: Mapping[str, str | None], optional: Iterable[str] = ()
) -> str:
    """The SQL that makes what the rules ask: variables, a view a table and vocabulary, and more.

    In the views, `unclassified` is null and a project's own value is its broader one; instants are
    without a zone, in UTC. It reads the files of a package, whose folder is then the current one;
    `optional` are the tables of OPTIONAL that it has.
    """
    tables = {name: f"read_parquet('data/{name}.parquet')" for name in (*TABLES, *optional)}
    vocabularies = [
        f"CREATE TEMP VIEW vocab_{name} AS "
        f"FROM read_csv('vocab/{name}.csv', header = true, all_varchar = true);"
        for name in sorted(codebook.vocabularies)
    ]
    return "\n".join([*vocabularies, from_rows(codebook, variables, tables)])


def from_rows(
    codebook: Codebook, variables: Mapping[str, str | None], relations: Mapping[str, str]
) -> str:
    """`setup` without the vocabularies: copies of the rows of these relations, by table."""
    copies = [
        f"CREATE TEMP TABLE {name} AS {coded(codebook.tables[name], codebook, relations[name])};"
        for name in TABLES
    ]
    scripts = (_script("evidence"), shared(codebook, variables, relations), facts())
    return "\n".join([*copies, *scripts])


def shared(
    codebook: Codebook,
    variables: Mapping[str, str | None],
    relations: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The SQL that makes what several rules ask, after tables and vocabularies are there.

    `relations` may name those of OPTIONAL.
    """
    lines = [
        f"SET VARIABLE {name} = {literal(value)};" for name, value in sorted(variables.items())
    ]
    for name, columns in OPTIONAL.items():
        rows = _optional(relations.get(name), columns)
        lines.append(f"CREATE TEMP VIEW IF NOT EXISTS {name} AS {rows};")
    return "\n".join([*lines, cell_views(codebook.tables), _script("views")])


# Tables that few packages have, and the columns of them that rules ask (data-model.md 5.3, 5.8).
OPTIONAL = {
    "affiliations": (
        "aff_id",
        "actor_id",
        "organization_actor_id",
        "role",
        "on_behalf_of_actor_id",
        "valid_from",
        "valid_to",
        "article_id",
    ),
    "changes": ("row_id", "change", "merged_into_id"),
}


def _optional(relation: str | None, columns: Iterable[str]) -> str:
    if relation is not None:
        return f"SELECT {', '.join(columns)} FROM {relation}"
    return f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in columns)} WHERE false"


def facts() -> str:
    """The SQL that makes the table `derived`: what follows for each incident from the others.

    It asks tables and vocabularies as `setup` makes them, and the variable `estimate_rule`.
    """
    return "\n".join(_script(name) for name in ("estimate", "facts"))


def _script(name: str) -> str:
    return (FOLDER / "rules" / f"_{name}.sql").read_text("utf-8")


def vocabularies(db: duckdb.DuckDBPyConnection, codebook: Codebook) -> None:
    """Makes the view `vocab_<name>` of each vocabulary."""
    for name, vocabulary in codebook.vocabularies.items():
        db.register(f"vocab_{name}", values(vocabulary))


def look(db: duckdb.DuckDBPyConnection, codebook: Codebook, relations: Mapping[str, str]) -> None:
    """Makes a view of each of these relations, by table, with its rows as the rules see them.

    Only columns that hold such a code are replaced: each of the others makes planning cheaper.
    """
    for name, relation in relations.items():
        table = codebook.tables[name]
        codes = {field: cases for field, cases in _codes(table, codebook).items() if cases}
        tests = ", ".join(f"bool_or({f} IN ({', '.join(c)}))" for f, c in codes.items())
        found = db.execute(f"SELECT {tests} FROM {relation}").fetchone() if codes else None
        held = [name for name, is_held in zip(codes, found or (), strict=True) if is_held]
        db.execute(f"CREATE TEMP VIEW {name} AS {coded(table, codebook, relation, held)}")


def coded(
    table: Table, codebook: Codebook, relation: str, fields: Collection[str] | None = None
) -> str:
    """The query for a table's rows with codes and instants as the rules see them.

    Of the columns with codes, those that are not among `fields` are left as they are.
    """
    changed = [
        f"make_timestamp(epoch_us({field.name})) AS {field.name}"
        for field in table.fields
        if field.type == "datetime"
    ]
    for name, cases in _codes(table, codebook).items():
        if cases and (fields is None or name in fields):
            whens = " ".join(f"WHEN {value} THEN {result}" for value, result in cases.items())
            changed.append(f"CASE {name} {whens} ELSE {name} END AS {name}")
    replaced = f" REPLACE ({', '.join(changed)})" if changed else ""
    return f"SELECT *{replaced} FROM {relation}"


def _codes(table: Table, codebook: Codebook) -> dict[str, dict[str, str]]:
    """By built-in column with a vocabulary: the codes that the rules see as another, or null."""
    return {
        field.name: {
            literal(code): literal(seen)
            for code, seen in codebook.vocabularies[field.vocabulary].seen.items()
        }
        for field in table.fields
        if field.vocabulary is not None and not field.custom
    }


def literal(value: str | None) -> str:
    """A text as SQL writes it."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"
