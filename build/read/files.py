"""The files of articles that paths, folders and globs name."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from dateline.build.issues import EnvironmentFailure

NAME = re.compile(r"[^.].*\.(?P<kind>jsonl?)(?:\.(?P<packing>gz|zst))?", re.IGNORECASE | re.DOTALL)
_DESCRIPTOR = "datapackage.json"


def label(path: Path) -> str:
    """A path as messages show it: relative to the current folder if inside it, with slashes."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would follow links.
    here = Path.cwd()
    shown = absolute.relative_to(here) if absolute.is_relative_to(here) else absolute
    return shown.as_posix().encode("utf-8", "backslashreplace").decode()


def find(patterns: Sequence[str | Path]) -> list[Path]:
    """The files of articles that files, folders and globs name, sorted by path, each once.

    Folders are searched to the bottom; hidden names, `datapackage.json` and linked folders are
    passed over. EnvironmentFailure where a named path does not exist or is not permitted.
    """
    found = sorted({str(path) for pattern in patterns for path in _named(str(pattern))})
    by_label = sorted((label(Path(name)), name) for name in found)
    once: dict[str, Path] = {}
    for _, name in by_label:
        once.setdefault(os.path.realpath(name), Path(name))
    return list(once.values())


def _named(pattern: str) -> Iterator[Path]:
    path = Path(pattern)
    try:
        if path.is_dir():
            yield from _below(path)
        elif os.path.lexists(path):
            yield path
        elif glob.has_magic(pattern):
            yield from _matching(Path(path.anchor), path.relative_to(path.anchor).parts)
        else:
            raise EnvironmentFailure(f"{label(path)}: no such file or folder")
    except OSError as error:
        raise EnvironmentFailure(f"{label(path)}: cannot be read: {error.strerror}") from None


def _entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_article_file(path: Path) -> bool:
    # A dangling link is one: to miss an article in silence is worse than to fail on it.
    named = NAME.fullmatch(path.name) is not None and path.name != _DESCRIPTOR
    return named and (path.is_file() or not path.exists())


def _below(folder: Path) -> Iterator[Path]:
    for path in _entries(folder):
        if _is_folder(path):
            yield from _below(path)
        elif _is_article_file(path):
            yield path


def _matching(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    if not parts:
        if _is_folder(folder):
            yield from _below(folder)
        elif _is_article_file(folder):
            yield folder
        return
    head, rest = parts[0], parts[1:]
    if head == "**":
        yield from _matching(folder, rest)
        for path in filter(_is_folder, _entries(folder)):
            yield from _matching(path, parts)
    elif os.path.lexists(folder / head):
        yield from _matching(folder / head, rest)
    elif glob.has_magic(head) and folder.is_dir():
        for path in _entries(folder):
            if fnmatchcase(path.name, head) and (not rest or _is_folder(path)):
                yield from _matching(path, rest)
