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
from dateline.build.assemble.ids import PAIRS
from dateline.build.assemble.registry import Registry, registry_tables, victim_sets
from dateline.build.assemble.summary import asked_schemas
from dateline.build.issues import Issue
from dateline.build.merge import sql
from dateline.build.merge.checks import CHECKS, DERIVED
from dateline.build.merge.report import Reporter
from dateline.build.rules import CONFIG, broken, facts, failures, look, run, shared, vocabularies
from dateline.schema import Codebook, Table

_FOLDER = Path(__file__).parent
_MERGED = ("actors", "incidents", "participants")
_CHECKED = ("articles", *_MERGED, "statements", "casualties")
_ROWS = 1 << 14
# Rows that share their keys with others, of which one query makes one for each key.
_UNITED = 500_000
# Rows of which one query sorts the most: all that it sorts is in memory or read from disk at once.
_SORTED = 1_500_000
# A checkpoint, which rewrites tables, is of no use to one run.
_CONFIG = {**CONFIG, "memory_limit": "300MB", "checkpoint_threshold": "1TB"}
# Workers need memory beside it: less is left while all map, more once the evidence is written.
# Megabytes for up to 300,000 articles, and for 1,300,000 and more: all processes need 2 GiB then.
_MERGING, _ALONE = (400, 450), (500, 600)


@contextmanager
def database(codebook: Codebook, spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for one merge, without rows; what does not fit into its memory goes to `spill`.

    What is done with it raises EnvironmentFailure where memory or disk do not suffice.
    """
    with (
        failures("the rows could not be merged"),
        duckdb.connect(config={**_CONFIG, "temp_directory": str(spill)}) as db,
    ):
        for name, schema in merged_schemas(codebook).items():
            db.register("none", schema.empty_table())
            db.execute(f"CREATE TABLE in_{name} AS FROM none")
            db.unregister("none")
        yield db


def merged_schemas(codebook: Codebook) -> dict[str, pa.Schema]:
    """The schemas of what a merge takes by name: raw rows of all tables but evidence, of which it
    takes what the rules ask."""
    raw = {name: each for name, each in raw_schemas(codebook).items() if name in _CHECKED}
    return raw | asked_schemas(codebook)


def add(db: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Adds rows of one of the names of `merged_schemas`."""
    db.register("more", rows)
    run(db, f"INSERT INTO in_{name} FROM more")
    db.unregister("more")


def widen(db: duckdb.DuckDBPyConnection) -> None:
    """Lets the database have the memory of workers that are done; any thread may call it."""
    with db.cursor() as own:
        _limit(own, *_ALONE, _count(own, "articles"))


def prepare(
    db: duckdb.DuckDBPyConnection,
    codebook: Codebook,
    registry: Registry,
    variables: Mapping[str, str | None],
) -> list[Issue]:
    """The issues because of which the raw rows that were added cannot be merged.

    `variables` are what the rules know of the dataset, `estimate_rule` among them: the project's
    rule for claimants that differ (data-model.md section 4).
    """
    _limit(db, *_MERGING, _count(db, "in_articles"))
    db.execute("SET VARIABLE estimate_rule = ?", [variables["estimate_rule"]])
    _load(db, codebook, registry)
    reporter = Reporter(db, codebook)
    reporter.repeated_articles()
    return reporter.issues


def merge(
    db: duckdb.DuckDBPyConnection, codebook: Codebook, *, require_classified: bool = False
) -> list[Issue]:
    """What is wrong with rows once they are merged, which makes the tables of `sorted_rows`.

    Call it after `prepare` has found nothing. `require_classified` makes a code left open an error.
    """
    reporter = Reporter(db, codebook)
    _merge_and_check(db, codebook, reporter, require_classified=require_classified)
    return reporter.issues


def ask(
    db: duckdb.DuckDBPyConnection, codebook: Codebook, variables: Mapping[str, str | None]
) -> list[Issue]:
    """The merged rows that break a rule over tables; call it after `merge`."""
    reporter = Reporter(db, codebook)
    with _seen(db, codebook):
        run(db, shared(codebook, variables))
        # What a package has to derive is known here.
        run(db, (_FOLDER / "known.sql").read_text("utf-8"))
        reporter.failing(broken(db))
    return reporter.issues


def sorted_rows(db: duckdb.DuckDBPyConnection, table: Table) -> Iterator[pa.Table]:
    """The rows of a merged table by primary key, some thousands at a time.

    They may be read in another thread while the rules are asked.
    """
    with db.cursor() as own:
        parts = -(-_count(own, table.name) // _SORTED) or 1
        for query in sql.selected(table, min(parts, len(PAIRS))):
            reader: pa.RecordBatchReader = own.sql(query).to_arrow_reader(_ROWS)
            for batch in reader:
                yield pa.Table.from_batches([batch])


def counted(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows each merged table has."""
    return {name: _count(db, name) for name in _CHECKED}


def _limit(db: duckdb.DuckDBPyConnection, few: int, many: int, articles: int) -> None:
    share = min(max(articles - 300_000, 0) / 1_000_000, 1)
    db.execute(f"SET memory_limit = '{few + round(share * (many - few))}MB'")


def _count(db: duckdb.DuckDBPyConnection, name: str) -> int:
    rows: list[tuple[int]] = db.execute(f"SELECT count(*) FROM {name}").fetchall()
    return rows[0][0]


@contextmanager
def _seen(db: duckdb.DuckDBPyConnection, codebook: Codebook) -> Iterator[None]:
    """Stands a view before each table, with its rows as the rules see them, for a while."""
    relations = {name: f"memory.main.{name}" for name in _CHECKED}
    look(db, codebook, {**relations, "evidence": "in_asked_evidence"})
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


def _load(db: duckdb.DuckDBPyConnection, codebook: Codebook, registry: Registry) -> None:
    for name, table in registry_tables(registry, codebook).items():
        db.register(f"registry_{name}", table)
    links, pairs = victim_sets(registry)
    db.register("set_links", links)
    db.register("set_pairs", pairs)
    vocabularies(db, codebook)
    run(db, (_FOLDER / "load.sql").read_text("utf-8"))


def _merge_entities(db: duckdb.DuckDBPyConnection, codebook: Codebook, reporter: Reporter) -> None:
    for name in _MERGED:
        table = codebook.tables[name]
        run(db, f"CREATE TEMP TABLE repeated_{name} AS {sql.repeated(table)}")
        run(db, f"CREATE TABLE {name} AS {sql.unrepeated(table)}")
        # Most keys have one row, for which nothing need be compared.
        _unite(db, table, reporter)
        db.execute(f"DROP TABLE repeated_{name}")


def _unite(db: duckdb.DuckDBPyConnection, table: Table, reporter: Reporter) -> None:
    """Adds a row for each key that has several; a query holds all its groups: some at a time."""
    name = table.name
    parts = -(-_count(db, f"repeated_{name}") // _UNITED)
    for part in range(parts):
        db.execute(f"CREATE OR REPLACE TEMP VIEW share_{name} AS {sql.share(table, part, parts)}")
        run(db, f"INSERT INTO {name} {sql.united(table)}")
        reporter.disagreements(table, sql.conflicts(table), own_words=False)
        if name != "participants":
            reporter.disagreements(table, sql.rewordings(table), own_words=True)


def _derive(db: duckdb.DuckDBPyConnection, codebook: Codebook, reporter: Reporter) -> None:
    for script in ("entities", "supersedes"):
        run(db, (_FOLDER / f"{script}.sql").read_text("utf-8"))
    with _seen(db, codebook):
        run(db, facts())
    reporter.run(DERIVED)
    run(db, (_FOLDER / "settle.sql").read_text("utf-8"))
    for name in (*_MERGED, "statements", "casualties"):
        statement = sql.open_codes(codebook.tables[name])
        if statement and db.execute(f"FROM {name} WHERE _open LIMIT 1").fetchone() is not None:
            run(db, statement)
