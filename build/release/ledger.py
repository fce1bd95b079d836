"""The ledger of a release: what has become of every row since the first one, and why.

It is made in an embedded database, out of core: a release may have as many changes as rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dateline.build.diff.ledger import has_ledger, window_rows
from dateline.build.diff.merge import Window
from dateline.build.diff.tables import Pair
from dateline.build.issues import Issue
from dateline.build.release.entries import Ask, add, prepare, settle
from dateline.build.release.reasons import RULE
from dateline.build.rules import CONFIG, failures, literal, run
from dateline.schema.arrow import arrow_schema

_ROWS = 1 << 16
# Rows that wait for the database, which takes longer with few at a time.
_WAITING = 1 << 17


@dataclass(frozen=True)
class Missing:
    """A row that is gone and that nobody has explained, and a line that would explain it."""

    table: str
    id: str
    line: str


@dataclass(frozen=True)
class Gone:
    """How many rows of a table are withdrawn or merged for one reason, and the first of their ids.

    Each id comes with the one that it is merged into, null where it is not.
    """

    table: str
    change: str
    reason: str
    count: int
    ids: tuple[tuple[str, str | None], ...]


class Ledger:
    """A ledger, whose rows are in a database: `hear` what differs, `settle`, then ask.

    Without a release before there is nothing to hear.
    """

    def __init__(self, db: duckdb.DuckDBPyConnection, ask: Ask, spill: Path) -> None:
        """`db` has all that `prepare` makes; `spill` takes files of its own."""
        self._db, self._ask, self._spill = db, ask, spill
        self._waiting: list[pa.Table] = []
        self._one_at_a_time = Lock()

    def hear(self, pair: Pair, window: Window) -> None:
        """Takes in how some rows of two tables differ; any thread may call it."""
        if has_ledger(pair):
            rows = list(window_rows(pair, window))
            with self._one_at_a_time:
                self._waiting += rows
                if sum(each.num_rows for each in self._waiting) >= _WAITING:
                    self._flush()

    def settle(self) -> None:
        """Makes the ledger, once all is heard."""
        self._flush()
        settle(self._db, self._ask)

    def _flush(self) -> None:
        if self._waiting:
            add(self._db, pa.concat_tables(self._waiting))
            self._waiting.clear()

    @property
    def missing(self) -> list[Missing]:
        """The rows that nobody has explained, by table and id."""
        rows = self._all(
            'SELECT "table", row_id, successor FROM missing LEFT JOIN successors USING (row_id)'
        )
        lines = (
            f"{row_id},withdrawn,,REASON" if to is None else f"{row_id},merged,{to},duplicate"
            for _, row_id, to in rows
        )
        return [Missing(row[0], row[1], line) for row, line in zip(rows, lines, strict=True)]

    @property
    def returned(self) -> list[tuple[str, str]]:
        """Tables and ids of rows that are there though the ledger had them as gone."""
        return self._all("FROM returned")

    @property
    def gone(self) -> list[Gone]:
        """The rows that are withdrawn or merged now, of the tables that people decide about."""
        return [
            Gone(table, change, reason, count, tuple((each["id"], each["to"]) for each in ids))
            for table, change, reason, count, ids in self._all(
                'SELECT "table", change, reason, count(*), '
                "list({'id': row_id, 'to': merged_into_id} ORDER BY row_id)[:20] FROM explained "
                "WHERE \"table\" IN ('articles', 'incidents', 'actors', 'statements') "
                'GROUP BY "table", change, reason'
            )
        ]

    @property
    def wrong(self) -> list[Issue]:
        """The lines of the project that cannot hold for these rows."""
        if not self._ask.reasons:
            return []
        found = self._all(
            """
            SELECT number, CASE
              WHEN row_id IN (SELECT row_id FROM gone) THEN CASE
                WHEN merged_into_id NOT IN (SELECT row_id FROM ids) THEN
                  'expected a row that is there as merged_into_id, got ' || merged_into_id
                  || '; name the row that it lives on in' END
              WHEN row_id IN (SELECT row_id FROM last_state) THEN NULL
              WHEN row_id NOT IN (SELECT row_id FROM ids) THEN
                'expected the id of a row of the release before, got an unknown one; correct it'
              WHEN change <> 'updated' THEN 'expected a row that is gone, got one that is there; '
                || 'take the line out, or the row out of the articles' END AS wrong
            FROM given WHERE wrong IS NOT NULL
            """
        )
        given = self._ask.reasons
        return [Issue(RULE, f"{given[n].row_id}: {wrong}", (given[n].place,)) for n, wrong in found]

    def rows(self) -> Iterator[pa.Table]:
        """All rows by primary key, some thousands at a time; those not explained are left out."""
        file = self._spill / "ledger.parquet"
        run(
            self._db,
            f"COPY (FROM ledger ORDER BY change_id) TO {literal(str(file))} (FORMAT parquet)",
        )
        schema = arrow_schema(self._ask.codebook.ledger)
        with pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(_ROWS):
                yield pa.Table.from_batches([batch]).select(schema.names).cast(schema)

    def _all(self, query: str) -> list[Any]:
        return run(self._db, f"FROM ({query}) ORDER BY ALL").fetchall()


@contextmanager
def ledger(ask: Ask, spill: Path) -> Iterator[Ledger]:
    """The ledger of a release.

    What does not fit into memory goes to `spill`. EnvironmentFailure where that does not suffice.
    """
    with (
        failures("the ledger could not be made"),
        duckdb.connect(config={**CONFIG, "temp_directory": str(spill / "spill")}) as db,
    ):
        prepare(db)
        yield Ledger(db, ask, spill)
