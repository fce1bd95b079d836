"""What a release is where places take single files: its archive, and what is read beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dateline.build.issues import InvalidInput
from dateline.build.standard.source import DESCRIPTOR
from dateline.build.sums import SIGNATURES, SUMS, digest
from dateline.build.targets.target import Item, Release

_READ = ("README.md", "CHANGELOG.md", "CITATION.cff")


def assets(release: Release) -> Sequence[Item]:
    """The sums, signatures, texts, the archive with its own digest, and last the descriptor.

    InvalidInput where the release has no archive, or a file without a byte, which such places
    refuse.
    """
    archive = release.archive
    if archive is None:
        expected = f"{release.folder.name}.zip"
        raise InvalidInput(f"{release.folder}: expected {expected} beside it, got none")
    named = (SUMS, *SIGNATURES, *_READ)
    files = [release.folder / name for name in named if (release.folder / name).is_file()]
    beside = archive.with_name(f"{archive.name}.sha256")
    files += [archive, *([beside] if beside.is_file() else []), release.folder / DESCRIPTOR]
    return [_item(file) for file in files]


def _item(file: Path) -> Item:
    size = file.stat().st_size
    if not size:
        raise InvalidInput(f"{file}: expected a file with content, got an empty one")
    return Item(file.name, file, size, digest(file))
