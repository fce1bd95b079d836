"""The files of a package: there, inside it, of the size and digest said, and no others."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dateline.build.issues import EnvironmentFailure, Issue, Place
from dateline.build.verify.opened import File, Opened


def file_issues(package: Opened) -> tuple[set[str], set[str], list[Issue]]:
    """Paths that can be read, those of them that are damaged, and the issues.

    A file whose size is wrong is not reported for its digest too.
    """
    absent = {file.path: _absence(package.folder, file) for file in package.files}
    present = [file for file in package.files if absent[file.path] is None]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda file: _damage(package.folder / file.path, file), present)
        damage = {file.path: issue for file, issue in zip(present, found, strict=True) if issue}
    issues = [*_extra_files(package), *filter(None, absent.values()), *damage.values()]
    return {file.path for file in present}, set(damage), issues


def _absence(folder: Path, file: File) -> Issue | None:
    path = folder / file.path
    place = (Place(file.path, pointer=file.pointer),)
    # Not Path.resolve, which raises where links go round in a circle.
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(os.path.realpath(folder)):
        message = f"expected a file inside the package, got a link to {target}"
        return Issue("package-path-unsafe", message, place)
    if not path.is_file():
        got = "a folder" if path.is_dir() else "nothing there"
        return Issue("package-file-missing", f"expected a file, got {got}", place)
    return None


def _damage(path: Path, file: File) -> Issue | None:
    place = (Place(file.path, pointer=file.pointer),)
    try:
        size = path.stat().st_size
        if size != file.bytes:
            message = f"expected {file.bytes} bytes, got {size}"
            return Issue("package-bytes", message, place)
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise EnvironmentFailure(f"{path}: cannot be read: {error.strerror}") from error
    if digest != file.sha256:
        message = f"expected the digest sha256:{file.sha256}, got sha256:{digest}"
        return Issue("package-hash", message, place)
    return None


def _extra_files(package: Opened) -> list[Issue]:
    named = {file.path for file in package.files} | {package.descriptor}
    found = (
        path.relative_to(package.folder).as_posix()
        for path in package.folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )
    message = "expected only files that a resource names, got another"
    return [
        Issue("package-extra-file", message, (Place(path),), "warning")
        for path in sorted(found)
        if path not in named
    ]
