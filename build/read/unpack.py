"""Streams of plain bytes out of files that may be packed, never much of them at a time."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER = 1 << 16
# One KiB of Zstandard unpacks to 32 MiB at most, so that no file makes a burst of memory.
_ZSTD_STEP = 1 << 10


class Damaged(Exception):
    """A packed file is cut short, or is not what its name says."""


class TooLarge(Exception):
    """A packed file holds more than the limit."""


@contextmanager
def unpacked(path: Path, packing: str | None, limit: int) -> Iterator[BinaryIO]:
    """What `plain` gives of a file. Raises OSError."""
    with path.open("rb", buffering=_BUFFER) as file, plain(file, packing, limit) as stream:
        yield stream


@contextmanager
def plain(file: BinaryIO, packing: str | None, limit: int) -> Iterator[BinaryIO]:
    """The plain bytes of a stream packed with `gz`, `zst` or nothing (null).

    Reading raises Damaged, TooLarge where a packed one holds more than `limit` bytes, OSError.
    """
    if packing is None:
        yield file
    elif packing == "gz":
        with gzip.GzipFile(fileobj=file, mode="rb") as packed:
            yield io.BufferedReader(_Limited(_gzip_read1(packed), limit), _BUFFER)
    else:
        yield io.BufferedReader(_Limited(_Zstd(file).read1, limit), _BUFFER)


class _Limited(io.RawIOBase):
    """The stream of what `read1` gives, up to `limit` bytes."""

    def __init__(self, read1: Callable[[int], bytes], limit: int) -> None:
        self._read1 = read1
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        space = memoryview(buffer)
        # At the limit one byte tells a file that ends there from one that goes on.
        piece = self._read1(min(len(space), self._left) or 1)
        if len(piece) > self._left:
            raise TooLarge
        space[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)


def _gzip_read1(packed: gzip.GzipFile) -> Callable[[int], bytes]:
    def read1(size: int) -> bytes:
        try:
            return packed.read1(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Damaged(str(error)) from None

    return read1


class _Zstd:
    """Unpacks a Zstandard file of one or several frames.

    The library's own stream reader takes a file that was cut short for a whole one.
    """

    def __init__(self, file: BinaryIO) -> None:
        # Here: few inputs are packed so.
        import zstandard

        self._new_frame = zstandard.ZstdDecompressor().decompressobj
        self._error = zstandard.ZstdError
        self._file = file
        self._frame = self._new_frame()
        self._packed = b""
        self._whole = True
        self._ready = io.BytesIO()

    def read1(self, size: int) -> bytes:
        """Up to `size` of the next plain bytes; none at the end."""
        while not (piece := self._ready.read(size)):
            self._packed = self._packed or self._file.read(_ZSTD_STEP)
            if not self._packed:
                break
            self._unpack()
        if not piece and not self._whole:
            raise Damaged("the file ends in the middle of a frame")
        return piece

    def _unpack(self) -> None:
        if self._frame.eof:
            self._frame = self._new_frame()
        try:
            self._ready = io.BytesIO(self._frame.decompress(self._packed))
        except self._error as error:
            raise Damaged(str(error)) from None
        self._whole = self._frame.eof
        self._packed = self._frame.unused_data if self._whole else b""
