"""How versions lie in a place that holds files: `NAME/vVERSION/`, and which is the newest.

`NAME/latest.json` is a pointer: `name`, `version`, `path` from its own folder, and `sha256`, the
digest of the version's `SHA256SUMS`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dateline.build.issues import RemoteFailure
from dateline.build.standard.source import DESCRIPTOR
from dateline.build.sums import SIGNATURES, SUMS, digest
from dateline.build.targets.target import Item, Release
from dateline.build.versions import is_version

LATEST = "latest.json"
# The bytes that one has at most.
POINTER = 1 << 16


@dataclass(frozen=True)
class Pointer:
    """What `latest.json` says."""

    name: str
    version: str
    path: str
    sha256: str

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return (json.dumps(vars(self), indent=2, ensure_ascii=False) + "\n").encode()


def pointer_of(content: bytes, place: str) -> Pointer:
    """What the bytes of a `latest.json` say; RemoteFailure where it is not one of releases."""
    try:
        values = json.loads(content)
        found = Pointer(*(values[key] for key in ("name", "version", "path", "sha256")))
    except (ValueError, TypeError, LookupError, RecursionError):
        found = None
    if found is None or not all(isinstance(v, str) for v in vars(found).values()):
        raise RemoteFailure(f"{place}: expected a pointer to a release, got another file")
    if not is_version(found.version):
        raise RemoteFailure(f"{place}: expected a semantic version, got another")
    return found


def pointer_to(release: Release, path: str) -> Pointer:
    """The pointer that says that a release is the newest, at a path beside it."""
    return Pointer(release.name, release.version, path, digest(release.folder / SUMS))


def file_items(release: Release) -> list[Item]:
    """The files of a release: its sums, which claim the version, all others, the descriptor."""
    signatures = [name for name in SIGNATURES if (release.folder / name).is_file()]
    digests = {name: digest(release.folder / name) for name in (SUMS, *signatures)}
    digests |= {name: release.sums[name] for name in sorted(release.sums) if name != DESCRIPTOR}
    digests[DESCRIPTOR] = release.sums[DESCRIPTOR]
    return [_item(release.folder, name, sha256) for name, sha256 in digests.items()]


def _item(folder: Path, name: str, sha256: str) -> Item:
    file = folder / name
    return Item(name, file, file.stat().st_size, sha256)
