"""Raw rows to published tables: rows of one key merged, derived values computed, all checked.

Runs in an embedded DuckDB, which sorts and joins out of core under a memory limit. Nothing here
depends on the order of the rows that come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from dateline.build.assemble.columns import raw_schemas
from dateline.build.assemble.registry import Registry, registry_tables, victim_sets
from dateline.build.issues import Issue
from dateline.build.merge import sql
from dateline.build.merge.checks import CHECKS, DERIVED
from dateline.build.merge.report import Reporter
from dateline.build.rules import CONFIG, Written, coded, facts, failing, failures, values
from dateline.schema import Codebook, Table

_FOLDER = Path(__file__).parent
_MERGED = ("actors", "incidents", "participants")
_CHECKED = ("articles", *_MERGED, "statements", "casualties")
_ROWS = 1 << 14
# Vocabularies whose crosswalk columns the scripts read.
_LOOKUPS = ("actor_type", "incident_type")


@contextmanager
def database(codebook: Codebook, spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for one merge, without rows; what does not fit into its memory goes to `spill`.

    What is done with it raises EnvironmentFailure where memory or disk do not suffice.
    """
    with (
        failures("the rows could not be merged"),
        duckdb.connect(config={**CONFIG, "temp_directory": str(spill)}) as db,
    ):
        for name, schema in raw_schemas(codebook).items():
            db.register("none", schema.empty_table())
            db.execute(f"CREATE TABLE in_{name} AS FROM none")
        yield db


def add(db: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Adds raw rows of a table."""
    db.register("more", rows)
    db.execute(f"INSERT INTO in_{name} FROM more")
    db.unregister("more")


def merge(
    db: duckdb.DuckDBPyConnection,
    codebook: Codebook,
    registry: Registry,
    variables: Mapping[str, str | None],
    *,
    require_classified: bool = False,
) -> list[Issue]:
    """What is wrong with the raw rows that were added, once they are merged.

    The tables are those of `sorted_rows` then, unless an issue is an error that merging reports.
    `variables` are what the rules know of the dataset, `estimate_rule` among them: the project's
    rule for claimants that differ (data-model.md section 4). `require_classified` makes a code
    left open an error.
    """
    db.execute("SET VARIABLE estimate_rule = ?", [variables["estimate_rule"]])
    _load(db, codebook, registry)
    reporter = Reporter(db, codebook)
    reporter.repeated_articles()
    if reporter.issues:
        return reporter.issues
    _merge_and_check(db, codebook, reporter, require_classified=require_classified)
    rows = {name: db.sql(sql.selected(codebook.tables[name])).to_arrow_table() for name in _CHECKED}
    rows["evidence"] = db.sql("FROM in_evidence").to_arrow_table()
    written = Written(*(db.sql(query).to_arrow_table() for query in (_DAYS, _ARTICLES, _DERIVED)))
    reporter.failing(failing(rows, codebook, variables, written))
    return reporter.issues


def sorted_rows(db: duckdb.DuckDBPyConnection, table: Table) -> Iterator[pa.Table]:
    """The rows of a merged table by primary key, some thousands at a time."""
    reader: pa.RecordBatchReader = db.sql(sql.selected(table)).to_arrow_reader(_ROWS)
    for batch in reader:
        yield pa.Table.from_batches([batch])


def counted(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows each merged table has."""
    found = {name: db.execute(f"SELECT count(*) FROM {name}").fetchall() for name in _CHECKED}
    return {name: rows[0][0] for name, rows in found.items()}


_DAYS = "SELECT article_id, _published AS day FROM articles WHERE _published IS NOT NULL"
_DERIVED = "FROM derived"
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


def _load(db: duckdb.DuckDBPyConnection, codebook: Codebook, registry: Registry) -> None:
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
    db.execute("CREATE TEMP VIEW evidence AS FROM in_evidence")
    db.execute(facts())
    for name in _CHECKED:
        db.execute(f"DROP VIEW temp.{name}")
