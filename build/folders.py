"""Folders as the file system changes them: locked, written through, exchanged at once."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}
_EXCHANGE = 2
_HERE = -100


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait for the lock of a folder and hold it, where the file system has locks."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; OSError where another process has it or there are no locks."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def swap(folder: Path, out: Path) -> None:
    """Put `folder` in the place of `out` and the old content, if any, in the place of `folder`."""
    while True:
        try:
            if out.exists():
                _exchange(folder, out)
            else:
                folder.rename(out)
            break
        except OSError as error:
            # Another run made or took away `out` in between.
            moved = error.errno in (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST)
            if not (moved and folder.exists()):
                raise
    sync_path(out.parent)


def _exchange(folder: Path, out: Path) -> None:
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is not None:
        if rename(_HERE, os.fsencode(folder), _HERE, os.fsencode(out), _EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
        if code not in _NO_EXCHANGE:
            raise OSError(code, os.strerror(code), str(out))
    _exchange_in_two_steps(folder, out)


def _exchange_in_two_steps(folder: Path, out: Path) -> None:
    aside = folder.with_suffix(".old")
    with contextlib.ExitStack() as held:
        # Keeps a run that cleans up from putting `out` back meanwhile, where there are locks.
        with contextlib.suppress(OSError):
            held.enter_context(locked(out))
        out.rename(aside)
        try:
            folder.rename(out)
        except OSError:
            aside.rename(out)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def sync(folder: Path) -> None:
    """Writes all files below a folder through to the disk, and its folders."""
    for parent, _, names in os.walk(folder):
        for name in names:
            sync_path(Path(parent, name))
        sync_path(Path(parent))


def sync_path(path: Path) -> None:
    """Writes a file, or the entries of a folder, through to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
