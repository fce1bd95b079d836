"""Whether what a Table Schema says of a field can be meant: its values are of the field's type."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.issues import Finding, shown
from dateline.build.standard.model import Json

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COLLECTIONS = ("string", "array", "object", "list")
_ORDERED = tuple("integer number date time datetime duration year yearmonth".split())
# The types of fields that a constraint may stand with; of all where it is not here.
_TYPES: dict[str, tuple[str, ...]] = {
    "minLength": _COLLECTIONS,
    "maxLength": _COLLECTIONS,
    "pattern": ("string",),
    **dict.fromkeys(_BOUNDS, _ORDERED),
}
_INTEGER = re.compile(r"[+-]?[0-9]+")
_YEAR = re.compile(r"-?[0-9]{4,}")
_YEARMONTH = re.compile(r"-?[0-9]{4,}-(?:0[1-9]|1[0-2])")
_DURATION = re.compile(r"-?P(?=.)(?:[0-9.]+[YMWD])*(?:T(?:[0-9.]+[HMS])+)?")
_TEMPORAL: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def field_findings(field: Json, pointer: str, major: int) -> Iterator[Finding]:
    """The constraints, categories and example of a field that are not of its type."""
    constraints = field.get("constraints", {})
    at = f"{pointer}/constraints"
    # In version 1 a field without a type is a string.
    kind = field.get("type", "string" if major == 1 else "any")
    for name in constraints:
        if name in _TYPES and kind not in _TYPES[name]:
            message = f"expected a constraint of the type {kind}, got {name}"
            remedy = "remove it, or declare the type that it is meant for"
            yield Finding("field-error", f"{at}/{name}", f"{message}; {remedy}")
    for name in _BOUNDS:
        if name in constraints:
            yield from _misfit(field, constraints[name], f"{at}/{name}")
    for index, value in enumerate(constraints.get("enum", ())):
        yield from _misfit(field, value, f"{at}/enum/{index}")
    for index, category in enumerate(field.get("categories", ())):
        value = category["value"] if isinstance(category, dict) else category
        yield from _misfit(field, value, f"{pointer}/categories/{index}")
    if "example" in field:
        yield from _misfit(field, field["example"], f"{pointer}/example")
    pattern = constraints.get("pattern")
    if pattern is not None and not _is_pattern(pattern):
        message = f"expected a regular expression, got {shown(pattern)}; correct it"
        yield Finding("field-error", f"{at}/pattern", message)


def _misfit(field: Json, value: Any, pointer: str) -> Iterator[Finding]:
    kind = field.get("type", "any")
    fits = _FITS.get(kind)
    if fits is not None and not fits(field, value):
        message = f'expected a value of the type {kind}, got {shown(value)}; see "{field["name"]}"'
        yield Finding("field-error", pointer, message)


def _is_pattern(pattern: str) -> bool:
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
        return True
    except pa.ArrowInvalid:
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError):
            return False
    return True


def _is_string(field: Json, value: Any) -> bool:
    return isinstance(value, str)


def _is_boolean(field: Json, value: Any) -> bool:
    words = [
        *field.get("trueValues", ("true", "True", "TRUE", "1")),
        *field.get("falseValues", ("false", "False", "FALSE", "0")),
    ]
    return isinstance(value, bool) or value in words


def _is_integer(field: Json, value: Any) -> bool:
    if isinstance(value, str):
        plain = value.replace(field.get("groupChar") or ",", "") if "groupChar" in field else value
        return field.get("bareNumber") is False or _INTEGER.fullmatch(plain) is not None
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return whole and not isinstance(value, bool)


def _is_number(field: Json, value: Any) -> bool:
    if isinstance(value, str):
        plain = value.replace(field["groupChar"], "") if field.get("groupChar") else value
        plain = plain.replace(field.get("decimalChar") or ".", ".")
        try:
            Decimal(plain)
        except InvalidOperation:
            return field.get("bareNumber") is False
        return True
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_temporal(field: Json, value: Any) -> bool:
    form = field.get("format", "default")
    if not isinstance(value, str) or form == "any":
        return isinstance(value, str)
    # Bounds are written in the field's own format, or as JSON Schema would: ISO 8601.
    try:
        _TEMPORAL[field["type"]](value)
    except ValueError:
        return form != "default" and _is_of_form(value, form.removeprefix("fmt:"))
    return True


def _is_of_form(value: str, form: str) -> bool:
    try:
        datetime.strptime(value, form)
    except (ValueError, re.error):
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Callable[[Json, Any], bool]:
    def fits(field: Json, value: Any) -> bool:
        plain = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return isinstance(plain, str) and pattern.fullmatch(plain) is not None

    return fits


# Of the other types any JSON may be a value.
_FITS: dict[str, Callable[[Json, Any], bool]] = {
    "string": _is_string,
    "boolean": _is_boolean,
    "integer": _is_integer,
    "number": _is_number,
    "date": _is_temporal,
    "datetime": _is_temporal,
    "time": _is_temporal,
    "year": _matches(_YEAR),
    "yearmonth": _matches(_YEARMONTH),
    "duration": _matches(_DURATION),
}
