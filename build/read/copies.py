"""Bytes of articles in one file of a storage, for workers that have no access to their files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from dateline.build.issues import EnvironmentFailure
from dateline.build.read.articles import Piece, piece_bytes
from dateline.build.store import store

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Bytes that are asked of a storage at once: each question takes its time.
_READ = 4 << 20


@dataclass(frozen=True)
class Copy:
    """A file in a folder of a storage: the bytes of pieces, one after the other; their lengths."""

    folder: str = field(repr=False)
    name: str
    lengths: tuple[int, ...]


def copied(pieces: Iterable[Piece], folder: str, name: str) -> Copy:
    """The copy of these pieces, which is written now.

    EnvironmentFailure where a file is not readable or the storage refuses.
    """
    with store(folder) as (files, path), files.open_output_stream(f"{path}/{name}") as sink:
        lengths = []
        for piece in pieces:
            lengths.append(0)
            for data in _bytes(piece):
                sink.write(data)
                lengths[-1] += len(data)
        return Copy(folder, name, tuple(lengths))


def _bytes(piece: Piece) -> Iterator[bytes]:
    try:
        yield from piece_bytes(piece, _READ)
    except OSError as error:
        raise EnvironmentFailure(f"{piece.label}: cannot be read: {error.strerror}") from None


def streams(copy: Copy) -> Iterator[BinaryIO]:
    """The bytes of each piece in order; one has to be read before the next is asked for.

    EnvironmentFailure where the storage refuses or the copy is cut short.
    """
    with (
        store(copy.folder) as (files, path),
        files.open_input_stream(f"{path}/{copy.name}", buffer_size=_READ) as whole,
    ):
        for length in copy.lengths:
            piece = io.BufferedReader(_Segment(whole, length))
            yield piece
            while piece.read(_READ):
                # What nobody wanted to read, of a damaged file perhaps.
                pass


class _Segment(io.RawIOBase):
    """The next `length` bytes of a stream."""

    def __init__(self, whole: BinaryIO, length: int) -> None:
        self._whole = whole
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        space = memoryview(buffer)
        data = self._whole.read(min(len(space), self._left))
        if not data and self._left and len(space):
            raise OSError("a copy of articles is cut short")
        space[: len(data)] = data
        self._left -= len(data)
        return len(data)
