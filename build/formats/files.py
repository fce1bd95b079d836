"""Files of foreign formats: which there are, and their text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import langcodes

from dateline.build.formats.source import Unreadable
from dateline.build.issues import EnvironmentFailure


def listed(paths: Sequence[Path], suffixes: Sequence[str]) -> list[Path]:
    """The files that paths name, and those with one of these suffixes below folders, sorted.

    EnvironmentFailure where a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise EnvironmentFailure(f"{path}: expected a file or folder, got nothing there")
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        found |= {
            each: None
            for each in below
            if each.is_file() and (each == path or each.name.endswith(tuple(suffixes)))
        }
    return sorted(found)


def decoded(path: Path) -> str:
    """The text of a UTF-8 file as it is, line ends and a byte order mark included."""
    return text_of(path.read_bytes(), path.name)


def text_of(data: bytes, name: str) -> str:
    """The text of these bytes of a file of this name; Unreadable where they are no UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"expected UTF-8, got the byte 0x{data[error.start]:02x} at offset {error.start}; "
            f"convert {name} to UTF-8"
        ) from None


# What one file of an archive may unpack to, and all together, those of archives in it included.
_FILE = 256 << 20
_ALL = 10 << 30


class Unpacker:
    """Reads the files of an archive, and of those in it, within limits of bytes."""

    def __init__(self, limit: int = _ALL) -> None:
        self._left = limit

    def read(self, archive: ZipFile, name: str) -> bytes:
        """The bytes of a file; Unreadable beyond a limit, which a few kilobytes can ask for."""
        # Other methods are unpacked in steps that the library does not bound.
        if archive.getinfo(name).compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Unreadable(f"expected the method deflate, got {name} of another; pack it again")
        limit = min(_FILE, self._left)
        with archive.open(name) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise Unreadable(
                f"expected {name} to unpack to at most {limit:,} bytes, got more; import its "
                "documents in several files"
            )
        self._left -= len(data)
        return data


def members(path: Path, suffixes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The name and text of a file, or of each file with one of these suffixes in an archive."""
    if path.suffix != ".zip":
        yield path.name, decoded(path)
        return
    unpacker = Unpacker()
    with ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(tuple(suffixes)):
                yield name, text_of(unpacker.read(archive, name), name)


def parsed(content: str, line: int = 1) -> Any:
    """The JSON value of a text that begins at this line, after a byte order mark maybe.

    Unreadable where it is none, or where its texts hold half of a character.
    """
    text = content.removeprefix("\ufeff")
    if not text.strip():
        raise Unreadable("expected JSON, got an empty file; export it again")
    try:
        value = json.loads(text)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"expected JSON, which breaks off at column {error.colno} ({error.msg}); mend it "
            "there, or export the file again",
            line + error.lineno - 1,
        ) from None
    except UnicodeEncodeError:
        raise Unreadable(
            "expected characters, got half of a pair of surrogates (\\ud800 to \\udfff); mend "
            "the text there",
            line,
        ) from None
    except RecursionError:
        raise Unreadable("expected JSON of some depth, got a deeper one; mend it", line) from None
    return value


def records(content: str) -> Iterator[tuple[int, Any]]:
    """The JSON values of lines, with their line from 1; a file of one value or a list is taken too.

    What is no JSON is given as Unreadable; an empty file has no values.
    """
    lines = content.removeprefix("\ufeff").split("\n")
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    for number, line in filled[:1]:
        value = _or_unreadable(line, number)
        if isinstance(value, Unreadable):
            whole = _or_unreadable(content, 1)
            # One value over several lines: what breaks it is told once.
            if not isinstance(whole, Unreadable) or line.strip() in ("[", "{", "[{"):
                value, filled = whole, filled[:1]
        if len(filled) == 1:
            yield from ((number, each) for each in (value if isinstance(value, list) else [value]))
            return
    for number, line in filled:
        yield number, _or_unreadable(line, number)


def _or_unreadable(content: str, line: int) -> Any:
    try:
        return parsed(content, line)
    except Unreadable as error:
        return error


def language(tag: object) -> str:
    """The tag of a language as BCP 47 has it (`eng` is `en`), `und` where it is none."""
    if not isinstance(tag, str) or not langcodes.tag_is_valid(tag):
        return "und"
    return langcodes.standardize_tag(tag)
