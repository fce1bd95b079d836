"""From a path to the release that it holds: a folder of `dateline release`, or its .zip."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from dateline.build.issues import EnvironmentFailure, InvalidInput, shown
from dateline.build.read import Limits
from dateline.build.standard.paths import Allowance, Refused
from dateline.build.standard.source import DESCRIPTOR, unpacked_package
from dateline.build.sums import SUFFIX, SUMS, parsed
from dateline.build.targets.target import Release
from dateline.build.verify import archive_issues, sums_issues
from dateline.build.versions import is_version

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def release_of(path: Path, spill: Path) -> Release:
    """The release of a folder or a .zip, which is unpacked into `spill`, an empty folder.

    InvalidInput where it is none or a byte of it is not as `SHA256SUMS` says, EnvironmentFailure
    where nothing is there.
    """
    if not path.exists():
        raise EnvironmentFailure(f"{path}: expected a release, got nothing there")
    folder = path if path.is_dir() else _unpacked(path, spill)
    sums = _checked_sums(folder, path)
    descriptor = _descriptor(folder, path)
    name, version = descriptor.get("name"), descriptor.get("version")
    # The name becomes one of a folder: no part of it may lead elsewhere.
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not is_version(version):
        raise InvalidInput(
            f"{path}: expected a release with a name of small letters, digits and ._- and with a "
            f"semantic version, got {shown(name)} {shown(version)}; make one with "
            "`dateline release`"
        )
    packed = _archive(folder) if path.is_dir() else path
    return Release(folder, packed, name, str(version), descriptor, sums)


def _archive(folder: Path) -> Path | None:
    """The .zip beside the folder whose digest stands beside it; null where there are not both."""
    packed = folder.parent / f"{folder.name}.zip"
    if not packed.is_file() or not packed.with_name(packed.name + SUFFIX).is_file():
        return None
    if issues := archive_issues(str(packed)):
        raise InvalidInput(f"{packed}: {issues[0].message}")
    return packed


def _unpacked(path: Path, spill: Path) -> Path:
    try:
        return unpacked_package(path, Allowance(Limits().unpacked_bytes), spill)
    except Refused as refused:
        raise InvalidInput(f"{path}: {refused.message}") from None


def _checked_sums(folder: Path, path: Path) -> dict[str, str]:
    """The digests by path, each of which is that of its file; no file is without one."""
    if not (folder / SUMS).is_file():
        raise InvalidInput(
            f"{path}: expected a release with {SUMS}, got none; make one with `dateline release`"
        )
    if issues := sums_issues(folder):
        raise InvalidInput(f"{path}: {issues[0].message}")
    return parsed((folder / SUMS).read_text("utf-8"))


def _descriptor(folder: Path, path: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / DESCRIPTOR).read_bytes())
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise InvalidInput(f"{path}: expected a release with a {DESCRIPTOR}, got none")
    return content
