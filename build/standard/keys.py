"""The keys of all tables, asked of DuckDB, which keeps to its memory and spills the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

_MEMORY = "384MB"


class Keys:
    """The key columns of tables by name; a context manager that drops them at its end."""

    def __init__(self, spill: Path) -> None:
        """`spill` is a folder for what memory does not hold."""
        self._connection = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "temp_directory": str(spill),
                "threads": 2,
                "preserve_insertion_order": False,
                "autoload_known_extensions": False,
                "autoinstall_known_extensions": False,
            }
        )
        self._columns: dict[int, tuple[str, ...]] = {}

    def __enter__(self) -> Keys:
        return self

    def __exit__(self, *failure: object) -> None:
        self._connection.close()

    def create(self, table: int, fields: Sequence[str]) -> None:
        """Make a table of these fields, empty."""
        self._columns[table] = tuple(fields)
        columns = "".join(f", c{at} VARCHAR" for at in range(len(fields)))
        self._connection.execute(f"CREATE TABLE t{table} (row BIGINT{columns})")

    def add(self, table: int, first: int, columns: Sequence[pa.Array]) -> None:
        """Add rows of a table, the first of them with number `first`."""
        count = len(columns[0])
        batch = pa.table(
            [pa.arange(first, first + count), *columns],
            ["row", *(f"c{at}" for at in range(len(columns)))],
        )
        self._connection.register("batch", batch)
        self._connection.execute(f"INSERT INTO t{table} SELECT * FROM batch")
        self._connection.unregister("batch")

    def repeated(self, table: int, fields: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Rows whose key stands in a row before, and that row, in order; no null in a key."""
        key = [self._column(table, field) for field in fields]
        names, given = ", ".join(key), " AND ".join(f"{column} IS NOT NULL" for column in key)
        again = f"SELECT {names} FROM t{table} WHERE {given} GROUP BY {names} HAVING count(*) > 1"
        # Most keys repeat nothing: then there is no need to look for rows.
        if self._connection.execute(f"{again} LIMIT 1").fetchone() is None:
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
        cursor = self._connection.execute(query)
        while rows := cursor.fetchmany(10_000):
            yield from rows
