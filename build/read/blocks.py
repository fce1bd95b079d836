"""Files to blocks of work: articles that are read together, wherever they are read."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from dateline.build.issues import EnvironmentFailure, Issue
from dateline.build.read.articles import (
    Limits,
    Piece,
    Record,
    other_encoding,
    piece_records,
    stream_records,
)
from dateline.build.read.copies import Copy, streams
from dateline.build.read.files import NAME, label

# Bytes of a block, as far as its articles allow: about 1,000 articles with their annotation.
BLOCK = 16 << 20
_FILES = 1000
# Bytes of articles that a byte of a packed file is taken for.
_PACKED = 8


@dataclass(frozen=True)
class Block:
    """Pieces of files that are read one after the other; `files` of them end in this block.

    With a `copy` their bytes are read there.
    """

    pieces: tuple[Piece, ...]
    files: int = 0
    copy: Copy | None = None


def blocks(files: Sequence[Path], size: int = BLOCK) -> Iterator[Block]:
    """The blocks of these files in their order: small files together, large ones in parts.

    A block may end early, after a file whose name says so: then a file more or less leaves most
    of the other blocks as they were. EnvironmentFailure where a file is not readable.
    """
    pieces: list[Piece] = []
    done = filled = 0
    for file in files:
        for piece, length in _pieces(file, size):
            pieces.append(piece)
            filled += length
            done += piece.end is None
            full = filled >= size or len(pieces) >= _FILES or piece.end is not None
            if full or (filled > size / 2 and _ends(piece)):
                yield Block(tuple(pieces), done)
                pieces, done, filled = [], 0, 0
    if pieces:
        yield Block(tuple(pieces), done)


def _ends(piece: Piece) -> bool:
    return crc32(piece.label.encode()) % 4 == 0


def block_records(block: Block, limits: Limits) -> Iterator[Record | Issue]:
    """The articles of a block in order, and what is wrong with its files where it is found."""
    if block.copy is None:
        for piece in block.pieces:
            yield from piece_records(piece, limits)
        return
    for piece, stream in zip(block.pieces, streams(block.copy), strict=True):
        yield from stream_records(stream, piece, limits)


def _pieces(file: Path, size: int) -> Iterator[tuple[Piece, int]]:
    """The pieces of a file with their lengths; only plain lines can be read in parts.

    The last piece of a file has no end.
    """
    path = os.path.abspath(file)  # noqa: PTH100  # resolve() would follow links.
    whole = Piece(path, label(file))
    name = NAME.fullmatch(file.name)
    try:
        length = file.stat().st_size
        if name is not None and name["packing"]:
            yield whole, length * _PACKED
            return
        is_lines = name is not None and name["kind"].lower() == "jsonl"
        if not is_lines or length <= 2 * size:
            yield whole, length
            return
        yield from _parts(whole, length, size)
    except OSError as error:
        raise EnvironmentFailure(f"{whole.label}: cannot be read: {error.strerror}") from None


def _parts(whole: Piece, length: int, size: int) -> Iterator[tuple[Piece, int]]:
    """A file of lines in parts of about `size` bytes that end where a line does."""
    start, at, line = 0, 0, 1
    with Path(whole.path).open("rb") as stream:
        head = stream.read(max(size, 1 << 10))
        # A file that may be blank to its end: only who reads all of it can say so.
        if other_encoding(head) is not None or head.removeprefix(BOM_UTF8).isspace():
            yield whole, length
            return
        stream.seek(0)
        while length - at > 2 * size:
            data = stream.read(size)
            at += len(data)
            line_end = data.rfind(b"\n") + 1
            if not line_end:
                # A line longer than a part: it is read on to where it ends.
                continue
            end = at - len(data) + line_end
            yield Piece(whole.path, whole.label, start, end, line), end - start
            line += data.count(b"\n")
            start = at = end
            stream.seek(end)
    yield Piece(whole.path, whole.label, start, None, line), length - start
