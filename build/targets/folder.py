"""A folder as a target: versions on a disk, a network drive, a folder that a web server shows."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dateline.build.issues import UsageError
from dateline.build.staging import clean, scratch
from dateline.build.targets.registry import scheme_of
from dateline.build.targets.target import Target
from dateline.build.targets.tree import TreeTarget, fetched_from

_PIECE = 1 << 20
_SENDING = "sending"
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)


@contextmanager
def opened(dest: str) -> Iterator[Target]:
    """The target of a folder, which need not exist."""
    with ExitStack() as stack:
        yield TreeTarget(FolderTree(folder_of(dest), stack))


def fetched(location: str, into: Path) -> Path:
    """The version in a folder, or the newest of a folder with `latest.json`."""
    with ExitStack() as stack:
        return fetched_from(FolderTree(folder_of(location), stack), into)


def folder_of(dest: str) -> Path:
    """The folder of a path, or of an address like `file:PATH` and `duckdb:PATH`."""
    if not scheme_of(dest):
        return Path(dest)
    parts = urlsplit(dest)
    if parts.netloc not in ("", "localhost") or not parts.path:
        raise UsageError(f"expected {parts.scheme}:FOLDER, got {dest}")
    return Path(unquote(parts.path) if "://" in dest else dest.partition(":")[2])


class FolderTree:
    """The files below a folder. What is being written lies aside, and is renamed when whole."""

    def __init__(self, root: Path, stack: ExitStack) -> None:
        """`stack` takes away what lies aside."""
        self._root, self._stack = root, stack
        self._aside: Path | None = None

    def shown(self, path: str) -> str:
        """The path on the disk."""
        return str(self._root / path)

    def has(self, path: str) -> bool:
        """Whether there is a file."""
        return (self._root / path).is_file()

    def read(self, path: str) -> Iterator[bytes] | None:
        """The bytes of a file in pieces; null where there is none."""
        try:
            file = (self._root / path).open("rb")
        except (FileNotFoundError, NotADirectoryError):
            return None

        def pieces() -> Iterator[bytes]:
            with file:
                while piece := file.read(_PIECE):
                    yield piece

        return pieces()

    def create(self, path: str, file: Path, sent: Callable[[int], None]) -> None:
        """Creates a file, or leaves the one that is there as it is."""
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = self._aside_of(self._root / Path(path).parts[0]) / secrets.token_hex(8)
        with file.open("rb") as source, aside.open("xb") as sink:
            while piece := source.read(_PIECE):
                sink.write(piece)
                sent(sink.tell())
            sink.flush()
            os.fsync(sink.fileno())
        place_new(aside, target)

    def tidy(self, path: str) -> None:
        """Removes what killed runs left beside the versions."""
        clean(self._root / Path(path).parts[0] / _SENDING)

    def change(self, path: str, changed: Callable[[bytes | None], bytes | None]) -> bool:
        """Puts what `changed` makes of a file in its place, under a lock of the folder."""
        target = self._root / path
        with locked(target.parent):
            content = changed(target.read_bytes() if target.exists() else None)
            if content is None:
                return False
            aside = self._aside_of(target.parent) / target.name
            aside.write_bytes(content)
            aside.replace(target)
        return True

    def _aside_of(self, dataset: Path) -> Path:
        """The folder beside the versions of a dataset for what is not whole."""
        if self._aside is None:
            clean(dataset / _SENDING)
            self._aside = self._stack.enter_context(scratch(dataset / _SENDING))
        return self._aside


def place_new(aside: Path, target: Path) -> None:
    """Gives a whole file its name, where nothing has it; else it goes."""
    try:
        target.hardlink_to(aside)
    except OSError as error:
        if error.errno not in (*_NO_LINKS, errno.EEXIST):
            raise
        # Without hard links it is nearly as good, but for two runs at one instant.
        if not target.exists():
            aside.rename(target)
            return
    aside.unlink()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a lock of a folder, where its file system has locks."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
