"""Packed files of a resource as plain files, however much they would like to become."""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from dateline.build.issues import Cell, Issue, Place, shown
from dateline.build.read import Limits
from dateline.build.read.unpack import Damaged
from dateline.build.read.unpack import unpacked as stream
from dateline.build.standard.model import File, Resource
from dateline.build.standard.paths import Allowance, Refused, copied
from dateline.build.standard.unzip import archive, unpack

_READ = 1 << 16
# What is written is limited by an allowance.
_NO_LIMIT = 1 << 62
# What level 9 of xz needs is 65 MiB; a file may ask for 4 GiB.
_XZ_MEMORY = 128 << 20


def unpacked(
    resource: Resource, spill: Path, limits: Limits
) -> tuple[tuple[File, ...], list[Issue]]:
    """The files of a resource as they are without their packing, and what is wrong with it.

    No files where one is damaged or all together pass `limits.unpacked_bytes`. Plain files are
    written to `spill`, a folder of the resource's own; files that are not packed stay in place.
    """
    if not resource.compression:
        return resource.files, []
    allowance = Allowance(limits.unpacked_bytes)
    files = []
    for index, file in enumerate(resource.files):
        local = spill / f"plain-{index}"
        try:
            _unpack(file.local, resource.compression, local, allowance)
        except Refused as refused:
            place = Place(file.path, pointer=resource.pointer)
            cell = Cell(resource.name)
            return (), [Issue(refused.rule, refused.message, (place,), cell=cell)]
        files.append(replace(file, local=local))
    return tuple(files), []


def _unpack(packed: Path, compression: str, target: Path, allowance: Allowance) -> None:
    try:
        if compression == "zip":
            _unpack_only_member(packed, target, allowance)
        else:
            with _stream(packed, compression) as read:
                copied(read, target, allowance)
    except (Damaged, OSError, EOFError, lzma.LZMAError) as error:
        reason = str(error) or type(error).__name__
        message = f"expected a whole .{compression} file, got one that is damaged ({reason})"
        raise Refused("compression-error", f"{message}; fetch it or pack it again") from None


@contextmanager
def _stream(packed: Path, compression: str) -> Iterator[Callable[[int], bytes]]:
    """What reads up to so many of the plain bytes of a packed file; none at its end."""
    if compression in ("gz", "zst"):
        with stream(packed, compression, _NO_LIMIT) as plain:
            yield plain.read
        return
    with packed.open("rb") as file:
        yield _Frames(file, compression).read


class _Frames:
    """Unpacks a bz2 or xz file of one or several frames."""

    def __init__(self, file: BinaryIO, compression: str) -> None:
        self._file = file
        # Between frames of xz there may be zeros.
        self._padding = b"\0" if compression == "xz" else b""
        self._frame = self._new_frame()

    def read(self, size: int) -> bytes:
        """Up to `size` of the next plain bytes; none at the end."""
        while True:
            packed = b""
            if self._frame.eof:
                if not (packed := self._next_start()):
                    return b""
                self._frame = self._new_frame()
            elif self._frame.needs_input and not (packed := self._file.read(_READ)):
                raise Damaged("the file ends in the middle of a frame")
            if piece := self._frame.decompress(packed, size):
                return piece

    def _new_frame(self) -> lzma.LZMADecompressor | bz2.BZ2Decompressor:
        if self._padding:
            return lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY)
        return bz2.BZ2Decompressor()

    def _next_start(self) -> bytes:
        packed = self._frame.unused_data or self._file.read(_READ)
        while packed and not packed.lstrip(self._padding):
            packed = self._file.read(_READ)
        return packed.lstrip(self._padding)


def _unpack_only_member(packed: Path, target: Path, allowance: Allowance) -> None:
    with archive(packed) as opened:
        names = [name for name in opened.members if not name.startswith("__MACOSX/")]
        if len(names) != 1:
            message = f"expected one file in the .zip, got {len(names)}; pack each file by itself"
            raise Refused("compression-error", message)
        if any(part.startswith(".") for part in names[0].split("/")):
            message = f"expected a file in the .zip, got {shown(names[0])}, which is hidden"
            raise Refused("path-unsafe", f"{message}; pack it under another name")
        unpack(opened, names[0], target, allowance)
