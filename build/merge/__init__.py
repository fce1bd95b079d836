"""Raw rows to published tables: rows of one key merged, derived values computed, all checked.

Runs in an embedded DuckDB, which sorts and joins out of core under a memory limit. Nothing here
depends on the order of the rows that come in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.registry import Registry, registry_tables, victim_sets
from dateline.build.assemble.summary import rule_tables
from dateline.build.issues import Issue
from dateline.build.merge import sql
from dateline.build.merge.checks import CHECKS, DERIVED
from dateline.build.merge.report import Reporter
from dateline.build.rules import CONFIG, broken, facts, failures, look, shared, vocabularies
from dateline.schema import Codebook, Table
from dateline.schema.arrow import arrow_schema

_FOLDER = Path(__file__).parent
_MERGED = ("actors", "incidents", "participants")
_CHECKED = ("articles", *_MERGED, "statements", "casualties")


@dataclass(frozen=True)
class Merged:
    """The tables by name, sorted by primary key, and what is wrong with them.

    There are none where merging has failed; where rows break a rule over tables, they are there.
    """

    tables: dict[str, pa.Table]
    issues: list[Issue]


def merge(
    raw: Mapping[str, pa.Table],
    codebook: Codebook,
    registry: Registry,
    variables: Mapping[str, str | None],
    *,
    require_classified: bool = False,
) -> Merged:
    """The tables of a corpus's raw rows, and the issues that keep them from being published.

    `variables` are what the rules know of the dataset, `estimate_rule` among them: the project's
    rule for claimants that differ (data-model.md section 4). `require_classified` makes a code
    left open an error. Raises EnvironmentFailure where memory or disk do not suffice.
    """
    with (
        failures("the rows could not be merged"),
        tempfile.TemporaryDirectory(prefix="dateline-") as spill,
        duckdb.connect(config={**CONFIG, "temp_directory": spill}) as db,
        ThreadPoolExecutor(1) as beside,
    ):
        # Evidence belongs to one article: nothing of it merges, and most rows are evidence.
        evidence = beside.submit(_in_order, raw["evidence"], codebook.tables["evidence"])
        db.execute("SET VARIABLE estimate_rule = ?", [variables["estimate_rule"]])
        _load(db, raw, codebook, registry)
        reporter = Reporter(db, codebook)
        reporter.repeated_articles()
        if reporter.issues:
            return Merged({}, reporter.issues)
        _merge_and_check(db, codebook, reporter, require_classified=require_classified)
        whole = not any(issue.severity == "error" for issue in reporter.issues)
        _ask(db, codebook, variables, reporter)
        if not whole:
            return Merged({}, reporter.issues)
        rows = {
            name: db.sql(sql.selected(codebook.tables[name])).to_arrow_table() for name in _CHECKED
        }
        rows["evidence"] = evidence.result()
        tables = {
            name: rows[name].cast(arrow_schema(table)) for name, table in codebook.tables.items()
        }
        return Merged(tables, reporter.issues)


def _ask(
    db: duckdb.DuckDBPyConnection,
    codebook: Codebook,
    variables: Mapping[str, str | None],
    reporter: Reporter,
) -> None:
    """Reports the merged rows that break a rule; what a package has to derive is known here."""
    with _seen(db, codebook):
        db.execute(shared(codebook, variables))
        db.execute((_FOLDER / "known.sql").read_text("utf-8"))
        reporter.failing(broken(db))


@contextmanager
def _seen(db: duckdb.DuckDBPyConnection, codebook: Codebook) -> Iterator[None]:
    """Stands a view before each table, with its rows as the rules see them, for a while."""
    relations = {name: f"memory.main.{name}" for name in _CHECKED}
    look(db, codebook, {**relations, "evidence": "asked_evidence"})
    yield
    for name in (*_CHECKED, "evidence"):
        db.execute(f"DROP VIEW temp.{name}")


def _merge_and_check(
    db: duckdb.DuckDBPyConnection,
    codebook: Codebook,
    reporter: Reporter,
    *,
    require_classified: bool,
) -> None:
    _merge_entities(db, codebook, reporter)
    _derive(db, codebook, reporter)
    for check in CHECKS:
        reporter.run(check)
    for name in _CHECKED:
        reporter.missing(codebook.tables[name])
        if require_classified:
            reporter.left_open(codebook.tables[name])


def _in_order(rows: pa.Table, table: Table) -> pa.Table:
    """The rows as they are published, sorted by primary key."""
    order = pc.sort_indices(rows[table.primary_key])
    return rows.combine_chunks().take(order).cast(arrow_schema(table))


def _load(
    db: duckdb.DuckDBPyConnection,
    raw: Mapping[str, pa.Table],
    codebook: Codebook,
    registry: Registry,
) -> None:
    for name, table in raw.items():
        db.register(f"in_{name}", table)
    asked = rule_tables(raw["evidence"], raw["statements"], codebook)
    db.register("evidence_summary", asked["evidence_summary"])
    db.register("annotators", asked["annotators"])
    db.register("asked_evidence", asked["evidence"])
    for name, table in registry_tables(registry, codebook).items():
        db.register(f"registry_{name}", table)
    links, pairs = victim_sets(registry)
    db.register("set_links", links)
    db.register("set_pairs", pairs)
    vocabularies(db, codebook)
    db.execute((_FOLDER / "load.sql").read_text("utf-8"))


def _merge_entities(db: duckdb.DuckDBPyConnection, codebook: Codebook, reporter: Reporter) -> None:
    for name in _MERGED:
        table = codebook.tables[name]
        db.execute(f"CREATE TEMP TABLE repeated_{name} AS {sql.repeated(table)}")
        db.execute(f"CREATE TABLE {name} AS {sql.unrepeated(table)}")
        # Most keys have one row, for which nothing need be compared.
        if db.execute(f"FROM repeated_{name} LIMIT 1").fetchone() is not None:
            db.execute(f"INSERT INTO {name} {sql.united(table)}")
            reporter.disagreements(table, sql.conflicts(table), own_words=False)
            if name != "participants":
                reporter.disagreements(table, sql.rewordings(table), own_words=True)
        db.execute(f"DROP TABLE repeated_{name}")


def _derive(db: duckdb.DuckDBPyConnection, codebook: Codebook, reporter: Reporter) -> None:
    for script in ("entities", "supersedes"):
        db.execute((_FOLDER / f"{script}.sql").read_text("utf-8"))
    with _seen(db, codebook):
        db.execute(facts())
    reporter.run(DERIVED)
    db.execute((_FOLDER / "settle.sql").read_text("utf-8"))
    for name in (*_MERGED, "statements", "casualties"):
        for statement in sql.open_codes(codebook.tables[name]):
            db.execute(statement)
