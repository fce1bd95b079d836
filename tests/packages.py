"""Data packages of any kind, written for the tests that judge them by the standard."""

import json
from pathlib import Path
from typing import Any

from dateline.build.issues import Issue
from dateline.build.read import Limits
from dateline.build.standard.files import Stored, file_issues
from dateline.build.standard.model import Package
from dateline.build.standard.opened import opened

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
LIMITS = Limits()
FIELDS: list[dict[str, Any]] = [{"name": "id", "type": "integer"}]


def descriptor(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A descriptor of version 2; resources without a name are r0, r1 ..."""
    named = [{"name": f"r{n}", **resource} for n, resource in enumerate(resources)]
    return {"$schema": V2, "resources": named, **members}


def schema(*fields: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A descriptor whose only resource, a.csv, has a schema of these fields (by default `id`)."""
    return descriptor({"path": "a.csv", "schema": {"fields": list(fields or FIELDS), **members}})


def version_1(found: dict[str, Any]) -> dict[str, Any]:
    """The same descriptor without the profile of version 2."""
    return {key: value for key, value in found.items() if key != "$schema"}


def write(folder: Path, found: object, **files: bytes) -> Path:
    """The folder of a package; the files' names have _ for their dot."""
    folder.mkdir(exist_ok=True)
    text = found if isinstance(found, bytes) else json.dumps(found, indent=2).encode()
    (folder / "datapackage.json").write_bytes(text)
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return folder


def open_package(
    path: Path | str, spill: Path, *, remote: bool = False, limits: Limits = LIMITS
) -> tuple[Package | None, list[Issue]]:
    """What opening gives, with `spill` made new."""
    spill.mkdir()
    return opened(str(path), allow_remote=remote, limits=limits, spill=spill)


def judged(path: Path | str, spill: Path) -> tuple[list[Issue], dict[str, Stored]]:
    """The issues of opening and of the files, and what was found of the files."""
    package, issues = open_package(path, spill)
    wrong, stored = file_issues(package) if package else ([], {})
    return issues + wrong, stored
