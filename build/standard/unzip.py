"""Single files out of a .zip, none of which is trusted to be what its header says."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from dateline.build.issues import shown
from dateline.build.standard.paths import Allowance, Refused, copied

MEMBERS = 100_000

_DIRECTORY_BYTES = 64 << 20
_ENCRYPTED = 0x1
_PIECE = 1 << 20
# What the library raises for a damaged file, by trial.
_DAMAGE = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
_OUTSIDE = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)|.*\\", re.DOTALL)


@dataclass(frozen=True)
class Archive:
    """An open .zip and its members by their names, folders left out."""

    zip: ZipFile
    members: dict[str, ZipInfo]


class _File(io.FileIO):
    """A file of which no more than a large table of contents is read at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _DIRECTORY_BYTES:
            raise _too_many()
        return super().read(size) or b""


@contextmanager
def archive(path: Path) -> Iterator[Archive]:
    """The members of a .zip; Refused where it is damaged, or its table of contents hostile."""
    with _File(path) as file:
        try:
            opened = ZipFile(file)
        except _DAMAGE as error:
            raise Refused("compression-error", _damaged(path.name, error)) from None
        with opened:
            yield Archive(opened, _members(opened))


def unpack(archive: Archive, name: str, target: Path, allowance: Allowance) -> None:
    """Write a member to a new file.

    Refused where it is no plain file, is damaged or goes beyond the allowance.
    """
    member = archive.members[name]
    _check_plain(member)
    try:
        with archive.zip.open(member) as stream:
            copied(stream.read, target, allowance)
    except _DAMAGE as error:
        raise Refused("compression-error", _damaged(name, error)) from None


def digest(archive: Archive, name: str, allowance: Allowance) -> str:
    """The SHA-256 of a member, hexadecimal; Refused as `unpack` is."""
    member = archive.members[name]
    _check_plain(member)
    found = hashlib.sha256()
    try:
        with archive.zip.open(member) as stream:
            while piece := stream.read(_PIECE):
                allowance.take(len(piece))
                found.update(piece)
    except _DAMAGE as error:
        raise Refused("compression-error", _damaged(name, error)) from None
    return found.hexdigest()


def _members(opened: ZipFile) -> dict[str, ZipInfo]:
    infos = opened.infolist()
    if len(infos) > MEMBERS:
        raise _too_many()
    for name, count in Counter(info.orig_filename for info in infos).items():
        if _OUTSIDE.match(name) or "\0" in name:
            message = f"expected members below the package, got {shown(name)}; pack the .zip again"
            raise Refused("path-unsafe", message)
        if count > 1:
            message = f"expected each member once, got {shown(name)} again; pack the .zip again"
            raise Refused("package-error", message)
    return {info.filename: info for info in infos if not info.is_dir()}


def _check_plain(member: ZipInfo) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    name = shown(member.filename)
    if kind not in (0, stat.S_IFREG):
        message = f"expected a file, got {name}, a link or a device; put the file itself in"
        raise Refused("path-unsafe", message)
    if member.flag_bits & _ENCRYPTED:
        message = f"expected a file that can be read, got {name}, encrypted; pack it without"
        raise Refused("compression-error", message)
    # The library unpacks other methods in steps that it does not bound.
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        message = f"expected the method deflate, got {name} of another; pack the .zip again"
        raise Refused("compression-error", message)


def _too_many() -> Refused:
    message = f"expected a .zip of at most {MEMBERS:,} members, got more; leave files out"
    return Refused("package-limit", message)


def _damaged(name: str, error: Exception) -> str:
    return f"expected a whole .zip, got {shown(name)}, damaged ({error}); fetch it or pack it again"
