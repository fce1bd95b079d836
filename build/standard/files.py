"""The stored files of resources: there, of the size and the digest that the descriptor says."""

from __future__ import annotations

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dateline.build.issues import Cell, Issue, Place
from dateline.build.standard.model import File, Package, Resource

_PIECE = 1 << 20


@dataclass(frozen=True)
class Stored:
    """What was found of a resource's files: `readable` says whether their content may be read.

    `bytes` is their sum and `sha256` the digest of their content in order, null where one of them
    cannot be read or the resource has none. A file of another size or digest may be read.
    """

    readable: bool
    bytes: int | None = None
    sha256: str | None = None


def file_issues(package: Package) -> tuple[list[Issue], dict[str, Stored]]:
    """What is wrong with the files of a package, and what was found, by resource.

    A resource whose size is wrong is not reported for its digest too.
    """
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(_stored, package.resources))
    issues = [issue for wrong, _ in found for issue in wrong]
    names = [resource.name for resource in package.resources]
    return issues, {name: stored for name, (_, stored) in zip(names, found, strict=True)}


def _stored(resource: Resource) -> tuple[list[Issue], Stored]:
    absent = [issue for file in resource.files if (issue := _absence(resource, file))]
    if absent or not resource.files:
        return absent, Stored(False)
    algorithm, expected = resource.hash or ("sha256", None)
    digests = {name: hashlib.new(name) for name in dict.fromkeys(("sha256", algorithm))}
    size = 0
    for file in resource.files:
        try:
            with file.local.open("rb") as content:
                while piece := content.read(_PIECE):
                    size += len(piece)
                    for each in digests.values():
                        each.update(piece)
        except OSError as error:
            return [_unreadable(resource, file, error)], Stored(False)
    got = digests[algorithm].hexdigest()
    issues = _differences(resource, size, algorithm, expected, got)
    return issues, Stored(True, size, digests["sha256"].hexdigest())


def _differences(
    resource: Resource, size: int, algorithm: str, expected: str | None, got: str
) -> list[Issue]:
    what = "the file" if len(resource.files) == 1 else "the files together"
    remedy = f"fetch {what} again, or correct the descriptor if the change is meant"
    place, cell = (_place(resource, resource.files[0]),), Cell(resource.name)
    if resource.bytes is not None and resource.bytes != size:
        message = f"expected {resource.bytes:,} bytes of {what}, got {size:,}; {remedy}"
        return [Issue("byte-count", message, place, cell=cell)]
    if expected is not None and expected != got:
        if len(expected) != len(got):
            remedy = "write the algorithm before the digest, as in sha256:…, and all digits"
        message = f"expected the digest {algorithm}:{expected} of {what}, got {got}; {remedy}"
        return [Issue("hash-count", message, place, cell=cell)]
    return []


def _absence(resource: Resource, file: File) -> Issue | None:
    try:
        mode = file.local.stat().st_mode
    except OSError as error:
        return _unreadable(resource, file, error)
    if stat.S_ISREG(mode):
        return None
    got = "a folder" if stat.S_ISDIR(mode) else "a special file"
    message = f"expected a file, got {got}; name a file"
    return Issue("scheme-error", message, (_place(resource, file),), cell=Cell(resource.name))


def _unreadable(resource: Resource, file: File, error: OSError) -> Issue:
    if isinstance(error, FileNotFoundError):
        message = "expected a file, got nothing there; add it or correct the path"
    else:
        message = f"expected a file that can be read, got: {error.strerror}; put the file there"
    return Issue("scheme-error", message, (_place(resource, file),), cell=Cell(resource.name))


def _place(resource: Resource, file: File) -> Place:
    return Place(file.path, pointer=resource.pointer)
