"""What a property was and is, in words: of a package, a resource, a schema or a field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dateline.build.issues import shown

# Rule, old and new value, message: a change without its place.
Found = tuple[str, Any, Any, str]


def worded(
    old: dict[str, Any], new: dict[str, Any], names: tuple[str, ...] = ("title", "description")
) -> Iterator[Found]:
    """The properties that say what something means and have changed."""
    for name in names:
        # What is empty or false says no more than what is not there.
        was, now = old.get(name) or None, new.get(name) or None
        if was != now:
            words = f"{name} was {said(was)}, is {said(now)}; a person decides"
            yield "UNITS_OR_MEANING", was, now, words


def described(old: dict[str, Any], new: dict[str, Any], told: set[str]) -> Iterator[Found]:
    """All other properties that have changed; those in `told` are left out."""
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if name not in told and was != now:
            words = f"{name} was {said(was)}, is {said(now)}"
            yield "METADATA_CHANGED", was, now, words


def listed(values: list[str]) -> str:
    """Texts for null in words."""
    return " or ".join(map(shown, values)) or "in no way"


def said(value: Any) -> str:
    """A value in words, cut where it is long."""
    return "none" if value is None else shown(value, 40)
