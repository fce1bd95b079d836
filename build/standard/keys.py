"""The keys of all tables, asked of DuckDB, which keeps to its memory and spills the rest."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.issues import EnvironmentFailure

_MEMORY = "384MB"
_AT_ONCE = 4_000_000
_HELD = 128 << 20


class Keys:
    """The key columns of tables by number; a context manager that drops them at its end."""

    def __init__(self, spill: Path, held: int = _HELD, at_once: int = _AT_ONCE) -> None:
        """`spill` is a folder for what memory does not hold.

        No database is asked for keys of `held` bytes unless one is broken; a query takes some
        `at_once` rows.
        """
        self._spill = spill
        self._most = held
        self._at_once = at_once
        self._columns: dict[int, tuple[str, ...]] = {}
        # Small tables that break no key are done with before a database has even started.
        self._held: dict[int, list[pa.Table]] = {}
        self._size = 0
        self._count: dict[int, int] = {}
        self._database: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Keys:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._database is not None:
            self._database.close()

    def create(self, table: int, fields: Sequence[str]) -> None:
        """Make a table of these fields, empty."""
        self._columns[table] = tuple(fields)
        self._held[table] = []
        self._count[table] = 0
        if self._database is not None:
            self._create(table, self._database)

    def add(self, table: int, first: int, columns: Sequence[pa.Array]) -> None:
        """Add rows of a table, the first of them with number `first`."""
        names = [f"c{at}" for at in range(len(columns))]
        rows = pa.arange(first, first + len(columns[0]))
        batch = pa.table([rows, *columns], ["row", *names])
        self._count[table] += len(batch)
        if self._database is not None:
            with _failures():
                _insert(table, batch, self._database)
            return
        self._held[table].append(batch)
        self._size += batch.nbytes
        if self._size > self._most:
            with _failures():
                self._connection()

    def _connection(self) -> duckdb.DuckDBPyConnection:
        """The database with all that was held."""
        if self._database is None:
            self._database = _started(self._spill)
            for table, batches in self._held.items():
                self._create(table, self._database)
                for batch in batches:
                    _insert(table, batch, self._database)
                batches.clear()
        return self._database

    def _create(self, table: int, database: duckdb.DuckDBPyConnection) -> None:
        columns = "".join(f", c{at} VARCHAR" for at in range(len(self._columns[table])))
        database.execute(f"CREATE TABLE t{table} (row BIGINT{columns})")

    def _in_memory(self, table: int, fields: Sequence[str]) -> pa.ChunkedArray | None:
        """The only column of a key without its nulls, null where it is not held in memory."""
        if self._database is not None or len(fields) != 1:
            return None
        name = self._column(table, fields[0])
        chunks = [batch.column(name) for batch in self._held[table]]
        if not chunks:
            return pa.chunked_array([], pa.string())
        return pa.chunked_array([c for column in chunks for c in column.chunks]).drop_null()

    def repeated(self, table: int, fields: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Rows whose key stands in a row before, and that row; no null in a key."""
        held = self._in_memory(table, fields)
        if held is not None and len(pc.unique(held)) == len(held):
            return
        key = [self._column(table, field) for field in fields]
        same = " AND ".join(f"a.{column} = b.{column}" for column in key)
        order = ", ".join(f"a.{column}" for column in key)
        for rows in self._parts(table, key):
            again = f"SELECT {', '.join(key)} FROM {rows} GROUP BY ALL HAVING count(*) > 1"
            # Most keys repeat nothing: then there is no need to look for rows.
            if self._asked(f"{again} LIMIT 1").fetchone() is not None:
                yield from self._rows(
                    f"WITH b AS ({again}) SELECT * FROM (SELECT a.row AS row, "
                    f"lag(a.row) OVER (PARTITION BY {order} ORDER BY a.row) AS earlier "
                    f"FROM {rows} AS a JOIN b ON {same}) WHERE earlier IS NOT NULL ORDER BY row"
                )

    def dangling(
        self, table: int, fields: Sequence[str], target: int, reference: Sequence[str], alike: bool
    ) -> Iterator[tuple[int, ...]]:
        """Rows whose key is in no row of the target; keys with a null part are left out.

        `alike` says that the values of both may be equal at all.
        """
        held, others = self._in_memory(table, fields), self._in_memory(target, reference)
        if held is not None and others is not None and alike and _all_in(held, others):
            return
        mine = [self._column(table, field) for field in fields]
        theirs = [self._column(target, field) for field in reference]
        same = " AND ".join(f"a.{m} = b.{t}" for m, t in zip(mine, theirs, strict=True))
        most = max(self._count[table], self._count[target])
        for rows, known in zip(
            self._parts(table, mine, most), self._parts(target, theirs, most), strict=True
        ):
            missing = f"NOT EXISTS (SELECT 1 FROM {known} AS b WHERE {same})" if alike else "true"
            yield from self._rows(f"SELECT a.row FROM {rows} AS a WHERE {missing} ORDER BY a.row")

    def _parts(self, table: int, key: Sequence[str], most: int = 0) -> Iterator[str]:
        """Queries that together give the rows of a table whose key has no null, each key in one.

        What a query holds of its rows follows their number, and memory is bounded.
        """
        count = 1 + max(self._count[table], most) // self._at_once
        given = " AND ".join(f"{column} IS NOT NULL" for column in key)
        for part in range(count):
            share = f" AND hash({', '.join(key)}) % {count} = {part}" if count > 1 else ""
            yield f"(SELECT row, {', '.join(key)} FROM t{table} WHERE {given}{share})"

    def _column(self, table: int, field: str) -> str:
        return f"c{self._columns[table].index(field)}"

    def _rows(self, query: str) -> Iterator[tuple[int, ...]]:
        cursor = self._asked(query)
        while rows := cursor.fetchmany(10_000):
            yield from rows

    def _asked(self, query: str) -> duckdb.DuckDBPyConnection:
        with _failures():
            return self._connection().execute(query)


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """EnvironmentFailure where memory or the disk do not suffice."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise EnvironmentFailure(f"the keys of the tables: {error}") from error


def _all_in(held: pa.ChunkedArray, others: pa.ChunkedArray) -> bool:
    known = pc.is_in(pc.unique(held), pc.unique(others))
    return bool(pc.all(known, min_count=0).as_py())


def _started(spill: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            "memory_limit": _MEMORY,
            "temp_directory": str(spill),
            # Tables are made, asked once and dropped: nothing is to be rewritten.
            "checkpoint_threshold": "1TB",
            "threads": 2,
            "preserve_insertion_order": False,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
        }
    )


def _insert(table: int, batch: pa.Table, database: duckdb.DuckDBPyConnection) -> None:
    database.register("batch", batch)
    database.execute(f"INSERT INTO t{table} SELECT * FROM batch")
    database.unregister("batch")
