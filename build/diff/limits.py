"""What changed of the values that a field may have: its closed list, its limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dateline.build.diff.words import Found, said
from dateline.build.standard.model import Field
from dateline.build.standard.values import native, reader

# Limits of which a larger one, or a smaller one, allows less.
_LOWER = ("minimum", "exclusiveMinimum", "minLength")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength")
_OTHER = ("pattern", "jsonSchema", "unique")


def value_changes(old: Field, new: Field) -> Iterator[Found]:
    """What changed of a closed list of values, however they are written, and of their labels."""
    was, now = _allowed(old), _allowed(new)
    if was is None or now is None:
        if now is not None:
            yield "CONSTRAINT_TIGHTENED", None, now, "its values have become a closed list"
        if was is not None:
            yield "CONSTRAINT_LOOSENED", was, None, "its values are no closed list any more"
        return
    before, after = _natives(old, was), _natives(new, now)
    added = [given for given, value in zip(now, after, strict=True) if value not in before]
    removed = [given for given, value in zip(was, before, strict=True) if value not in after]
    if added:
        yield "ENUM_VALUE_ADDED", None, added, f"may be {_listed(added)} too"
    if removed:
        yield "ENUM_VALUE_REMOVED", removed, None, f"may not be {_listed(removed)} any more"
    shared = [value for value in before if value in after]
    ordered = all(field.descriptor.get("categoriesOrdered") for field in (old, new))
    if ordered and shared != [value for value in after if value in before]:
        words = f"the order of its values was {_listed(was)}, is {_listed(now)}; a person decides"
        yield "UNITS_OR_MEANING", was, now, words
    yield from _label_changes(old, new, shared)


def _allowed(field: Field) -> list[Any] | None:
    """The values of a field's closed list as the descriptor has them, null where it has none."""
    enum = field.constraints.get("enum")
    if isinstance(enum, list):
        return enum
    given = field.descriptor.get("categories")
    if not isinstance(given, list):
        return None
    return [each.get("value") if isinstance(each, dict) else each for each in given]


def _natives(field: Field, values: list[Any]) -> list[Any]:
    """What the values mean; those that are none of the field's type as they stand."""
    found = [_native(field, value) for value in values]
    return [value if meant is None else meant for value, meant in zip(values, found, strict=True)]


def _native(field: Field, value: Any) -> Any:
    return native(field, value, reader(field))


def _listed(values: list[Any]) -> str:
    more = f" and {len(values) - 5} more" if len(values) > 5 else ""
    return ", ".join(map(str, values[:5])) + more


def _label_changes(old: Field, new: Field, values: list[Any]) -> Iterator[Found]:
    was, now = _labels(old), _labels(new)
    for value in values:
        if was.get(value) != now.get(value):
            both = (was.get(value), now.get(value))
            words = f"label of {value} was {said(both[0])}, is {said(both[1])}; a person decides"
            yield "UNITS_OR_MEANING", *both, words


def _labels(field: Field) -> dict[Any, Any]:
    given = [each for each in field.descriptor.get("categories") or [] if isinstance(each, dict)]
    values = _natives(field, [each.get("value") for each in given])
    return dict(zip(values, (each.get("label") for each in given), strict=True))


def limit_changes(old: Field, new: Field) -> Iterator[Found]:
    """Each limit that is new, gone, or allows more or less than before."""
    for name in (*_LOWER, *_UPPER, *_OTHER):
        # That a value need not be unique is what no constraint says too.
        given = (field.constraints.get(name) for field in (old, new))
        was, now = (None if value is False else value for value in given)
        before, after = _limit(name, old, was), _limit(name, new, now)
        if before == after:
            continue
        looser = now is None or (was is not None and _allows_more(name, before, after))
        rule = "CONSTRAINT_LOOSENED" if looser else "CONSTRAINT_TIGHTENED"
        yield rule, was, now, f"{name} was {said(was)}, is {said(now)}"


def _allows_more(name: str, was: Any, now: Any) -> bool:
    """Whether a limit is wider; of two patterns nobody can tell, so that it is not."""
    if name in _OTHER:
        return False
    try:
        return bool(now < was if name in _LOWER else now > was)
    except TypeError:
        return False


def _limit(name: str, field: Field, value: Any) -> Any:
    """What a limit means, null where there is none."""
    if value is None or name in _OTHER or name.endswith("Length"):
        return value
    return _natives(field, [value])[0]
