"""What the command `diff` does: two packages to a text, JSON values, and the files asked for."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from dateline.build.describe import Answer
from dateline.build.diff import difference
from dateline.build.diff.changes import ChangeFiles
from dateline.build.diff.page import as_page
from dateline.build.diff.text import as_text
from dateline.build.diff.values import values
from dateline.build.engine import Progress
from dateline.build.issues import EnvironmentFailure, UsageError
from dateline.build.staging import staged
from dateline.build.standard.source import DESCRIPTOR


def diff(
    old: str,
    new: str,
    *,
    allow_remote: bool,
    changes: Path | None,
    html: Path | None,
    force: bool,
    progress: Progress,
) -> Answer:
    """What changed from one package to another, as text and as JSON values.

    `changes` is a folder for files of all that differs in rows, `html` a file for a page; each
    comes into its place once it is whole. Errors are those of `difference` and of `staged`;
    UsageError where `changes` would replace a package, EnvironmentFailure where `html` cannot be
    written.
    """
    if changes is not None:
        _refuse_packages(changes, (old, new), force=force)
        if html is not None and html.resolve().is_relative_to(changes.resolve()):
            raise UsageError(f"{html}: is inside the folder of changes; choose another place")
    with _page(html) as page, _files(changes, force=force) as listener:
        found = difference(
            old, new, allow_remote=allow_remote, listener=listener, progress=progress
        )
        if html is not None and page is not None:
            with _failures(html):
                page.write_text(as_page(found), "utf-8")
    return Answer(as_text(found), values(found))


@contextlib.contextmanager
def _files(folder: Path | None, *, force: bool) -> Iterator[ChangeFiles | None]:
    if folder is None:
        yield None
        return
    with staged(folder, force=force) as aside, ChangeFiles(aside) as files:
        yield files


def _refuse_packages(folder: Path, compared: Sequence[str], *, force: bool) -> None:
    """Raise UsageError where a folder is one of a package, those that are compared above all."""
    inside = [path for path in map(Path, compared) if path.exists()]
    if any(path.resolve().is_relative_to(folder.resolve()) for path in inside):
        raise UsageError(f"{folder}: holds a package that is compared; choose another folder")
    if (folder / DESCRIPTOR).exists() and not force:
        raise UsageError(
            f"{folder}: expected a folder for changes, got a data package; "
            "choose another folder, or replace the folder with --force"
        )


@contextlib.contextmanager
def _page(path: Path | None) -> Iterator[Path | None]:
    """A file beside a page's place, which is there from the first on and takes it at the end."""
    if path is None:
        yield None
        return
    aside = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        with _failures(path):
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            aside.touch(exist_ok=False)
        yield aside
        with _failures(path):
            aside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            aside.unlink()


@contextlib.contextmanager
def _failures(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentFailure(f"{path}: cannot be written to: {reason}") from error
