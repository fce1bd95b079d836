"""What the command `diff` does: two packages to a text, JSON values, and the files asked for."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from dateline.build.describe import Answer
from dateline.build.diff import difference
from dateline.build.diff.changes import ChangeFiles
from dateline.build.diff.page import as_page
from dateline.build.diff.text import as_text
from dateline.build.diff.values import values
from dateline.build.engine import Progress
from dateline.build.staging import staged


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
    comes into its place once it is whole. Errors are those of `difference` and of `staged`.
    """
    with _files(changes, force=force) as listener:
        found = difference(
            old, new, allow_remote=allow_remote, listener=listener, progress=progress
        )
    if html is not None:
        _write(html, as_page(found))
    return Answer(as_text(found), values(found))


@contextlib.contextmanager
def _files(folder: Path | None, *, force: bool) -> Iterator[ChangeFiles | None]:
    if folder is None:
        yield None
        return
    with staged(folder, force=force) as aside, ChangeFiles(aside) as files:
        yield files


def _write(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        aside.write_text(text, "utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
