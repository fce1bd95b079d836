"""SQLite files as a target: `sqlite:FOLDER`.

Lists are JSON text, dates and instants ISO text, booleans 0 and 1: it has no types for them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import adbc_driver_manager
import adbc_driver_sqlite.dbapi
import orjson
import pyarrow as pa

from dateline.build.issues import RemoteFailure
from dateline.build.targets.database_file import DatabaseFiles, PackageRow, failures
from dateline.build.targets.folder import folder_of
from dateline.build.targets.tables import (
    PACKAGE,
    PACKAGE_COLUMNS,
    Table,
    content_of,
    create_table,
    keys,
    quoted,
    references,
)
from dateline.build.targets.target import Progress, Target
from dateline.build.write import csv_cells

_ROWS = 1 << 14
_TYPES = {
    "string": "TEXT",
    "int16": "INTEGER",
    "int32": "INTEGER",
    "int64": "INTEGER",
    # None: a column of the type REAL makes 0 of -0.
    "float": "",
    "double": "",
    "bool": "INTEGER",
    "date32[day]": "TEXT",
    "timestamp[us, tz=UTC]": "TEXT",
    "list<item: string>": "TEXT",
    "list<element: string>": "TEXT",
}


@contextmanager
def opened(dest: str) -> Iterator[Target]:
    """The target of a folder of SQLite files."""
    folder = folder_of(dest)
    with ExitStack() as stack, failures(folder, sqlite3.Error, adbc_driver_manager.Error):
        yield DatabaseFiles(folder, _SQLite(), stack)


class _SQLite:
    suffix = ".sqlite"

    def load(self, file: Path, table: Table, progress: Progress) -> None:
        """Adds a table with its keys."""
        constraints = [*keys(table), *references(table)]
        with closing(sqlite3.connect(file)) as plain, plain:
            plain.execute(create_table(table, _TYPES, quoted(table.name), constraints))
        with adbc_driver_sqlite.dbapi.connect(str(file)) as adbc, adbc.cursor() as cursor:
            cursor.adbc_ingest(table.name, _as_stored(table, progress), mode="append")
            adbc.commit()

    def digest(self, file: Path, table: Table) -> str:
        """The digest of a table's rows, read by the library of Python's own."""
        order = ", ".join(map(quoted, table.key))
        with _read(file) as connection:
            rows = connection.execute(f"SELECT * FROM {quoted(table.name)} ORDER BY {order}")
            return content_of(table.schema, _tables(rows, table.schema))

    def complete(self, file: Path, tables: Sequence[Table], row: PackageRow) -> None:
        """Checks the foreign keys and adds the descriptor."""
        columns = ", ".join(f"{name} TEXT NOT NULL" for name in PACKAGE_COLUMNS)
        with closing(sqlite3.connect(file)) as connection, connection:
            if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
                raise RemoteFailure(f"{file}: a row of {broken[0]} refers to none of {broken[2]}")
            connection.execute(f"CREATE TABLE {PACKAGE} ({columns})")
            connection.execute(f"INSERT INTO {PACKAGE} VALUES (?, ?, ?, ?)", row)

    def package(self, file: Path) -> PackageRow | None:
        """The row of the descriptor."""
        try:
            with _read(file) as connection:
                query = f"SELECT {', '.join(PACKAGE_COLUMNS)} FROM {PACKAGE}"
                found: PackageRow | None = connection.execute(query).fetchone()
                return found
        except sqlite3.Error:
            return None


@contextmanager
def _read(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def _as_stored(table: Table, progress: Progress) -> pa.RecordBatchReader:
    schema = pa.schema([(field.name, _stored(field.type)) for field in table.schema])
    tables = (
        csv_cells(pa.Table.from_batches([batch])).cast(schema) for batch in table.batches(progress)
    )
    batches = (batch for each in tables for batch in each.to_batches())
    return pa.RecordBatchReader.from_batches(schema, batches)


def _stored(kind: pa.DataType) -> pa.DataType:
    """The type that a column is given to the driver as."""
    if pa.types.is_boolean(kind):
        return pa.int8()
    return kind if pa.types.is_integer(kind) or pa.types.is_floating(kind) else pa.string()


def _tables(rows: sqlite3.Cursor, schema: pa.Schema) -> Iterator[pa.Table]:
    while some := rows.fetchmany(_ROWS):
        columns = zip(*some, strict=True)
        arrays = [_column(c, field.type) for c, field in zip(columns, schema, strict=True)]
        yield pa.table(arrays, names=schema.names)


def _column(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    if pa.types.is_list(kind):
        return pa.array([v if v is None else orjson.loads(str(v)) for v in values], kind)
    return pa.array(values, _stored(kind)).cast(kind)
