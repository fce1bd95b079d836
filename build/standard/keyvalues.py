"""The values of keys as text that is equal exactly where the values are."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.standard.durations import Duration
from dateline.build.standard.model import Field

# Of values that are surely valid, those whose own text is the text of the value.
_SAME = {
    "integer": r"\A(?:0|-?[1-9][0-9]*)\z",
    "number": r"\A(?:0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9])\z",
    "datetime": r"\A.{19}Z?\z",
    "date": r"\A.{10}\z",
    "time": r"\A.{8}\z",
    "year": r"\A[1-9][0-9]{3}\z",
}
_FRACTION = r"\A-?(?:0|[1-9][0-9]*)\.[0-9]*0\z"
_NUMERIC = ("integer", "number", "year")
# A number with more zeros is written with an exponent.
_ZEROS = 50


def kind(field: Field) -> str:
    """What values are compared as: values of two kinds are never equal."""
    if field.type in _NUMERIC:
        return "number"
    return "string" if field.type == "any" else field.type


def key_texts(
    field: Field,
    read: Callable[[str], Any],
    cells: pa.Array,
    proved: pa.Array | None,
    nan: str | None = None,
) -> pa.Array:
    """The key's text for each cell, null where it is null or of another type.

    `proved` marks cells that are surely valid, null where none is known to be; `nan` is the text
    of what is not equal to itself.
    """
    if field.type == "any" or (field.type, field.format) == ("string", "default"):
        return cells
    shape = _SAME.get(field.type)
    plain = field.format == "default" and not {"decimalChar", "groupChar"} & field.descriptor.keys()
    if field.type == "number" and plain and proved is not None:
        cells = _trimmed(cells)
    # Of whatever format, the value of a string is its text.
    if proved is None or not (field.type == "string" or (plain and shape is not None)):
        same = pa.array([False] * len(cells), pa.bool_())
    else:
        alike = cells.is_valid() if shape is None else pc.match_substring_regex(cells, shape)
        same = pc.and_(alike, proved).fill_null(False)
    if len(cells) == cells.null_count + (pc.sum(same).as_py() or 0):
        return cells
    other = pc.and_not(cells.is_valid(), same)
    coded = cells.filter(other).dictionary_encode()
    texts = [value_text(read(text), nan) for text in coded.dictionary.to_pylist()]
    return pc.replace_with_mask(cells, other, pa.array(texts, pa.string()).take(coded.indices))


def _trimmed(cells: pa.Array) -> pa.Array:
    """The cells without the zeros at the end of a fraction."""
    long = pc.match_substring_regex(cells, _FRACTION)
    if not pc.any(long).as_py():
        return cells
    return pc.if_else(long, pc.utf8_rtrim(pc.utf8_rtrim(cells, "0"), "."), cells)


def value_text(value: Any, nan: str | None = None) -> str | None:
    """The text of a value, null for null, and `nan` for what is not equal to itself."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_ZEROS else _decimal(Decimal(value))
    if isinstance(value, Decimal):
        return nan if value != value else _decimal(value)
    if isinstance(value, datetime.datetime):
        return _moment(value)
    if isinstance(value, datetime.time) and value.tzinfo is not None:
        seconds = datetime.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
        return f"{seconds - (value.utcoffset() or datetime.timedelta())}.{value.microsecond}Z"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Duration):
        sign = "-" if value.months < 0 or value.seconds < 0 else ""
        return f"{sign}P{abs(value.months)}MT{_decimal(abs(value.seconds))}S"
    if isinstance(value, tuple):
        return _pair(*value)
    return json.dumps(value, sort_keys=True, default=value_text)


def _pair(one: Any, other: Any) -> str:
    """The text of a month, given by year and number, or of a point."""
    if isinstance(one, int):
        return f"{one:04d}-{other:02d}"
    return f"{value_text(one)},{value_text(other)}"


def _decimal(value: Decimal) -> str:
    if value.is_infinite():
        return "INF" if value > 0 else "-INF"
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    bare = text.rstrip("0")
    if not bare:
        return "0"
    power = int(exponent) + len(text) - len(bare)
    plain = f"{bare}E{power}"
    if abs(power) <= _ZEROS:
        plain = format(Decimal((0, tuple(map(int, bare)), power)), "f")
    return ("-" if sign else "") + plain


def _moment(value: datetime.datetime) -> str:
    if value.tzinfo is None:
        return value.isoformat()
    try:
        universal = value.astimezone(datetime.UTC)
    except OverflowError:
        # At the ends of the calendar.
        return value.isoformat()
    return universal.replace(tzinfo=None).isoformat() + "Z"
