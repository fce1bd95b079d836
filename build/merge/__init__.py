"""Raw rows to published tables: rows of one key merged, derived values computed, all checked.

Runs in an embedded DuckDB, which sorts and joins out of core under a memory limit. Nothing here
depends on the order of the rows that come in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.evidence import with_subjects
from dateline.build.assemble.registry import Registry, registry_tables, victim_sets
from dateline.build.issues import Issue
from dateline.build.merge import sql
from dateline.build.merge.checks import CHECKS, DERIVED
from dateline.build.merge.report import Reporter
from dateline.build.rules import CONFIG, Written, coded, facts, failing, failures, values
from dateline.schema import Codebook, Table
from dateline.schema.arrow import arrow_schema

_FOLDER = Path(__file__).parent
_MERGED = ("actors", "incidents", "participants")
_CHECKED = ("articles", *_MERGED, "statements", "casualties")
# Vocabularies whose crosswalk columns the scripts read.
_LOOKUPS = ("actor_type", "incident_type")


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
        rows = {
            name: db.sql(sql.selected(codebook.tables[name])).to_arrow_table() for name in _CHECKED
        }
        rows["evidence"] = evidence.result()
        written = Written(
            *(db.sql(query).to_arrow_table() for query in (_DAYS, _ARTICLES, _DERIVED))
        )
        whole = not any(issue.severity == "error" for issue in reporter.issues)
        reporter.failing(failing(rows, codebook, variables, written))
        if not whole:
            return Merged({}, reporter.issues)
        tables = {
            name: rows[name].cast(arrow_schema(table)) for name, table in codebook.tables.items()
        }
        return Merged(tables, reporter.issues)


_DAYS = "SELECT article_id, _published AS day FROM articles WHERE _published IS NOT NULL"
_DERIVED = "FROM derived"
# What the script asks of evidence.
_EVIDENCE = """
CREATE TEMP VIEW evidence AS SELECT article_id,
  if(subject = 'incident_id', subject_id, NULL) AS incident_id,
  if(subject = 'participant_id', subject_id, NULL) AS participant_id
FROM in_evidence
"""
_ARTICLES = " UNION ".join(
    f"SELECT {table.removesuffix('s')}_id, _article FROM raw_{table} WHERE _article IS NOT NULL"
    for table in _MERGED
)


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
    rows = with_subjects(rows.combine_chunks().take(order))
    return rows.select(table.names).cast(arrow_schema(table))


def _load(
    db: duckdb.DuckDBPyConnection,
    raw: Mapping[str, pa.Table],
    codebook: Codebook,
    registry: Registry,
) -> None:
    for name, table in raw.items():
        db.register(f"in_{name}", table)
    for name, table in registry_tables(registry, codebook).items():
        db.register(f"registry_{name}", table)
    links, pairs = victim_sets(registry)
    db.register("set_links", links)
    db.register("set_pairs", pairs)
    for name in _LOOKUPS:
        db.register(f"vocab_{name}", values(codebook.vocabularies[name]))
    db.execute((_FOLDER / "load.sql").read_text("utf-8"))


def _merge_entities(db: duckdb.DuckDBPyConnection, codebook: Codebook, reporter: Reporter) -> None:
    for name in _MERGED:
        table = codebook.tables[name]
        db.execute(f"CREATE TABLE {name} AS {sql.merge_table(table)}")
        reporter.disagreements(table, sql.conflicts(table), own_words=False)
        if name != "participants":
            reporter.disagreements(table, sql.rewordings(table), own_words=True)


def _derive(db: duckdb.DuckDBPyConnection, codebook: Codebook, reporter: Reporter) -> None:
    for script in ("entities", "supersedes"):
        db.execute((_FOLDER / f"{script}.sql").read_text("utf-8"))
    _compute(db, codebook)
    reporter.run(DERIVED)
    db.execute((_FOLDER / "settle.sql").read_text("utf-8"))
    for name in (*_MERGED, "statements", "casualties"):
        for statement in sql.open_codes(codebook.tables[name]):
            db.execute(statement)


def _compute(db: duckdb.DuckDBPyConnection, codebook: Codebook) -> None:
    """Makes the table `derived`, by the script that the rules over published tables ask too.

    A view before each table gives the script codes as the rules see them.
    """
    for name in _CHECKED:
        view = coded(codebook.tables[name], codebook, f"memory.main.{name}")
        db.execute(f"CREATE TEMP VIEW {name} AS {view}")
    db.execute(_EVIDENCE)
    db.execute(facts())
    for name in _CHECKED:
        db.execute(f"DROP VIEW temp.{name}")
