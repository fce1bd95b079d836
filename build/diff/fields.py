"""What changed of a field that two schemas share: type, null, values, constraints, words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dateline.build.diff.limits import limit_changes, value_changes
from dateline.build.diff.words import Found, described, listed, said, worded
from dateline.build.standard.model import Field

_WIDER = {("integer", "number"), ("year", "integer"), ("year", "number")}
_ARROW = {"int16": 1, "int32": 2, "int64": 3, "float32": 1, "float64": 2}
_NUMBERS = ("integer", "number")
# How values are written: what is usual, and the types of which it is said.
_WRITTEN: dict[str, tuple[Any, tuple[str, ...]]] = {
    "arrayItem": (None, ("array",)),
    "bareNumber": (True, _NUMBERS),
    "decimalChar": (".", _NUMBERS),
    "delimiter": (",", ("list",)),
    "falseValues": (["false", "False", "FALSE", "0"], ("boolean",)),
    "groupChar": (None, _NUMBERS),
    "itemType": ("string", ("list",)),
    "trueValues": (["true", "True", "TRUE", "1"], ("boolean",)),
}
_MEANING = ("title", "description", "dateline:unit", "rdfType", "categoriesOrdered")
_TOLD = {
    *("name", "type", "format", "constraints", "categories", "missingValues", "dateline:arrow"),
    *_MEANING,
    *_WRITTEN,
}


def field_changes(old: Field, new: Field) -> Iterator[Found]:
    """All that changed of a field, by rule; the order of the rules is always the same."""
    if replace(old, pointer="") == replace(new, pointer=""):
        # Most fields: what reads the values of a descriptor takes a second to be loaded.
        return
    yield from _type(old, new)
    yield from _nullability(old, new)
    yield from value_changes(old, new)
    yield from limit_changes(old, new)
    if old.missing_values != new.missing_values:
        was, now = sorted(old.missing_values), sorted(new.missing_values)
        yield "RESOURCE_FORM", was, now, f"null was written {listed(was)}, is written {listed(now)}"
    yield from worded(old.descriptor, new.descriptor, _MEANING)
    yield from described(old.descriptor, new.descriptor, _TOLD)


def _type(old: Field, new: Field) -> Iterator[Found]:
    was, now = _full_type(old), _full_type(new)
    if was != now:
        rule = "TYPE_WIDENED" if _is_wider(old, new) else "TYPE_NARROWED"
        yield rule, was, now, f"{was} became {now}"
        return
    for name, (usual, kinds) in _WRITTEN.items():
        written = [field.descriptor.get(name, usual) for field in (old, new)]
        if new.type in kinds and _unordered(written[0]) != _unordered(written[1]):
            words = f"{name} was {said(written[0])}, is {said(written[1])}"
            yield "TYPE_NARROWED", *written, words


def _unordered(written: Any) -> Any:
    return sorted(written) if isinstance(written, list) else written


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
