"""A published version fetched into a folder, from any place that versions are fetched from."""

from __future__ import annotations

from pathlib import Path

from dateline.build.issues import UsageError
from dateline.build.targets.layout import LATEST
from dateline.build.targets.registry import is_known, module_of, scheme_of


def is_published(location: str) -> bool:
    """Whether something named is a place of published versions, not a package on the disk."""
    return is_known(location) or (Path(location) / LATEST).is_file()


def fetched(location: str, into: Path) -> Path:
    """The folder below `into`, which is empty, with a published version, its sums checked.

    `location` is the place of one version, or of all, whose newest is fetched then. RemoteFailure
    where it cannot be had whole, UsageError where nothing is fetched from places of its scheme.
    """
    module = module_of(location)
    if not hasattr(module, "fetched"):
        raise UsageError(f"{scheme_of(location)}: expected a place to fetch from; got one to write")
    folder: Path = module.fetched(location, into)
    return folder
