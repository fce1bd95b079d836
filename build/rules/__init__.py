"""The rules over published tables: SQL queries of `schema/rules`, asked of tables or of files.

The same queries run in a build, over its tables before they are written; on a package, over its
Parquet; and by anybody who runs the `rules/setup.sql` of a package in DuckDB.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from dateline.build.issues import EnvironmentFailure, Severity
from dateline.build.rules.memory import run
from dateline.build.rules.script import (
    OPTIONAL,
    facts,
    from_rows,
    literal,
    look,
    setup,
    shared,
    vocabularies,
)
from dateline.schema import Codebook, load_queries, load_rules

__all__ = [
    "CONFIG",
    "OPTIONAL",
    "Failing",
    "broken",
    "facts",
    "failing",
    "failures",
    "literal",
    "look",
    "run",
    "setup",
    "shared",
    "table_of",
    "vocabularies",
]

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


def failing(
    tables: Mapping[str, pa.Table] | Mapping[str, Path],
    codebook: Codebook,
    variables: Mapping[str, str | None],
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
        vocabularies(db, codebook)
        run(db, from_rows(codebook, variables, sources))
        return broken(db)


def broken(db: duckdb.DuckDBPyConnection) -> list[Failing]:
    """The rows that break a rule, by rule and id, of what `setup` or the like made in `db`."""
    return [row for rule, query in load_queries().items() for row in _asked(db, rule, query)]


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
        return f"read_parquet({literal(str(table))})"
    db.register(f"rows_{name}", table)
    return f"rows_{name}"


def _asked(db: duckdb.DuckDBPyConnection, rule: str, query: str) -> list[Failing]:
    rows = run(db, f"SELECT * FROM ({query.rstrip().rstrip(';')}) ORDER BY ALL").fetchall()
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
