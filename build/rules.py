"""The rules over published tables: SQL queries of `schema/rules`, asked of tables or of files.

The same queries run in a build, over its tables before they are written; on a package, over its
Parquet; and by anybody who runs the `rules/setup.sql` of a package in DuckDB.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from dateline.build.issues import EnvironmentFailure, Severity
from dateline.schema import (
    FOLDER,
    TABLES,
    UNCLASSIFIED,
    Codebook,
    Table,
    Vocabulary,
    load_queries,
    load_rules,
)
from dateline.schema.cells import cell_views

# Rows beyond the limit go to the disk; nothing is fetched from anywhere.
CONFIG = {
    "memory_limit": "1GB",
    "threads": "2",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@dataclass(frozen=True)
class Failing:
    """A published row that breaks a rule: its table, primary key, the column at fault or null.

    `other` is the primary key of a second row where two disagree, else null.
    """

    rule: str
    severity: Severity
    table: str
    id: str
    field: str | None
    message: str
    other: str | None = None


@dataclass(frozen=True)
class Written:
    """What a build knows of its articles and the tables do not say, or has computed already.

    `days` has `article_id` and `day`, when it was published as written: without it that is taken
    from the instants, as widely as time zones allow. `articles` has `id` and `article_id`: the
    articles in which each item stands, whether it has evidence there or not. `derived` is the table
    that `facts` makes.
    """

    days: pa.Table
    articles: pa.Table
    derived: pa.Table


def failing(
    tables: Mapping[str, pa.Table] | Mapping[str, Path],
    codebook: Codebook,
    variables: Mapping[str, str | None],
    written: Written | None = None,
) -> list[Failing]:
    """The rows of these tables (in memory, or Parquet files) that break a rule, by rule and id.

    `variables` are what the rules know of the dataset: `allow_model_rows`, `created`,
    `estimate_rule` and `profile`. Beside the tables there may be those of OPTIONAL; rows of the
    ledger `changes` go by the ids they speak of. Raises EnvironmentFailure where memory or disk do
    not suffice.
    """
    with (
        failures("the rules could not be asked"),
        tempfile.TemporaryDirectory(prefix="dateline-") as spill,
        duckdb.connect(config={**CONFIG, "temp_directory": spill}) as db,
    ):
        sources = {name: _source(db, name, table) for name, table in tables.items()}
        for name, vocabulary in codebook.vocabularies.items():
            db.register(f"values_{name}", values(vocabulary))
        lists = {name: f"values_{name}" for name in codebook.vocabularies}
        db.execute(_views(codebook, variables, sources, lists))
        if written is None:
            db.execute(facts())
        else:
            db.register("written_days", written.days)
            db.register("written_articles", written.articles)
            db.register("derived", written.derived)
            db.execute(_WRITTEN)
        return [row for rule, query in load_queries().items() for row in _asked(db, rule, query)]


_WRITTEN = """
UPDATE published_days SET first_day = w.day, last_day = w.day
FROM written_days AS w WHERE w.article_id = published_days.article_id;
INSERT INTO item_articles FROM written_articles EXCEPT FROM item_articles;
"""


@contextmanager
def failures(what: str) -> Iterator[None]:
    """EnvironmentFailure, with `what` could not be done, where memory or disk do not suffice."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        words = str(error).partition("\n")[0]
        raise EnvironmentFailure(f"{what}: {words}") from None


def _source(db: duckdb.DuckDBPyConnection, name: str, table: pa.Table | Path) -> str:
    if isinstance(table, Path):
        return f"read_parquet({_text(str(table))})"
    db.register(f"rows_{name}", table)
    return f"rows_{name}"


def values(vocabulary: Vocabulary) -> pa.Table:
    """A vocabulary as a table of text; empty cells are null, a narrower value has its broader's."""
    columns = {name: vocabulary.column(name) for name in vocabulary.columns}
    return pa.table(
        {
            name: pa.array([cells[value] or None for value in vocabulary.values], pa.string())
            for name, cells in columns.items()
        }
    )


def _asked(db: duckdb.DuckDBPyConnection, rule: str, query: str) -> list[Failing]:
    rows = db.execute(f"SELECT * FROM ({query.rstrip().rstrip(';')}) ORDER BY ALL").fetchall()
    names = [column[0] for column in db.description or ()]
    severity = load_rules()[rule]["severity"]
    return [
        Failing(rule=rule, severity=severity, table=table_of(row["id"]), **row)
        for row in (dict(zip(names, values, strict=True)) for values in rows)
    ]


_PREFIXES = {
    "art": "articles",
    "inc": "incidents",
    "act": "actors",
    "stm": "statements",
    "par": "participants",
    "cas": "casualties",
    "evd": "evidence",
    "aff": "affiliations",
}


def table_of(key: str) -> str:
    """The table that a primary key belongs to."""
    return _PREFIXES[key[:3]]


def setup(codebook: Codebook, variables: Mapping[str, str | None]) -> str:
    """The SQL that makes what the rules ask: variables, a view a table and vocabulary, and more.

    In the views, `unclassified` is null and a project's own value is its broader one; instants are
    without a zone, in UTC. It reads the files of a package, whose folder is then the current one.
    """
    tables = {name: f"read_parquet('data/{name}.parquet')" for name in TABLES}
    vocabularies = {
        name: f"read_csv('vocab/{name}.csv', header = true, all_varchar = true)"
        for name in codebook.vocabularies
    }
    return "\n".join([_views(codebook, variables, tables, vocabularies), facts()])


def _views(
    codebook: Codebook,
    variables: Mapping[str, str | None],
    tables: Mapping[str, str],
    vocabularies: Mapping[str, str],
) -> str:
    """`setup` without `facts`, over these relations by name."""
    lines = [f"SET VARIABLE {name} = {_text(value)};" for name, value in sorted(variables.items())]
    lines += [
        f"CREATE TEMP VIEW vocab_{name} AS FROM {relation};"
        for name, relation in sorted(vocabularies.items())
    ]
    for name in TABLES:
        view = coded(codebook.tables[name], codebook, tables[name])
        lines.append(f"CREATE TEMP TABLE {name} AS {view};")
    for name, columns in OPTIONAL.items():
        rows = _optional(tables.get(name), columns)
        lines.append(f"CREATE TEMP VIEW IF NOT EXISTS {name} AS {rows};")
    lines.append(cell_views(codebook.tables))
    return "\n".join([*lines, _script("views")])


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


def coded(table: Table, codebook: Codebook, relation: str) -> str:
    """The query for a table's rows with codes and instants as the rules see them."""
    changed = []
    for field in table.fields:
        if field.type == "datetime":
            changed.append(f"make_timestamp(epoch_us({field.name})) AS {field.name}")
        elif field.vocabulary is not None and not field.custom:
            value = _coded(field.name, codebook.vocabularies[field.vocabulary])
            changed += [f"{value} AS {field.name}"] if value != field.name else []
    replaced = f" REPLACE ({', '.join(changed)})" if changed else ""
    return f"SELECT *{replaced} FROM {relation}"


def _coded(name: str, vocabulary: Vocabulary) -> str:
    cases = {row["value"]: _text(row["broader"]) for row in vocabulary.rows if row.get("broader")}
    if UNCLASSIFIED in vocabulary.values:
        cases[UNCLASSIFIED] = "NULL"
    if not cases:
        return name
    whens = " ".join(f"WHEN {_text(value)} THEN {result}" for value, result in cases.items())
    return f"CASE {name} {whens} ELSE {name} END"


def _text(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"
