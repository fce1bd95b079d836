"""What changed of a field that two schemas share: type, null, values, constraints, words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dateline.build.issues import shown
from dateline.build.standard.model import Field
from dateline.build.standard.values import native, reader

# Rule, old and new value, message: a change of a field without its place.
Found = tuple[str, Any, Any, str]

_WIDER = {("integer", "number"), ("year", "integer"), ("year", "number")}
_ARROW = {"int16": 1, "int32": 2, "int64": 3, "float32": 1, "float64": 2}
# How values of the type are written.
_WRITTEN = {
    "bareNumber": True,
    "decimalChar": ".",
    "delimiter": ",",
    "falseValues": ["false", "False", "FALSE", "0"],
    "groupChar": None,
    "itemType": "string",
    "trueValues": ["true", "True", "TRUE", "1"],
}
# Limits of which a larger one, or a smaller one, allows less.
_LOWER = ("minimum", "exclusiveMinimum", "minLength")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength")
_OTHER = ("pattern", "jsonSchema", "unique")
_MEANING = ("title", "description", "dateline:unit", "rdfType")
_TOLD = {
    *("name", "type", "format", "constraints", "categories", "missingValues", "dateline:arrow"),
    *_MEANING,
    *_WRITTEN,
}


def field_changes(old: Field, new: Field) -> Iterator[Found]:
    """All that changed of a field, by rule; the order of the rules is always the same."""
    yield from _type(old, new)
    yield from _nullability(old, new)
    yield from _values(old, new)
    yield from _constraints(old, new)
    if old.missing_values != new.missing_values:
        was, now = sorted(old.missing_values), sorted(new.missing_values)
        yield "RESOURCE_FORM", was, now, f"null was written {_texts(was)}, is written {_texts(now)}"
    yield from worded(old.descriptor, new.descriptor, _MEANING)
    yield from described(old.descriptor, new.descriptor, _TOLD)


def worded(
    old: dict[str, Any], new: dict[str, Any], names: tuple[str, ...] = ("title", "description")
) -> Iterator[Found]:
    """The properties that say what something means and have changed."""
    for name in names:
        was, now = old.get(name), new.get(name)
        if was != now:
            words = f"{name} was {_said(was)}, is {_said(now)}; a person decides"
            yield "UNITS_OR_MEANING", was, now, words


def described(old: dict[str, Any], new: dict[str, Any], told: set[str]) -> Iterator[Found]:
    """All other properties that have changed; those in `told` are left out."""
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if name not in told and was != now:
            words = f"{name} was {_said(was)}, is {_said(now)}"
            yield "METADATA_CHANGED", was, now, words


def _texts(values: list[str]) -> str:
    return " or ".join(map(shown, values)) or "in no way"


def _said(value: Any) -> str:
    return "none" if value is None else shown(value, 40)


def _type(old: Field, new: Field) -> Iterator[Found]:
    was, now = _full_type(old), _full_type(new)
    if was != now:
        rule = "TYPE_WIDENED" if _is_wider(old, new) else "TYPE_NARROWED"
        yield rule, was, now, f"{was} became {now}"
        return
    for name, usual in _WRITTEN.items():
        written = [field.descriptor.get(name, usual) for field in (old, new)]
        if written[0] != written[1]:
            words = f"{name} was {_said(written[0])}, is {_said(written[1])}"
            yield "TYPE_NARROWED", *written, words


def _full_type(field: Field) -> str:
    arrow = field.descriptor.get("dateline:arrow")
    form = "" if field.format == "default" else f" ({field.format})"
    return f"{field.type}{form}" + (f" as {arrow}" if arrow else "")


def _is_wider(old: Field, new: Field) -> bool:
    if old.type == new.type and old.format == new.format:
        usual = "float64" if old.type == "number" else "int32"
        sizes = [_ARROW.get(f.descriptor.get("dateline:arrow", usual), 0) for f in (old, new)]
        return sizes[0] < sizes[1]
    if new.format != "default":
        return False
    # Every value has a text.
    return new.type in ("string", "any") or (old.type, new.type) in _WIDER


def _nullability(old: Field, new: Field) -> Iterator[Found]:
    if old.required and not new.required:
        yield "NULLABILITY_LOOSENED", True, False, "was required, may be null"
    if new.required and not old.required:
        yield "NULLABILITY_TIGHTENED", False, True, "might be null, is required"


def allowed(field: Field) -> list[Any] | None:
    """The values of a field's closed list, null where it has none."""
    enum = field.constraints.get("enum")
    if isinstance(enum, list):
        return enum
    given = field.descriptor.get("categories")
    if not isinstance(given, list):
        return None
    return [each.get("value") if isinstance(each, dict) else each for each in given]


def _values(old: Field, new: Field) -> Iterator[Found]:
    was, now = allowed(old), allowed(new)
    if was is None or now is None:
        if now is not None:
            yield "CONSTRAINT_TIGHTENED", None, now, "its values have become a closed list"
        if was is not None:
            yield "CONSTRAINT_LOOSENED", was, None, "its values are no closed list any more"
        return
    added = [value for value in now if value not in was]
    removed = [value for value in was if value not in now]
    if added:
        yield "ENUM_VALUE_ADDED", None, added, f"may be {_listed(added)} too"
    if removed:
        yield "ENUM_VALUE_REMOVED", removed, None, f"may not be {_listed(removed)} any more"
    labels = [_labels(field) for field in (old, new)]
    for value in was:
        if value in now and labels[0].get(value) != labels[1].get(value):
            both = (labels[0].get(value), labels[1].get(value))
            words = f"label of {value} was {_said(both[0])}, is {_said(both[1])}"
            yield "UNITS_OR_MEANING", *both, f"{words}; a person decides"


def _listed(values: list[Any]) -> str:
    more = f" and {len(values) - 5} more" if len(values) > 5 else ""
    return ", ".join(map(str, values[:5])) + more


def _labels(field: Field) -> dict[Any, Any]:
    given = field.descriptor.get("categories") or []
    return {each.get("value"): each.get("label") for each in given if isinstance(each, dict)}


def _constraints(old: Field, new: Field) -> Iterator[Found]:
    for name in (*_LOWER, *_UPPER, *_OTHER):
        # That a value need not be unique is what no constraint says too.
        given = (field.constraints.get(name) for field in (old, new))
        was, now = (None if value is False else value for value in given)
        if was == now:
            continue
        looser = now is None or (was is not None and _allows_more(name, (old, was), (new, now)))
        rule = "CONSTRAINT_LOOSENED" if looser else "CONSTRAINT_TIGHTENED"
        yield rule, was, now, f"{name} was {_said(was)}, is {_said(now)}"


def _allows_more(name: str, old: tuple[Field, Any], new: tuple[Field, Any]) -> bool:
    """Whether a limit is wider; of two patterns nobody can tell, so that it is not."""
    if name in _OTHER:
        return False
    was, now = (_limit(name, *each) for each in (old, new))
    try:
        return bool(now < was if name in _LOWER else now > was)
    except TypeError:
        return False


def _limit(name: str, field: Field, value: Any) -> Any:
    if name.endswith("Length"):
        return value
    read: Callable[[str], Any] = reader(field)
    return native(field, value, read)
