"""Files to articles' bytes: one article a `.json` file, one a line of a `.jsonl` file."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from dateline.build.issues import EnvironmentFailure, Issue, Place
from dateline.build.read.files import NAME, label
from dateline.build.read.unpack import Damaged, TooLarge, plain

_SKIP = 1 << 20
_BUFFER = 1 << 16
# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True)
class Limits:
    """What one input may ask for: levels of nesting, bytes of one article, of one packed file."""

    nesting: int = 100
    line_bytes: int = 64 << 20
    unpacked_bytes: int = 10 << 30


@dataclass(frozen=True)
class Record:
    """The bytes of one article, the file as messages show it, the line (from 1) it starts on.

    `folder` is the folder of the file, which a `text_file` is relative to.
    """

    file: str
    line: int
    data: bytes = field(repr=False)
    folder: Path


@dataclass(frozen=True)
class Piece:
    """A file, or the part of a plain file of lines from one byte to another.

    `label` is the file as messages show it, `line` (from 1) is that of the first byte; without an
    `end` it reaches to the end of the file.
    """

    path: str
    label: str
    start: int = 0
    end: int | None = None
    line: int = 1


def records(path: Path, limits: Limits = Limits()) -> Iterator[Record | Issue]:
    """What `piece_records` gives for a whole file."""
    return piece_records(Piece(str(path), label(path)), limits)


def piece_records(piece: Piece, limits: Limits) -> Iterator[Record | Issue]:
    """The articles of a piece in order, and what is wrong with the file where it is found.

    A `.jsonl` file holds one a line, any other file is one; each may be packed. Blank lines and
    a byte order mark are no part of an article. EnvironmentFailure where the file is not readable.
    """
    try:
        with Path(piece.path).open("rb", buffering=_BUFFER) as file:
            file.seek(piece.start)
            yield from stream_records(file, piece, limits)
    except OSError as error:
        raise EnvironmentFailure(f"{piece.label}: cannot be read: {error.strerror}") from None


def piece_bytes(piece: Piece, size: int) -> Iterator[bytes]:
    """The bytes of a piece as they are in its file, at most `size` at a time. Raises OSError."""
    with Path(piece.path).open("rb") as stream:
        stream.seek(piece.start)
        left = os.fstat(stream.fileno()).st_size if piece.end is None else piece.end - piece.start
        while left > 0 and (data := stream.read(min(size, left))):
            left -= len(data)
            yield data


def stream_records(file: BinaryIO, piece: Piece, limits: Limits) -> Iterator[Record | Issue]:
    """What `piece_records` gives, of a stream that stands where the piece starts; OSError."""
    path = Path(piece.path)
    name = NAME.fullmatch(path.name)
    packing = name["packing"].lower() if name and name["packing"] else None
    lines = name is not None and name["kind"].lower() == "jsonl"
    length = None if piece.end is None else piece.end - piece.start
    with plain(file, packing, limits.unpacked_bytes) as stream:
        found = _pieces(stream, lines, limits.line_bytes, length)
        yield from _articles(found, piece, path.parent, limits)


def _pieces(
    stream: BinaryIO, lines: bool, limit: int, length: int | None
) -> Iterator[bytes | None]:
    """The lines of a stream, or all of it as one; null in place of one longer than the limit.

    With a `length`, which ends where a line does, the lines of so many bytes.
    """
    if not lines:
        piece = stream.read(limit + 1)
        yield piece if len(piece) <= limit else None
        return
    left = length if length is not None else sys.maxsize
    while left > 0 and (piece := stream.readline(limit + 1)):
        left -= len(piece)
        if len(piece) <= limit or piece.endswith(b"\n"):
            yield piece.removesuffix(b"\n").removesuffix(b"\r")
            continue
        yield None
        while piece and not piece.endswith(b"\n"):
            piece = stream.readline(_SKIP)
            left -= len(piece)


def _articles(
    pieces: Iterator[bytes | None], source: Piece, folder: Path, limits: Limits
) -> Iterator[Record | Issue]:
    # A part of a file may be without an article; a whole one may not.
    file, line, empty = source.label, source.line - 1, not source.start and source.end is None
    try:
        for line, piece in enumerate(pieces, source.line):
            if piece is None:
                empty = False
                yield _too_large(Place(file, line, 1), "an article", limits.line_bytes)
                continue
            if line == 1:
                encoding = other_encoding(piece)
                if encoding is not None:
                    yield _wrong_encoding(Place(file, 1, 1), encoding)
                    return
                piece = piece.removeprefix(codecs.BOM_UTF8)
            if piece and not piece.isspace():
                empty = False
                yield Record(file, line, piece, folder)
    except Damaged as error:
        yield _unreadable(Place(file, line + 1), str(error))
    except TooLarge:
        yield _too_large(Place(file, line + 1), "an unpacked file", limits.unpacked_bytes)
    else:
        if empty:
            yield _empty(Place(file))


def other_encoding(head: bytes) -> str | None:
    """The encoding that the first bytes of a file show, null where it may be UTF-8."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    # JSON begins with ASCII, which these encodings fill up with zero bytes.
    zeros = head[:4].count(0)
    return None if zeros == 0 else "UTF-16" if zeros < 3 else "UTF-32"


def _wrong_encoding(place: Place, encoding: str) -> Issue:
    message = f"expected UTF-8, got {encoding}; save the file as UTF-8"
    return Issue("json-encoding", message, (place,))


def _unreadable(place: Place, detail: str) -> Issue:
    message = (
        f"expected a whole packed file, got one that is damaged or cut short ({detail}); "
        "what stands before this line was read; fetch or pack the file again"
    )
    return Issue("input-unreadable", message, (place,))


def _too_large(place: Place, what: str, limit: int) -> Issue:
    message = (
        f"expected {what} of at most {limit:,} bytes, got more; "
        "split it, or raise the limit in the project's settings"
    )
    return Issue("input-too-large", message, (place,))


def _empty(place: Place) -> Issue:
    message = "expected an annotated article, got a file without one; fill it or take it away"
    return Issue("input-empty", message, (place,))


def batches(
    items: Iterable[Record | Issue],
    bytes_per_batch: int = 12 << 20,
    records_per_batch: int = 1000,
) -> Iterator[list[Record | Issue]]:
    """The items in order, in lists that are full at one of the two numbers."""
    batch: list[Record | Issue] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.data) if isinstance(item, Record) else 0
        if size >= bytes_per_batch or len(batch) >= records_per_batch:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
