"""The formats that there are, and the documents of files in one of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from zipfile import BadZipFile

from dateline.build.formats.source import Document, Format, Unreadable
from dateline.build.issues import InvalidInput, Issue, Place, UsageError, did_you_mean

GROUP = "dateline.formats"
# What reading a file of another form, damaged or not permitted, may end with.
_BROKEN: tuple[type[Exception], ...] = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)
Progress = Callable[[str, int, int], None]


def formats() -> dict[str, Format]:
    """The formats that this installation has, by name, sorted; other distributions may add some."""
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    return {name: found[name].load() for name in sorted(found)}


def format_of(name: str) -> Format:
    """The format of a name; raises UsageError where there is none."""
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in found:
        hint = did_you_mean(name, found)
        raise UsageError(f"expected a format, one of {', '.join(sorted(found))}; got {name}{hint}")
    loaded: Format = found[name].load()
    return loaded


def read(
    form: Format, paths: Sequence[Path], options: Mapping[str, str], progress: Progress
) -> tuple[list[Document], list[Issue]]:
    """The documents of all files, in their order, and an issue for each that cannot be read.

    Raises InvalidInput where there is no file of the format, or no document in them, UsageError for
    an unknown option.
    """
    settings = _options(form, options)
    files = form.find(paths)
    if not files:
        raise InvalidInput(f"{_named(paths)}: expected {form.meaning}; got no such file")
    documents: list[Document] = []
    issues: list[Issue] = []
    for number, path in enumerate(files):
        progress("read", number, len(files))
        for found in _read(form, path, files, settings):
            if isinstance(found, Document) and (found.text.strip() or found.article):
                documents.append(found)
            elif isinstance(found, Document):
                words = f"{found.name}: expected a text, got an empty one; leave it out"
                issues.append(Issue("import-unreadable", words, (Place(str(path)),)))
            else:
                place = Place(str(path), found.line)
                issues.append(Issue("import-unreadable", str(found), (place,)))
    progress("read", len(files), len(files))
    if not (documents or issues):
        raise InvalidInput(
            f"{_named(paths)}: expected {form.meaning}; got files without a document in them"
        )
    return documents, issues


def _named(paths: Sequence[Path]) -> str:
    return ", ".join(map(str, paths))


def _read(
    form: Format, path: Path, files: Sequence[Path], options: Mapping[str, str]
) -> Iterator[Document | Unreadable]:
    try:
        yield from form.read(path, files, options)
    except Unreadable as error:
        yield error
    except _BROKEN as error:
        # Whatever a stranger's file holds, it stops no other.
        words = f"{type(error).__name__}: {error}"[:200]
        yield Unreadable(f"expected {form.meaning}; got another form ({words}); export it again")


def _options(form: Format, given: Mapping[str, str]) -> dict[str, str]:
    known = {option.name: option for option in form.options}
    for name, value in given.items():
        if name not in known:
            names = ", ".join(known) or "none"
            raise UsageError(f"expected an option of {form.name}, which has {names}; got {name}")
        if value not in known[name].values:
            values = ", ".join(known[name].values)
            raise UsageError(f"expected {name} to be one of {values}; got {value}")
    return {name: given.get(name, option.values[0]) for name, option in known.items()}
