"""Text read as a value of a field's type: the reference that every fast check has to agree with.

frictionless reads what `lexical` lets through; null stands for text that is of another type.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any

from dateline.build.standard import lexical
from dateline.build.standard.durations import Duration, duration
from dateline.build.standard.model import Field, Json

Reader = Callable[[str], Any]

# Warnings are the process's, and cells are judged on several threads.
_QUIET = Lock()


def reader(field: Field) -> Reader:
    """A function from the text of a cell to its value, null where it is of another type."""
    form = field.format.removeprefix("fmt:")
    if (field.type, form, field.major) == ("time", "default", 1):
        return _temporal("time", form, "time of version 1")
    return _reader(field.type, form, field.descriptor)


def native(field: Field, value: Any, read: Reader) -> Any:
    """The value that a constraint means, given as JSON value or as text of the field's type."""
    if isinstance(value, str) and field.type not in ("object", "array", "geojson"):
        return read(value)
    if isinstance(value, bool) or value is None:
        return value if field.type in ("boolean", "any") else None
    if isinstance(value, int | float):
        return _native_number(field.type, value)
    return value


def _native_number(kind: str, value: float) -> Any:
    if kind in ("number", "any"):
        return Decimal(str(value))
    whole = value == int(value) if abs(value) != float("inf") and value == value else False
    return int(value) if kind in ("integer", "year") and whole else None


def _reader(kind: str, form: str, descriptor: Json) -> Reader:
    own = _OWN.get(kind)
    if own is not None:
        return own(descriptor)
    if kind in ("date", "time", "datetime"):
        return _temporal(kind, form)
    if kind == "geopoint":
        return _geopoint(form)
    if kind == "geojson":
        return _geojson(form)
    if kind == "string":
        return _string(form)
    return lambda text: text


def _integer(descriptor: Json) -> Reader:
    def read(text: str) -> int | None:
        text = lexical.bare(text, descriptor)
        try:
            return int(text) if lexical.written_as("integer", text) else None
        except ValueError:
            # Python reads no more than some thousands of digits.
            return None

    return read


def _number(descriptor: Json) -> Reader:
    def read(text: str) -> Decimal | None:
        plain = lexical.number_text(text, descriptor)
        return None if plain is None else Decimal(plain)

    return read


def _boolean(descriptor: Json) -> Reader:
    true = descriptor.get("trueValues", ["true", "True", "TRUE", "1"])
    false = descriptor.get("falseValues", ["false", "False", "FALSE", "0"])
    return {**dict.fromkeys(true, True), **dict.fromkeys(false, False)}.get


def _json_of(shape: type) -> Callable[[Json], Reader]:
    def read(text: str) -> Any:
        try:
            value = lexical.json_value(text)
        except ValueError:
            return None
        return value if isinstance(value, shape) else None

    return lambda descriptor: read


def _list(descriptor: Json) -> Reader:
    item = _reader(descriptor.get("itemType", "string"), "default", {})
    delimiter = descriptor.get("delimiter") or ","

    def read(text: str) -> list[Any] | None:
        items = [item(part) for part in text.split(delimiter)]
        return None if any(value is None for value in items) else items

    return read


def _year(descriptor: Json) -> Reader:
    def read(text: str) -> int | None:
        if not lexical.written_as("year", text):
            return None
        sign = -1 if text.startswith("-") else 1
        digits = text.lstrip("-").partition("Z")[0].partition("+")[0].partition("-")[0]
        return sign * int(digits) or None

    return read


def _yearmonth(descriptor: Json) -> Reader:
    def read(text: str) -> tuple[int, int] | None:
        if not lexical.written_as("yearmonth", text):
            return None
        sign = -1 if text.startswith("-") else 1
        year, month = text.lstrip("-").split("-")[:2]
        return (sign * int(year), int(month[:2])) if int(year) else None

    return read


def _duration(descriptor: Json) -> Reader:
    def read(text: str) -> Duration | None:
        return duration(text) if lexical.written_as("duration", text) else None

    return read


_OWN: dict[str, Callable[[Json], Reader]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "object": _json_of(dict),
    "array": _json_of(list),
    "list": _list,
    "year": _year,
    "yearmonth": _yearmonth,
    "duration": _duration,
}


def _temporal(kind: str, form: str, written: str = "") -> Reader:
    value_of = _by_frictionless(kind, form)

    def read(text: str) -> Any:
        if form == "default":
            return value_of(text) if lexical.written_as(written or kind, text) else None
        with _QUIET, warnings.catch_warnings():
            # Of zones that dateutil does not know, and of days without a year.
            warnings.simplefilter("ignore")
            return value_of(text)

    return read


def _geopoint(form: str) -> Reader:
    value_of = _by_frictionless("geopoint", form)

    def read(text: str) -> Any:
        if form == "default":
            parts = [part.strip(" ") for part in text.split(",")]
            written = all(lexical.written_as("number", part) for part in parts)
            return value_of(text) if written else None
        try:
            value = lexical.json_value(text)
        except ValueError:
            return None
        parts = list(value.values()) if isinstance(value, dict) else value
        numbers = isinstance(parts, list) and all(
            isinstance(p, int | float) and not isinstance(p, bool) for p in parts
        )
        return value_of(text) if numbers else None

    return read


def _geojson(form: str) -> Reader:
    value_of = _by_frictionless("geojson", form if form == "topojson" else "default")
    is_object = _json_of(dict)({})
    return lambda text: None if is_object(text) is None else value_of(text)


def _string(form: str) -> Reader:
    if form == "binary":
        return lambda text: text if lexical.is_base64(text) else None
    return _by_frictionless("string", form) if form in ("email", "uri", "uuid") else str


def _by_frictionless(kind: str, form: str) -> Reader:
    return lambda text: _frictionless_reader(kind, form)(text)


@lru_cache(maxsize=16)
def _frictionless_reader(kind: str, form: str) -> Reader:
    # Here: it takes seconds to import, and most cells are proved without it.
    from frictionless import Field as Reference

    field = Reference.from_descriptor({"name": "field", "type": kind, "format": form})
    read: Reader = field.create_value_reader()
    return read
