"""PostgreSQL as a target: a version is a schema `NAME_vX_Y_Z`, made in one transaction.

The schema `NAME` holds views of the newest version's tables. Passwords are taken from PGPASSWORD or
`~/.pgpass` alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi

from dateline.build.describe import SQL_TYPES
from dateline.build.issues import RemoteFailure, UsageError
from dateline.build.targets.postgresql_words import (
    has_password,
    limited,
    no_connection,
    refusal,
    shown,
)
from dateline.build.targets.tables import (
    PACKAGE,
    PACKAGE_COLUMNS,
    Table,
    comments,
    content_of,
    create_table,
    keys,
    package_row,
    quoted,
    references,
    table_items,
    tables_of,
)
from dateline.build.targets.target import Item, Progress, Release, State, Target
from dateline.build.versions import is_newer

# The seconds to wait for another run, or for others who read.
_WAIT = 30
# The bytes of a name; more are cut without a word.
_LONGEST = 63
_TYPES = {arrow: sql.replace("VARCHAR", "TEXT") for arrow, sql in SQL_TYPES.items()}


@contextmanager
def opened(dest: str) -> Iterator[Target]:
    """The target of a database; what is not whole at the end of the block never was there.

    UsageError for a password in the address, which everybody sees in the list of processes.
    """
    place = shown(dest)
    if has_password(dest):
        raise UsageError(
            f"{place}: expected an address without a password, got one with it; give it as "
            "PGPASSWORD or in ~/.pgpass"
        )
    try:
        connection = adbc_driver_postgresql.dbapi.connect(limited(dest))
    except adbc_driver_manager.Error as error:
        raise RemoteFailure(f"{place}: {no_connection(str(error))}") from None
    with connection, connection.cursor() as cursor:
        try:
            cursor.execute(f"SET lock_timeout = '{_WAIT}s'")
            yield Database(place, connection, cursor)
        except adbc_driver_manager.Error as error:
            raise RemoteFailure(f"{place}: the database refused: {refusal(error)}") from None


class Database:
    """A database that is connected."""

    def __init__(self, place: str, connection: Any, cursor: Any) -> None:
        self._place, self._connection, self._cursor = place, connection, cursor
        # Whether the transaction has the schema of the version, which nobody else sees.
        self._is_claimed = False

    def shown(self, release: Release) -> str:
        """The database and the schema of the version."""
        return f"{self._place}, schema {_schema(release)}"

    def items(self, release: Release) -> Sequence[Item]:
        """The tables and the descriptor."""
        return table_items(release)

    def state(self, release: Release) -> State:
        """Nothing or all, as a version is made in one transaction."""
        schema = _schema(release)
        if self._is_claimed:
            return "begun"
        if not self._has(schema):
            self._newest(release)
            return "absent"
        known = self._package(schema)
        if known is None or known[2] != package_row(release)[2]:
            raise RemoteFailure(
                f"{self.shown(release)}: is there and holds something else; a published version "
                "never changes: release the data under a new one"
            )
        return "complete"

    def held(self, release: Release, item: Item) -> str | None:
        """The digest of the rows, or of the descriptor, read back."""
        schema = _schema(release)
        if item.path == PACKAGE:
            known = self._package(schema)
            return None if known is None else hashlib.sha256(known[3].encode()).hexdigest()
        table = _named(release, item)
        order = ", ".join(f'{quoted(column)} COLLATE "C"' for column in table.key)
        self._cursor.execute(f"SELECT * FROM {quoted(schema, table.name)} ORDER BY {order}")
        return content_of(table.schema, self._cursor.fetch_record_batch())

    def put(self, release: Release, item: Item, progress: Progress) -> None:
        """Loads a table; the descriptor comes with all keys and ends the transaction."""
        schema = _schema(release)
        tables = tables_of(release)
        if item.path == PACKAGE:
            self._complete(schema, tables, release)
            return
        if item.path == tables[0].name:
            self._claim(release)
            self._is_claimed = True
        table = _named(release, item)
        self._run(create_table(table, _TYPES, quoted(schema, table.name)))
        self._cursor.adbc_ingest(
            table.name, table.batches(progress), mode="append", db_schema_name=schema
        )

    def point(self, release: Release) -> str | None:
        """Moves the views of the schema NAME to a newer version."""
        views, schema = _plain(release.name), _schema(release)
        # Of two that publish at once the second waits here.
        self._run(f"SELECT pg_advisory_xact_lock({_number(views)})")
        newest = self._newest(release)
        if newest is not None and not is_newer(release.version, newest):
            self._connection.rollback()
            return None
        self._run(f"CREATE SCHEMA IF NOT EXISTS {quoted(views)}")
        found = self._asked("SELECT viewname FROM pg_views WHERE schemaname = $1", views)
        for (name,) in found:
            self._run(f"DROP VIEW {quoted(views, name)}")
        for name in (*(table.name for table in tables_of(release)), PACKAGE):
            self._run(f"CREATE VIEW {quoted(views, name)} AS SELECT * FROM {quoted(schema, name)}")
        self._connection.commit()
        return f"schema {views}"

    def _claim(self, release: Release) -> None:
        """Makes the schema, once no other run is about to."""
        schema = _schema(release)
        self._run(f"SELECT pg_advisory_xact_lock({_number(schema)})")
        if self.state(release) == "complete":
            raise RemoteFailure(f"{self.shown(release)}: another run has just published it")
        self._run(f"CREATE SCHEMA {quoted(schema)}")

    def _newest(self, release: Release) -> str | None:
        """The version that the schema NAME shows; null where there is no such schema."""
        views = _plain(release.name)
        if not self._has(views):
            return None
        newest = self._package(views)
        if newest is None or newest[0] != release.name:
            got = "something else" if newest is None else f"those of {newest[0]}"
            raise RemoteFailure(
                f"{self._place}, schema {views}: expected views of the newest version, got {got}; "
                "rename that schema, or use another database"
            )
        return newest[1]

    def _has(self, schema: str) -> bool:
        return bool(self._asked("SELECT 1 FROM pg_namespace WHERE nspname = $1", schema))

    def _complete(self, schema: str, tables: Sequence[Table], release: Release) -> None:
        for table in tables:
            for key in keys(table):
                self._run(f"ALTER TABLE {quoted(schema, table.name)} ADD {key}")
        for table in tables:
            for key in references(table, schema):
                self._run(f"ALTER TABLE {quoted(schema, table.name)} ADD {key}")
            for comment in comments(table, schema):
                self._run(comment)
        columns = ", ".join(f"{name} TEXT NOT NULL" for name in PACKAGE_COLUMNS)
        place = quoted(schema, PACKAGE)
        self._run(f"CREATE TABLE {place} ({columns})")
        self._cursor.execute(f"INSERT INTO {place} VALUES ($1, $2, $3, $4)", package_row(release))
        self._connection.commit()

    def _package(self, schema: str) -> tuple[str, str, str, str] | None:
        """The row of the table that completes a version; null where there is none."""
        found = self._asked(
            "SELECT 1 FROM information_schema.columns "
            "WHERE table_schema = $1 AND table_name = $2 AND column_name = $3",
            schema,
            PACKAGE,
            PACKAGE_COLUMNS[2],
        )
        if not found:
            return None
        rows = self._asked(f"SELECT {', '.join(PACKAGE_COLUMNS)} FROM {quoted(schema, PACKAGE)}")
        return rows[0] if rows else None

    def _asked(self, query: str, *values: str) -> list[Any]:
        self._cursor.execute(query, values or None)
        rows: list[Any] = self._cursor.fetchall()
        return rows

    def _run(self, statement: str) -> None:
        self._cursor.execute(statement)


def _named(release: Release, item: Item) -> Table:
    return next(table for table in tables_of(release) if table.name == item.path)


def _schema(release: Release) -> str:
    return _plain(release.name, f"_v{release.version}")


def _plain(name: str, rest: str = "") -> str:
    """A name of letters, digits and `_`; one that is too long is cut and keeps a digest."""
    whole, end = (re.sub(r"[^a-z0-9]", "_", text.lower()) for text in (name, rest))
    if len(whole + end) <= _LONGEST:
        return whole + end
    short = hashlib.sha256((name + rest).encode()).hexdigest()[:8]
    room = _LONGEST - len(end) - 9
    if room < 1:
        return f"{(whole + end)[: _LONGEST - 9]}_{short}"
    return f"{whole[:room]}_{short}{end}"


def _number(name: str) -> int:
    """The number of a lock that belongs to a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])
