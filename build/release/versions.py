"""Versions as releases have them: which one is the newer, and how much one gives after another."""

from __future__ import annotations

from semver import Version

from dateline.build.diff.bump import is_enough
from dateline.build.diff.model import Bump


def version_of(text: str) -> Version | None:
    """The version of a text, null where it is none of Semantic Versioning."""
    return Version.parse(text) if Version.is_valid(text) else None


def granted(old: str, new: str) -> Bump:
    """The largest bump that a version is enough for after `old`."""
    return max((bump for bump in Bump if is_enough(old, new, bump)), default=Bump.NONE)
