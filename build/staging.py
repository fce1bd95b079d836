"""A folder that appears whole or not at all: written beside its place, then swapped into it.

The temporary folder is a sibling, so that the swap is a rename. Its writer holds a lock on it (on
the folder itself: no file of the lock's own has to be taken out again), which tells a folder in
use from one that a killed run left behind.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from dateline.build.folders import alone, locked, swap, sync, sync_path
from dateline.build.issues import EnvironmentFailure, UsageError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
# What stands in a folder whose files are being moved to their places: their names.
_PLACING = ".placing"
_LEFT = re.compile(r"\.(.+)\.[0-9a-f]{8}\.(?:tmp|old)")


@contextlib.contextmanager
def staged(out: Path, *, force: bool) -> Iterator[Path]:
    """An empty folder beside `out` that takes its place when the block ends without an error.

    After an error it is removed and `out` is as it was. UsageError where `out` holds what this
    tool did not write and `force` is not set, EnvironmentFailure where the file system refuses.
    """
    out = _place(out)
    with _parents(out):
        with _failures(out):
            clean(out)
            refuse_foreign(out, force=force)
            folder, lock = _new_folder(out)
        try:
            with _failures(out, folder):
                yield folder
                sync(folder)
                refuse_foreign(out, force=force)
                swap(folder, out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


@contextlib.contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """An empty folder beside `out` for what a run needs on the way; removed at the end.

    What a killed run leaves of it the next one removes. EnvironmentFailure where the file system
    refuses.
    """
    out = _place(out)
    with _parents(out):
        with _failures(out):
            folder, lock = _new_folder(out)
        try:
            with _failures(out, folder):
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def place(folder: Path, outs: Sequence[Path]) -> None:
    """Moves what a `scratch` folder holds under the names of `outs` to their places, in this order.

    All of them are in one folder. They count once the last is there: where a run is killed before,
    `clean` takes away again what it had moved. FileExistsError where one is there already.
    """
    with _failures(outs[-1], folder):
        sync(folder)
        with alone(outs[-1].parent):
            taken = [out for out in outs if os.path.lexists(out)]
            if taken:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(taken[0]))
            (folder / _PLACING).write_text("\n".join(out.name for out in outs), "utf-8")
            sync_path(folder / _PLACING)
            try:
                for out in outs:
                    (folder / out.name).rename(out)
                sync_path(outs[-1].parent)
            except BaseException:
                _take_back(folder, outs[-1].parent)
                raise
            (folder / _PLACING).unlink()


def clean_all(folder: Path) -> None:
    """Remove what killed runs left in a folder, whatever they were about to write there."""
    found = map(_LEFT.fullmatch, sorted(each.name for each in folder.glob(".*")))
    with _failures(folder):
        for name in sorted({match[1] for match in found if match}):
            clean(folder / name)


def refuse_foreign(out: Path, *, force: bool) -> None:
    """Raise UsageError where `out` may not be replaced.

    That is a file, a folder that holds the current one, and, without `force`, a folder with
    files that this tool did not write.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out}: expected a folder to write to, got a file; choose another folder")
    if out == Path.cwd() or out in Path.cwd().parents:
        raise UsageError(f"{out}: the current folder is inside it; choose another folder")
    if force or not any(out.iterdir()) or _is_ours(out):
        return
    raise UsageError(
        f"{out}: expected an empty folder or a package of this tool, got other files; "
        "choose another folder, or replace the folder with --force"
    )


def clean(out: Path) -> None:
    """Remove what killed runs left beside `out`, and put `out` back where one had moved it away."""
    pattern = re.compile(rf"\.{re.escape(out.name)}\.[0-9a-f]{{8}}\.(tmp|old)")
    for folder in sorted(out.parent.iterdir()):
        kind = pattern.fullmatch(folder.name)
        if kind is None:
            continue
        # A folder that cannot be locked has a live writer, or has gone meanwhile.
        with contextlib.suppress(OSError), locked(folder):
            if kind[1] == "old" and not out.exists():
                folder.rename(out)
            else:
                _take_back(folder, out.parent)
                shutil.rmtree(folder, ignore_errors=True)


def _take_back(folder: Path, parent: Path) -> None:
    """Remove what a run that was killed in `place` had moved, unless the last was there already."""
    mark = folder / _PLACING
    if mark.is_file():
        *others, last = mark.read_text("utf-8").split("\n")
        if not (parent / last).exists():
            for name in (name for name in others if not (folder / name).exists()):
                (parent / name).unlink(missing_ok=True)


@contextlib.contextmanager
def _parents(out: Path) -> Iterator[None]:
    """Makes the folders around `out`; those that are still empty at the end go again."""
    missing = [each for each in out.parents if not each.exists()]
    with _failures(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            for each in missing:
                each.rmdir()


def _place(out: Path) -> Path:
    try:
        # A link is followed: the folder that it names is replaced, the link stays.
        return out.resolve()
    except (OSError, RuntimeError) as error:
        raise EnvironmentFailure(f"{out}: cannot be written to: {error}") from None


def _is_ours(folder: Path) -> bool:
    try:
        descriptor = json.loads((folder / "datapackage.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(descriptor, dict) and "dateline:version" in descriptor


def _new_folder(out: Path) -> tuple[Path, int]:
    while True:
        folder = out.parent / f".{out.name}.{secrets.token_hex(4)}.tmp"
        folder.mkdir()
        # A run that cleans up may see it before the lock is on it, and remove it.
        try:
            handle = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            continue
        except OSError:
            # No locks on this file system: then nobody can take it for one without a writer.
            return folder, handle
        if folder.exists():
            return folder, handle
        os.close(handle)


@contextlib.contextmanager
def _failures(out: Path, folder: Path | None = None) -> Iterator[None]:
    """Turn what the file system refuses into an EnvironmentFailure about `out`.

    With `folder`, only a full disk and what concerns `folder` or `out` itself: the block may
    read other files too, whose failures say something else.
    """
    try:
        yield
    except OSError as error:
        names = [n for n in (error.filename, error.filename2) if isinstance(n, str)]
        ours = any(Path(n).is_relative_to(p) for n in names for p in (folder, out) if p)
        if folder is None or error.errno in _NO_ROOM or ours:
            reason = error.strerror or str(error)
            raise EnvironmentFailure(f"{out}: cannot be written to: {reason}") from error
        raise
