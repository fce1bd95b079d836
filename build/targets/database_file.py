"""Targets that are one database file a version: `NAME/NAME-VERSION.SUFFIX` in a folder.

A file is made aside and appears whole, with the descriptor that completes it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from dateline.build.issues import RemoteFailure
from dateline.build.staging import clean, scratch
from dateline.build.targets.folder import FolderTree, place_new
from dateline.build.targets.layout import LATEST, pointer_of, pointer_to
from dateline.build.targets.tables import PACKAGE, Table, package_row, table_items, tables_of
from dateline.build.targets.target import Item, Progress, Release, State
from dateline.build.versions import is_newer

# What the table `datapackage` says: name, version, digest of the sums, descriptor.
PackageRow = tuple[str, str, str, str]


class Engine(Protocol):
    """How one kind of database file is written and read."""

    suffix: str

    def load(self, file: Path, table: Table, progress: Progress) -> None:
        """Adds a table with its rows to a file, which may be new."""

    def digest(self, file: Path, table: Table) -> str:
        """The digest of a table's rows as they are in the file."""

    def complete(self, file: Path, tables: Sequence[Table], row: PackageRow) -> None:
        """Adds what is known of the tables, and the row that completes the version."""

    def package(self, file: Path) -> PackageRow | None:
        """That row; null where the file is no database of a version."""


class DatabaseFiles:
    """The target of a folder, which need not exist."""

    def __init__(self, root: Path, engine: Engine, stack: ExitStack) -> None:
        """`stack` takes away what lies aside."""
        self._root, self._engine, self._stack = root, engine, stack
        self._aside: Path | None = None

    def shown(self, release: Release) -> str:
        """The file of the version."""
        return str(self._file(release))

    def items(self, release: Release) -> Sequence[Item]:
        """The tables and the descriptor."""
        return table_items(release)

    def state(self, release: Release) -> State:
        """Nothing or all, as a file appears whole."""
        file = self._file(release)
        if not file.exists():
            return "absent"
        known = self._engine.package(file)
        if known is None or known[2] != package_row(release)[2]:
            raise RemoteFailure(
                f"{file}: is there and holds something else; a published version never changes: "
                "release the data under a new one"
            )
        return "complete"

    def held(self, release: Release, item: Item) -> str | None:
        """The digest of the rows, or of the descriptor, read back."""
        if item.path == PACKAGE:
            known = self._engine.package(self._file(release))
            if known is not None and known[2] != package_row(release)[2]:
                return known[2]
            return None if known is None else hashlib.sha256(known[3].encode()).hexdigest()
        return self._engine.digest(self._new(release), _named(release, item))

    def put(self, release: Release, item: Item, progress: Progress) -> None:
        """Adds a table to the file aside; with the descriptor it takes its place."""
        file = self._new(release)
        if item.path != PACKAGE:
            self._engine.load(file, _named(release, item), progress)
            return
        self._engine.complete(file, tables_of(release), package_row(release))
        with file.open("rb") as whole:
            os.fsync(whole.fileno())
        place_new(file, self._file(release))

    def point(self, release: Release) -> str | None:
        """Moves `latest.json` beside the file to a newer version."""
        tree = FolderTree(self._root, self._stack)
        path = f"{release.name}/{LATEST}"

        def moved(content: bytes | None) -> bytes | None:
            file = self._file(release)
            known = None if content is None else pointer_of(content, tree.shown(path))
            if known is not None and Path(known.path).suffix != file.suffix:
                raise RemoteFailure(
                    f"{tree.shown(path)}: expected a pointer to a {file.suffix} file, got one to "
                    f"{known.path}; {file} is published, use a folder for each kind"
                )
            if known is not None and not is_newer(release.version, known.version):
                return None
            return pointer_to(release, file.name).content

        tree.tidy(path)
        return tree.shown(path) if tree.change(path, moved) else None

    def _file(self, release: Release) -> Path:
        name = f"{release.name}-{release.version}{self._engine.suffix}"
        return self._root / release.name / name

    def _new(self, release: Release) -> Path:
        """The file aside; what a killed run left there goes."""
        if self._aside is None:
            file = self._file(release)
            file.parent.mkdir(parents=True, exist_ok=True)
            clean(file)
            self._aside = self._stack.enter_context(scratch(file)) / file.name
        return self._aside


@contextmanager
def failures(folder: Path, *errors: type[Exception]) -> Iterator[None]:
    """What a library raises, as the RemoteFailure that nothing was written."""
    try:
        yield
    except errors as error:
        words = str(error).partition("\n")[0]
        raise RemoteFailure(f"{folder}: the database could not be written: {words}") from None


def _named(release: Release, item: Item) -> Table:
    return next(table for table in tables_of(release) if table.name == item.path)
