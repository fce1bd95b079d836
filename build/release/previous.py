"""The release before: the newest of the same name in a folder, or the one that is named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from semver import Version

from dateline.build.issues import EnvironmentFailure, InvalidInput, UsageError, shown
from dateline.build.read import Limits
from dateline.build.release.entries import lacking
from dateline.build.standard.paths import Allowance, Refused
from dateline.build.standard.source import DESCRIPTOR, is_zip, unpacked_package
from dateline.build.targets.fetch import fetched, is_published
from dateline.build.verify import archive_issues, sums_issues
from dateline.build.versions import version_of
from dateline.schema import load_codebook

NONE = "none"


@dataclass(frozen=True)
class Previous:
    """A release: how it is called, its folder on disk, what its descriptor says."""

    path: str
    folder: Path
    descriptor: dict[str, Any]

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.descriptor["version"])


def previous(
    name: str, given: str | None, releases: Path, limits: Limits, spill: Path
) -> Previous | None:
    """The release to go on from, null for none; what is unpacked goes into `spill`.

    `given` is a folder, a .zip, a place of published versions, or `none`; without it (null) it is
    the newest of that name among the releases. EnvironmentFailure where it is not there,
    RemoteFailure where it cannot be fetched, InvalidInput where a byte of it has changed,
    UsageError where it is no release of that name with a version to compare.
    """
    if given == NONE:
        return None
    if given is not None and is_published(given):
        path: Path | None = fetched(given, spill)
    else:
        path = _newest(name, releases) if given is None else Path(given)
    if path is None:
        return None
    if not path.exists():
        raise EnvironmentFailure(f"{path}: expected a release, got nothing there")
    folder = path if path.is_dir() else _unpacked(path, limits, spill)
    if issues := [*archive_issues(str(path)), *sums_issues(folder)]:
        raise InvalidInput(f"{path}: {issues[0].message}")
    descriptor = _descriptor(path, folder, name)
    try:
        wrong = lacking(folder, load_codebook())
    except (pa.ArrowInvalid, OSError):
        raise InvalidInput(
            f"{path}: a table cannot be read; `dateline validate` says more"
        ) from None
    if wrong is not None:
        message = f"expected a release with the column {wrong}, got none"
        raise UsageError(f"{path}: {message}; start anew with --previous none")
    return Previous(given or str(path), folder, descriptor)


def _newest(name: str, releases: Path) -> Path | None:
    """The release of the highest version: its folder, or where that is gone its .zip."""
    found: dict[Version, Path] = {}
    for path in sorted(releases.glob(f"{name}-*")):
        is_packed = path.is_file() and path.suffix == ".zip"
        text = (path.name.removesuffix(".zip") if is_packed else path.name).removeprefix(f"{name}-")
        version = version_of(text)
        if version is not None and (is_packed or (path / DESCRIPTOR).is_file()):
            # A folder comes before its .zip.
            found.setdefault(version, path)
    return found[max(found)] if found else None


def _descriptor(path: Path, folder: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / DESCRIPTOR).read_bytes())
    except (OSError, ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or "dateline:version" not in content:
        raise UsageError(f"{path}: expected a release or a package of this tool, got another")
    version = content.get("version")
    if content.get("name") != name:
        message = f"expected a release of {name}, got one of {shown(content.get('name'))}"
        raise UsageError(f"{path}: {message}; a dataset keeps its name")
    if not isinstance(version, str) or version_of(version) is None:
        message = f"expected a release with a version like 1.2.0, got {shown(version)}"
        raise UsageError(f"{path}: {message}; start anew with --previous none")
    return content


def _unpacked(path: Path, limits: Limits, spill: Path) -> Path:
    if not is_zip(path):
        raise UsageError(f"{path}: expected the folder of a release or its .zip, got another file")
    try:
        return unpacked_package(path, Allowance(limits.unpacked_bytes), spill)
    except Refused as refused:
        raise InvalidInput(f"{path}: {refused.message}") from None
