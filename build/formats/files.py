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
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"expected UTF-8, got the byte 0x{error.object[error.start]:02x} at offset "
            f"{error.start}; convert {path.name} to UTF-8"
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
                yield name, unpacker.read(archive, name).decode()


def records(content: str) -> Iterator[tuple[int, Any]]:
    """The JSON values of lines, with their line from 1; a file of one value or a list is taken too.

    What is no JSON is given as Unreadable.
    """
    try:
        whole = json.loads(content)
    except ValueError:
        whole = None
    if whole is not None:
        for record in whole if isinstance(whole, list) else [whole]:
            yield 1, record
        return
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except ValueError as error:
            yield number, Unreadable(f"expected JSON, got {error}; mend the line", number)


def language(tag: object) -> str:
    """The tag of a language as BCP 47 has it (`eng` is `en`), `und` where it is none."""
    if not isinstance(tag, str) or not langcodes.tag_is_valid(tag):
        return "und"
    return langcodes.standardize_tag(tag)
