"""What rows promise of each other: unique keys and references, asked of the Parquet by DuckDB.

DuckDB keeps to its memory limit and spills, however many rows there are.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb

from dateline.build.issues import EnvironmentFailure, Issue, Place, shown
from dateline.build.verify.broken import EXAMPLES, Broken, issues
from dateline.build.verify.opened import Pair
from dateline.schema import Table


def key_issues(folder: Path, pairs: Sequence[Pair]) -> list[Issue]:
    """The rows that repeat a unique key or refer to no row; tables without a Parquet are left out.

    The order of primary keys proves them unique: it is checked where rows are read.
    """
    found: list[Issue] = []
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute("SET temp_directory = ?", [spill])
        connection.execute("SET memory_limit = '1GB'")
        names: set[str] = set()
        for pair in pairs:
            with _failures(pair, found):
                _view(connection, pair.table.name, folder / pair.parquet.path)
                names.add(pair.table.name)
        for pair in pairs:
            if pair.table.name in names:
                with _failures(pair, found):
                    rows = [*_repeated(connection, pair.table)]
                    rows += _dangling(connection, pair.table, names)
                    found += issues(rows, pair.csv.path, folder / pair.csv.path)
    return found


@contextlib.contextmanager
def _failures(pair: Pair, found: list[Issue]) -> Iterator[None]:
    """Add an issue where DuckDB does not read a table's Parquet, though pyarrow does."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise EnvironmentFailure(f"the keys of {pair.table.name}: {error}") from error
    except duckdb.Error as error:
        words = str(error).partition("\n")[0]
        message = f"expected a Parquet file that DuckDB reads, got {words}"
        found.append(Issue("package-parquet-schema", message, (Place(pair.parquet.path),)))


def _view(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    source = str(path).replace("'", "''")
    connection.execute(
        f"CREATE VIEW {_quoted(name)} AS "
        f"SELECT * FROM read_parquet('{source}', file_row_number = true)"
    )


def _repeated(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Broken]:
    single = [
        (field.name,)
        for field in table.fields
        if field.descriptor.get("constraints", {}).get("unique") and field.name != table.primary_key
    ]
    for key in (*single, *table.unique_keys):
        rows, columns = _quoted(table.name), ", ".join(map(_quoted, key))
        # Null is no value: it repeats nothing.
        given = " AND ".join(f"{_quoted(name)} IS NOT NULL" for name in key)
        query = (
            f"WITH repeated AS (SELECT {columns}, min(file_row_number) AS first_row FROM {rows} "
            f"WHERE {given} GROUP BY {columns} HAVING count(*) > 1) "
            f"SELECT file_row_number AS row, first_row, {columns} FROM {rows} "
            f"JOIN repeated USING ({columns}) WHERE file_row_number > first_row"
        )
        yield from _failing(connection, "package-unique", ", ".join(key), query, _again)


def _again(first: int, *values: object) -> str:
    return f"expected it once, got {', '.join(map(shown, values))} again after row {first + 1}"


def _dangling(
    connection: duckdb.DuckDBPyConnection, table: Table, names: set[str]
) -> Iterator[Broken]:
    for key in table.foreign_keys:
        if key.table not in names:
            continue
        # Said of null too: it is not in an empty table.
        query = (
            f"SELECT file_row_number AS row, {_quoted(key.field)} FROM {_quoted(table.name)} "
            f"WHERE {_quoted(key.field)} IS NOT NULL AND {_quoted(key.field)} NOT IN "
            f"(SELECT {_quoted(key.reference)} FROM {_quoted(key.table)} "
            f"WHERE {_quoted(key.reference)} IS NOT NULL)"
        )
        expected = f"expected a {key.reference} of {key.table}"

        def message(value: object, expected: str = expected) -> str:
            return f"{expected}, got {shown(value)}"

        yield from _failing(connection, "package-foreign-key", key.field, query, message)


def _failing(
    connection: duckdb.DuckDBPyConnection,
    rule: str,
    column: str,
    query: str,
    message: Callable[..., str],
) -> Iterator[Broken]:
    """What a query finds whose first column is the row and whose others `message` takes."""
    count = connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]
    if count:
        first = connection.execute(f"{query} ORDER BY row LIMIT {EXAMPLES}").fetchall()
        examples = tuple((row, f"{column}: {message(*values)}") for row, *values in first)
        yield Broken(rule, column, examples, count)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
