"""Which cells of a column are surely valid, asked of the whole column at once.

Each proof accepts a part of what `judge` accepts, never more; what is left goes there.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.standard.judge import Judge, members
from dateline.build.standard.model import Field
from dateline.build.standard.patterns import surely
from dateline.build.standard.values import native

# A proof takes text, null where it says nothing, and returns true where a value is surely valid.
Proof = Callable[[pa.Array], pa.Array]

_COMPARED = {
    "minimum": pc.greater_equal,
    "maximum": pc.less_equal,
    "exclusiveMinimum": pc.greater,
    "exclusiveMaximum": pc.less,
}
_SHAPES = {
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "email": r"[a-z0-9]{1,30}(?:\.[a-z0-9]{1,30})?@[a-z0-9]{1,30}(?:\.[a-z0-9]{1,30})?\.[a-z]{2,6}",
    "uri": r"https?://[a-z0-9]{1,30}(?:\.[a-z0-9]{1,30}){1,5}(?:/[A-Za-z0-9_.-]*)*",
}
_TIME = r"\A(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}\z"
_DATETIME = (
    r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]{3})?Z?\z"
)
_DAY = r"\A[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])\z"
_INTEGER = r"\A-?[0-9]{1,15}\z"
_NUMBER = r"\A[-+]?[0-9]{1,12}(?:\.[0-9]{1,12})?\z"
# Wider numbers may be rounded on the way to a double, or do not fit 64 bits.
_DIGITS = 15


def proof(judge: Judge) -> Proof | None:
    """The proof for a field's cells, null where each has to be judged."""
    field = judge.field
    if closed := _known(judge):
        return lambda column: pc.is_in(column, closed)
    if {"enum", "jsonSchema"} & field.constraints.keys() or "categories" in field.descriptor:
        return None
    if judge.problems:
        return None
    if field.type in ("string", "any"):
        return _text(judge)
    if field.type in ("integer", "number") and not _modified(field):
        return _numeric(judge)
    if field.type in ("date", "datetime", "time", "year") and field.format == "default":
        return _temporal(judge)
    return None


def _known(judge: Judge) -> pa.Array | None:
    """The texts of a closed list that the judge accepts, null where there is none."""
    texts = [text for text in members(judge.field) if not judge.problems_of(text)]
    return pa.array(texts, pa.string()) if texts else None


def _modified(field: Field) -> bool:
    changes = {"decimalChar", "groupChar"} & field.descriptor.keys()
    return bool(changes) or field.descriptor.get("bareNumber") is False


def _text(judge: Judge) -> Proof | None:
    field = judge.field
    shape = _SHAPES.get(field.format) if field.type == "string" else None
    if field.type == "string" and field.format != "default" and shape is None:
        return None
    limits = field.constraints if field.type == "string" else {}
    pattern = judge.pattern
    if pattern is not None and not pattern.linear:
        return None

    def prove(column: pa.Array) -> pa.Array:
        masks = list(_lengths(column, limits))
        if shape is not None:
            masks.append(pc.match_substring_regex(column, rf"\A(?:{shape})\z"))
        if pattern is not None:
            masks.append(surely(pattern, column))
        return _all(masks, column)

    return prove


def _lengths(column: pa.Array, limits: dict[str, Any]) -> Iterator[pa.Array]:
    if {"minLength", "maxLength"} & limits.keys():
        length = pc.utf8_length(column)
        if "minLength" in limits:
            yield pc.greater_equal(length, limits["minLength"])
        if "maxLength" in limits:
            yield pc.less_equal(length, limits["maxLength"])


def _numeric(judge: Judge) -> Proof | None:
    wide = pa.int64() if judge.field.type == "integer" else pa.float64()
    # The shape lets neither 0x1F nor nan pass, which Arrow takes for numbers.
    letters = r"[^-0-9]" if wide == pa.int64() else r"[^-+.0-9]"
    shape = _INTEGER if wide == pa.int64() else _NUMBER
    limits = list(_limits(judge))
    if any(len(str(limit)) > _DIGITS for _, limit in limits):
        return None

    def prove(column: pa.Array) -> pa.Array:
        shaped = None
        try:
            values = column.cast(wide)
        except pa.ArrowInvalid:
            values = None
        if values is None or _holds(column, letters):
            shaped = pc.match_substring_regex(column, shape)
            values = pc.if_else(shaped, column, pa.scalar(None, pa.string())).cast(wide)
        masks = [compare(values, pa.scalar(limit).cast(wide)) for compare, limit in limits]
        if limits and wide == pa.float64():
            masks.append(pc.less_equal(pc.binary_length(column), _DIGITS))
        return _all([*masks, *([] if shaped is None else [shaped])], column)

    return prove


def _limits(judge: Judge) -> Iterator[tuple[Callable[..., pa.Array], Any]]:
    for name, compare in _COMPARED.items():
        given = judge.field.constraints.get(name)
        if given is not None:
            limit = native(judge.field, given, judge.read)
            yield compare, float(limit) if isinstance(limit, Decimal) else limit


def _temporal(judge: Judge) -> Proof | None:
    limits = list(_limits(judge))
    kind = judge.field.type
    if kind == "date":
        return lambda column: _dated(column, column, pa.date32(), limits)
    if kind == "year":
        return lambda column: _years(column, limits)
    if limits:
        return None
    if kind == "time":
        return lambda column: pc.match_substring_regex(column, _TIME)

    def prove(column: pa.Array) -> pa.Array:
        shaped = pc.match_substring_regex(column, _DATETIME)
        days = pc.utf8_slice_codeunits(column, 0, 10)
        return _all([shaped, _dated(column, days, pa.date32(), [])], column)

    return prove


def _years(column: pa.Array, limits: list[tuple[Callable[..., pa.Array], Any]]) -> pa.Array:
    shaped = pc.match_substring_regex(column, r"\A[1-9][0-9]{3}\z")
    values = pc.if_else(shaped, column, pa.scalar(None, pa.string())).cast(pa.int64())
    return _all([shaped, *(compare(values, limit) for compare, limit in limits)], column)


def _dated(
    column: pa.Array,
    days: pa.Array,
    kind: pa.DataType,
    limits: list[tuple[Callable[..., pa.Array], Any]],
) -> pa.Array:
    """Days of our calendar from the year 1 on, which Arrow reads in exactly one way."""
    masks = []
    try:
        values = days.cast(kind)
    except pa.ArrowInvalid:
        shaped = pc.match_substring_regex(days, _DAY)
        values = pc.if_else(shaped, days, pa.scalar(None, pa.string())).cast(kind)
        masks.append(shaped)
    masks.append(pc.greater_equal(values, pa.scalar(datetime.date(1, 1, 1))))
    masks += [compare(values, pa.scalar(limit, kind)) for compare, limit in limits]
    return _all(masks, column)


def _holds(column: pa.Array, letters: str) -> bool:
    """Whether any byte of a column's text is one of some."""
    texts = column.buffers()[2]
    if texts is None or not len(column):
        return False
    # One search through all values is faster than one through each.
    ends = column.buffers()[1]
    edges = (4 * column.offset, 4 * (column.offset + len(column)))
    first, last = (int.from_bytes(ends[edge : edge + 4], "little") for edge in edges)
    size = (last - first).to_bytes(8, "little")
    bounds = pa.py_buffer((0).to_bytes(8, "little") + size)
    whole = texts.slice(first, last - first)
    joined = pa.Array.from_buffers(pa.large_binary(), 1, [None, bounds, whole])
    return bool(pc.match_substring_regex(joined, letters)[0].as_py())


def _all(masks: list[pa.Array], column: pa.Array) -> pa.Array:
    """Where all masks are true; everywhere where there are none."""
    if not masks:
        return pc.is_valid(column)
    joined = masks[0]
    for mask in masks[1:]:
        joined = pc.and_(joined, mask)
    return joined
