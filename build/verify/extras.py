"""The files of a package's folder that nothing describes."""

from __future__ import annotations

from dateline.build.issues import Issue, Place
from dateline.build.standard.model import Package
from dateline.build.verify.sealed import signed_files


def extra_files(package: Package) -> list[Issue]:
    """Warnings of the files that nothing describes; of a .zip or an address nothing is known."""
    paths = [resource.get("path") for resource in package.descriptor["resources"]]
    named = {each for path in paths for each in (path if isinstance(path, list) else [path])}
    named |= signed_files(package)
    if not (package.folder / package.file).is_file():
        return []
    found = (
        path.relative_to(package.folder).as_posix()
        for path in package.folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )
    message = "expected only files that a resource names, got another; take it out of the folder"
    return [
        Issue("package-extra-file", message, (Place(path),), "warning")
        for path in sorted(found)
        if path not in named and path != package.file
    ]
