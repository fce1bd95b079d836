"""Versions as Semantic Versioning has them: what is one, and which of two is the newer."""

from __future__ import annotations

from semver import Version


def version_of(value: object) -> Version | None:
    """The version of a text, null for what is none."""
    if not isinstance(value, str) or not Version.is_valid(value):
        return None
    return Version.parse(value)


def is_version(value: object) -> bool:
    """Whether a value is the text of a version."""
    return version_of(value) is not None


def is_newer(version: str, than: str) -> bool:
    """Whether a version has precedence over another; ValueError where one is none."""
    return Version.parse(version) > Version.parse(than)
