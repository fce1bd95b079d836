"""What a user names as a package, a folder, a descriptor, a .zip or an address, made readable."""

from __future__ import annotations

import hashlib
import os
import posixpath
import stat
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from dateline.build.issues import EnvironmentFailure, UsageError, shown
from dateline.build.standard.paths import Allowance, Refused, check_path, in_folder, is_url
from dateline.build.standard.remote import fetch
from dateline.build.standard.unzip import Archive, archive, unpack

DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Source:
    """Where the files of a package come from.

    `file` is the name of its descriptor. `get` gives the local file of a path or an address that a
    descriptor holds, which may not exist; it raises Refused where that must not or cannot be read.
    """

    folder: Path
    file: str
    get: Callable[[str], Path]


def source(
    path: str, *, allow_remote: bool, allowance: Allowance, spill: Path, stack: ExitStack
) -> Source:
    """The source that a path names; `stack` closes it.

    UsageError where a path is an address and that is not allowed, EnvironmentFailure where it does
    not exist or is neither file nor folder, Refused where it is a .zip that must not be read.
    """
    far = partial(_far, allow_remote=allow_remote, allowance=allowance, spill=spill)
    if is_url(path):
        if not allow_remote:
            raise UsageError(f"{path}: expected a path, got an address; add --allow-remote")
        address = path + DESCRIPTOR if path.endswith("/") else path
        local = fetch(address, spill, allowance)
        if not is_zip(local):
            return Source(spill, _last(address), partial(_beside, address, far))
    else:
        local = Path(path)
    if local.is_dir():
        return Source(local, DESCRIPTOR, partial(_near, partial(in_folder, local), far))
    _check_file(local, path)
    if is_zip(local):
        return _zipped(stack.enter_context(archive(local)), far, spill, allowance)
    # A descriptor that is named itself may be a link, and its name may begin with a dot.
    near = partial(_named_itself, local)
    return Source(local.parent, local.name, partial(_near, near, far))


def _named_itself(descriptor: Path, path: str) -> Path:
    return descriptor if path == descriptor.name else in_folder(descriptor.parent, path)


def _check_file(local: Path, path: str) -> None:
    try:
        mode = local.stat().st_mode
    except FileNotFoundError:
        message = f"{path}: expected a data package, got nothing there"
        raise EnvironmentFailure(message) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise EnvironmentFailure(f"{path}: cannot be read: {reason}") from None
    if not stat.S_ISREG(mode):
        raise EnvironmentFailure(f"{path}: expected a folder or a file, got a special file")
    if not os.access(local, os.R_OK):
        raise EnvironmentFailure(f"{path}: cannot be read: permission denied")


def is_zip(local: Path) -> bool:
    """Whether a file is a .zip, by what it begins with."""
    with local.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _near(local: Callable[[str], Path], far: Callable[[str], Path], path: str) -> Path:
    return far(path) if is_url(path) else local(path)


def _far(path: str, *, allow_remote: bool, allowance: Allowance, spill: Path) -> Path:
    if not allow_remote:
        message = f"expected a file of the package, got the address {shown(path)}"
        raise Refused("scheme-error", f"{message}; add --allow-remote to fetch it")
    return fetch(path, spill, allowance)


def _last(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2] or DESCRIPTOR


def _beside(base: str, far: Callable[[str], Path], path: str) -> Path:
    """The file of a path relative to the address of a descriptor."""
    if is_url(path):
        return far(path)
    if path == _last(base):
        return far(base)
    check_path(path)
    return far(urljoin(base, quote(path)))


def _zipped(
    opened: Archive, far: Callable[[str], Path], spill: Path, allowance: Allowance
) -> Source:
    top = top_of(opened)

    def member(path: str) -> Path:
        check_path(path)
        name = top + posixpath.normpath(path)
        target = spill / f"unzipped-{hashlib.sha256(name.encode()).hexdigest()}"
        if name in opened.members and not target.exists():
            unpack(opened, name, target, allowance)
        return target

    return Source(spill, DESCRIPTOR, partial(_near, member, far))


def top_of(opened: Archive) -> str:
    """The folder of the descriptor in a .zip with its slash; empty where that is the root.

    Refused where there is none.
    """
    if DESCRIPTOR in opened.members:
        return ""
    tops = {name.partition("/")[0] for name in opened.members} - {"__MACOSX"}
    top = min(tops, default="") + "/"
    if len(tops) != 1 or top + DESCRIPTOR not in opened.members:
        message = f"expected a {DESCRIPTOR} at the top of the .zip or in its only folder, got none"
        raise Refused("package-error", f"{message}; pack the folder of the package")
    return top


def unpacked_package(path: Path, allowance: Allowance, spill: Path) -> Path:
    """The folder `spill`, empty before, with all files of a .zip, its top folder left out.

    Refused where it must not be read or has no descriptor.
    """
    with archive(path) as opened:
        top = top_of(opened)
        for name in opened.members:
            check_path(name)
            target = spill / name.removeprefix(top)
            target.parent.mkdir(parents=True, exist_ok=True)
            unpack(opened, name, target, allowance)
    return spill
