"""DuckDB files as a target: `duckdb:FOLDER`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb

from dateline.build.describe import SQL_TYPES
from dateline.build.targets.database_file import DatabaseFiles, PackageRow, failures
from dateline.build.targets.folder import folder_of
from dateline.build.targets.tables import (
    PACKAGE,
    PACKAGE_COLUMNS,
    Table,
    comments,
    content_of,
    create_table,
    quoted,
)
from dateline.build.targets.target import Progress, Target

_ROWS = 1 << 17


@contextmanager
def opened(dest: str) -> Iterator[Target]:
    """The target of a folder of DuckDB files."""
    folder = folder_of(dest)
    with ExitStack() as stack, failures(folder, duckdb.Error):
        yield DatabaseFiles(folder, _DuckDB(), stack)


class _DuckDB:
    suffix = ".duckdb"

    def load(self, file: Path, table: Table, progress: Progress) -> None:
        """Adds a table; its key is checked when all its rows are there."""
        with duckdb.connect(str(file)) as connection:
            connection.execute(create_table(table, SQL_TYPES, quoted(table.name)))
            connection.register("given", table.batches(progress))
            connection.execute(f"INSERT INTO {quoted(table.name)} SELECT * FROM given")

    def digest(self, file: Path, table: Table) -> str:
        """The digest of a table's rows."""
        with duckdb.connect(str(file), read_only=True) as connection:
            order = ", ".join(map(quoted, table.key))
            rows = connection.sql(f"SELECT * FROM {quoted(table.name)} ORDER BY {order}")
            return content_of(table.schema, rows.to_arrow_reader(_ROWS))

    def complete(self, file: Path, tables: Sequence[Table], row: PackageRow) -> None:
        """Adds primary keys, comments and the descriptor."""
        with duckdb.connect(str(file)) as connection:
            for table in tables:
                key = ", ".join(map(quoted, table.key))
                connection.execute(f"ALTER TABLE {quoted(table.name)} ADD PRIMARY KEY ({key})")
                for comment in comments(table):
                    connection.execute(comment)
            columns = ", ".join(f"{name} VARCHAR NOT NULL" for name in PACKAGE_COLUMNS)
            connection.execute(f"CREATE TABLE {PACKAGE} ({columns})")
            connection.execute(f"INSERT INTO {PACKAGE} VALUES (?, ?, ?, ?)", row)

    def package(self, file: Path) -> PackageRow | None:
        """The row of the descriptor."""
        try:
            with duckdb.connect(str(file), read_only=True) as connection:
                query = f"SELECT {', '.join(PACKAGE_COLUMNS)} FROM {PACKAGE}"
                found: PackageRow | None = connection.execute(query).fetchone()
                return found
        except duckdb.Error:
            return None
