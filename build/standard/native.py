"""Columns that come with a type: whether it can hold a field, and which values are surely valid."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from dateline.build.standard.durations import Duration
from dateline.build.standard.judge import Judge
from dateline.build.standard.model import Field
from dateline.build.standard.values import native, reader

NativeProof = Callable[[pa.Array], pa.Array]

_COMPARED: dict[str, Callable[..., pa.Array]] = {
    "minimum": pc.greater_equal,
    "maximum": pc.less_equal,
    "exclusiveMinimum": pc.greater,
    "exclusiveMaximum": pc.less,
}


def plain_type(kind: pa.DataType) -> pa.DataType:
    """A type without its encoding: that of a dictionary's values, string for all text."""
    if pt.is_dictionary(kind):
        return plain_type(kind.value_type)
    return pa.string() if is_text(kind) else kind


def is_text(kind: pa.DataType) -> bool:
    """Whether a type holds text."""
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def can_hold(field: Field, kind: pa.DataType) -> bool:
    """Whether a column of a plain type may hold values of a field; text may hold any."""
    if is_text(kind) or pt.is_null(kind) or field.type == "any":
        return True
    return any(test(kind) for test in _HOLDS.get(field.type, ())) and (
        field.type != "list" or can_hold(item_field(field), plain_type(kind.value_type))
    )


def _is_list(kind: pa.DataType) -> bool:
    return bool(pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind))


def _is_object(kind: pa.DataType) -> bool:
    return bool(pt.is_struct(kind) or pt.is_map(kind))


_HOLDS: dict[str, tuple[Callable[[pa.DataType], bool], ...]] = {
    "integer": (pt.is_integer, pt.is_floating, pt.is_decimal),
    "number": (pt.is_integer, pt.is_floating, pt.is_decimal),
    "year": (pt.is_integer,),
    "boolean": (pt.is_boolean,),
    "date": (pt.is_date, pt.is_timestamp),
    "datetime": (pt.is_timestamp,),
    "time": (pt.is_time,),
    "duration": (pt.is_duration,),
    "array": (_is_list,),
    "list": (_is_list,),
    "object": (_is_object,),
    "geojson": (_is_object,),
    "geopoint": (_is_list, _is_object),
}


def item_field(field: Field) -> Field:
    """The field of a list's items."""
    kind = field.descriptor.get("itemType", "string")
    return Field(field.name, kind, "default", frozenset(), {}, field.pointer)


def native_proof(judge: Judge, kind: pa.DataType) -> NativeProof | None:
    """Which values of a column of a plain type that is no text are surely valid; null: none."""
    field = judge.field
    limits = set(field.constraints) & {*_COMPARED, "enum", "jsonSchema", "minLength", "maxLength"}
    if judge.problems or "categories" in field.descriptor:
        return None
    if field.type == "any" and "enum" not in limits:
        return _every
    if field.type in ("boolean", "datetime", "time", "duration", "object"):
        return None if limits else _every
    if field.type in ("array", "list"):
        return None if limits or field.type == "list" else _every
    if field.type == "date" and pt.is_date32(kind):
        return _compared(judge, kind)
    if field.type in ("integer", "number") and "enum" in limits and pt.is_integer(kind):
        return _one_of(judge) if limits == {"enum"} else None
    if (field.type == "integer" and pt.is_integer(kind)) or (
        field.type == "number" and (pt.is_integer(kind) or pt.is_floating(kind))
    ):
        return _compared(judge, kind)
    return None


def _every(column: pa.Array) -> pa.Array:
    return column.is_valid()


def _one_of(judge: Judge) -> NativeProof:
    given = (native(judge.field, value, judge.read) for value in judge.field.constraints["enum"])
    known = [int(v) for v in given if v is not None and abs(v) < 2**63 and v == int(v)]
    whole = pa.array(known, pa.int64())
    return lambda column: pc.is_in(column.cast(pa.int64(), safe=False), whole)


def _compared(judge: Judge, kind: pa.DataType) -> NativeProof | None:
    limits = list(_limits(judge, kind))
    if any(limit is None for _, limit in limits) or "enum" in judge.field.constraints:
        return None

    def prove(column: pa.Array) -> pa.Array:
        masks = [compare(column, limit) for compare, limit in limits] or [column.is_valid()]
        joined = masks[0]
        for mask in masks[1:]:
            joined = pc.and_(joined, mask)
        return joined

    return prove


def _limits(judge: Judge, kind: pa.DataType) -> Iterator[tuple[Callable[..., pa.Array], Any]]:
    for name, compare in _COMPARED.items():
        given = judge.field.constraints.get(name)
        if given is not None:
            limit = native(judge.field, given, judge.read)
            yield compare, _scalar(limit, kind)


def _scalar(limit: Any, kind: pa.DataType) -> pa.Scalar | None:
    """A limit as a value of a type, null where it is not exactly one."""
    if isinstance(limit, datetime.date):
        return pa.scalar(limit, kind)
    # A double that is next to a longer decimal may stand on its other side.
    if limit is None or len(str(limit)) > 15:
        return None
    if pt.is_integer(kind):
        return pa.scalar(int(limit), pa.int64()) if limit == int(limit) else None
    return pa.scalar(float(limit), pa.float64())


def value_of(field: Field, value: Any) -> Any:
    """A column's value as the judge compares it, null where it is of another type."""
    if isinstance(value, str):
        return reader(field)(value)
    if field.type in ("integer", "year"):
        whole = not isinstance(value, bool) and value == value and abs(value) != float("inf")
        return int(value) if whole and value == int(value) else None
    if field.type == "number":
        return value if isinstance(value, Decimal) else Decimal(str(value))
    if field.type == "date" and isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time(0)
        return value.date() if midnight else None
    if field.type == "duration" and isinstance(value, datetime.timedelta):
        micros = (value.days * 86400 + value.seconds) * 10**6 + value.microseconds
        return Duration(0, Decimal(micros) / 10**6)
    if field.type == "list":
        items = [None if item is None else value_of(item_field(field), item) for item in value]
        return None if any(item is None for item in items) else items
    return value


def json_text(value: Any) -> str:
    """A nested value as JSON text; a map's pairs are an object's members."""
    if isinstance(value, list) and value and all(isinstance(item, tuple) for item in value):
        value = dict(value)
    return json.dumps(value, default=str)
