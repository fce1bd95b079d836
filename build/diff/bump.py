"""How far a version has to go up, by the rules of compatibility and Semantic Versioning."""

from __future__ import annotations

from typing import Any

from semver import Version

from dateline.build.diff.model import Bump, Change
from dateline.build.versions import version_of
from dateline.schema import load_compatibility

_REFUSED = "refused"


def change(
    rule: str,
    compat: str,
    place: tuple[str | None, str | None],
    values: tuple[Any, Any],
    message: str,
    *,
    unless: bool = False,
) -> Change:
    """A change by a rule of compatibility, with the bump that it asks for under `compat`.

    `place` is resource and field, `values` old and new; `unless` says that the rule's exception
    holds.
    """
    entry = load_compatibility()[rule]
    level = (entry["unless"] if unless else entry)[compat]
    # What must not be released at all has no version: none is far enough.
    bump = Bump.MAJOR if level == _REFUSED else Bump[level.upper()]
    return Change(rule, *place, *values, message, bump)


def is_refused(change: Change) -> bool:
    """Whether a change must not be released, whatever the version."""
    return bool(load_compatibility()[change.rule]["exact"] == _REFUSED)


def at_least(version: str | None, bump: Bump) -> str | None:
    """The lowest version after one, by a bump; null where that is no semantic version.

    Below 1.0.0 a major change raises the second number, any other the third. After a pre-release it
    is the version that was announced, where that is raised far enough.
    """
    lowest = _lowest(version, bump)
    return None if lowest is None else str(lowest)


def is_enough(old: str | None, new: str | None, bump: Bump) -> bool | None:
    """Whether a version goes up as far as a bump asks; null where one is no semantic version.

    A pre-release of a version that is enough is enough, where it comes after the old version.
    """
    lowest, before, given = _lowest(old, bump), version_of(old), version_of(new)
    if lowest is None or before is None or given is None:
        return None
    return given.finalize_version() >= lowest and (bump is Bump.NONE or given > before)


def _lowest(version: str | None, bump: Bump) -> Version | None:
    given = version_of(version)
    if given is None or bump is Bump.NONE:
        return None if given is None else given.finalize_version()
    if given.major == 0:
        bump = Bump.MINOR if bump is Bump.MAJOR else Bump.PATCH
    below = {Bump.MAJOR: (given.minor, given.patch), Bump.MINOR: (given.patch,)}.get(bump, ())
    if given.prerelease and not any(below):
        return given.finalize_version()
    if bump is Bump.MAJOR:
        return given.bump_major()
    return given.bump_minor() if bump is Bump.MINOR else given.finalize_version().bump_patch()
