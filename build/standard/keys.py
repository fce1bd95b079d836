"""The keys of all tables, asked of DuckDB, which keeps to its memory and spills the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

_MEMORY = "384MB"
# Bytes of keys for which no database is asked unless one is broken.
_HELD = 128 << 20


class Keys:
    """The key columns of tables by number; a context manager that drops them at its end."""

    def __init__(self, spill: Path) -> None:
        """`spill` is a folder for what memory does not hold."""
        self._spill = spill
        self._columns: dict[int, tuple[str, ...]] = {}
        # Small tables that break no key are done with before a database has even started.
        self._held: dict[int, list[pa.Table]] = {}
        self._size = 0
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
        if self._database is not None:
            self._create(table, self._database)

    def add(self, table: int, first: int, columns: Sequence[pa.Array]) -> None:
        """Add rows of a table, the first of them with number `first`."""
        names = [f"c{at}" for at in range(len(columns))]
        rows = pa.arange(first, first + len(columns[0]))
        batch = pa.table([rows, *columns], ["row", *names])
        if self._database is not None:
            _insert(table, batch, self._database)
            return
        self._held[table].append(batch)
        self._size += batch.nbytes
        if self._size > _HELD:
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
        """Rows whose key stands in a row before, and that row, in order; no null in a key."""
        held = self._in_memory(table, fields)
        if held is not None and len(pc.unique(held)) == len(held):
            return
        key = [self._column(table, field) for field in fields]
        names, given = ", ".join(key), " AND ".join(f"{column} IS NOT NULL" for column in key)
        again = f"SELECT {names} FROM t{table} WHERE {given} GROUP BY {names} HAVING count(*) > 1"
        # Most keys repeat nothing: then there is no need to look for rows.
        if self._connection().execute(f"{again} LIMIT 1").fetchone() is None:
            return
        same = " AND ".join(f"a.{column} = b.{column}" for column in key)
        parts = ", ".join(f"a.{column}" for column in key)
        yield from self._rows(
            f"WITH b AS ({again}) SELECT * FROM (SELECT a.row AS row, "
            f"lag(a.row) OVER (PARTITION BY {parts} ORDER BY a.row) AS earlier "
            f"FROM t{table} AS a JOIN b ON {same}) WHERE earlier IS NOT NULL ORDER BY row"
        )

    def dangling(
        self, table: int, fields: Sequence[str], target: int, reference: Sequence[str], alike: bool
    ) -> Iterator[tuple[int, ...]]:
        """Rows whose key is in no row of the target, in order; keys with a null part are left out.

        `alike` says that the values of both may be equal at all.
        """
        held, others = self._in_memory(table, fields), self._in_memory(target, reference)
        if held is not None and others is not None and alike and _all_in(held, others):
            return
        mine = [self._column(table, field) for field in fields]
        theirs = [self._column(target, field) for field in reference]
        given = " AND ".join(f"a.{column} IS NOT NULL" for column in mine)
        same = " AND ".join(f"a.{m} = b.{t}" for m, t in zip(mine, theirs, strict=True))
        missing = f"NOT EXISTS (SELECT 1 FROM t{target} AS b WHERE {same})" if alike else "true"
        yield from self._rows(
            f"SELECT a.row AS row FROM t{table} AS a WHERE {given} AND {missing} ORDER BY row"
        )

    def _column(self, table: int, field: str) -> str:
        return f"c{self._columns[table].index(field)}"

    def _rows(self, query: str) -> Iterator[tuple[int, ...]]:
        cursor = self._connection().execute(query)
        while rows := cursor.fetchmany(10_000):
            yield from rows


def _all_in(held: pa.ChunkedArray, others: pa.ChunkedArray) -> bool:
    known = pc.is_in(pc.unique(held), pc.unique(others))
    return bool(pc.all(known, min_count=0).as_py())


def _started(spill: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            "memory_limit": _MEMORY,
            "temp_directory": str(spill),
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
