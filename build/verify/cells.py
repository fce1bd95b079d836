"""What the Table Schema promises of single cells, checked column by column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.issues import shown
from dateline.build.verify.broken import Broken, broken
from dateline.schema import Field, Table
from dateline.schema.arrow import arrow_type


def broken_cells(rows: pa.Table, table: Table, start: int) -> Iterator[Broken]:
    """The cells of these rows that break a constraint of their field; `start` is the first's row.

    An empty string breaks one too: it would be null in the CSV to most readers. That a required
    column holds no null follows from its Parquet type, which is checked apart; that a reference
    is like its pattern, from the key it refers to.
    """
    references = {key.field for key in table.foreign_keys}
    for field in table.fields:
        column = rows.column(field.name).combine_chunks()
        for rule, expected, mask in _violated(field, column, field.name in references):

            def message(at: int, expected: str = expected, column: pa.Array = column) -> str:
                return f"expected {expected}, got {shown(column[at].as_py())}"

            yield from broken(rule, field.name, mask, start, message)


def check_constraints(field: Field) -> None:
    """Raise ValueError, TypeError or ArrowException where a constraint does not fit the field."""
    limits = field.descriptor.get("constraints", {})
    for limit in limits.keys() & {"minimum", "maximum"}:
        _bound(field, limits[limit])
    if "enum" in limits:
        _allowed(field, limits["enum"])
    try:
        re.compile(limits.get("pattern", ""))
    except re.error as error:
        raise ValueError(f"the pattern of {field.name}: {error}") from None


def broken_keys(keys: pa.Array, before: str | None, name: str, start: int) -> list[Broken]:
    """The rows whose primary key is not after the one before it.

    `before` is the key of the row before these, null at the start of a table.
    """
    previous = pa.concat_arrays([pa.array([before], keys.type), keys.slice(0, len(keys) - 1)])

    def message(at: int) -> str:
        last, key = shown(previous[at].as_py()), shown(keys[at].as_py())
        return f"expected keys in order and each once, got {key} after {last}"

    return broken("package-primary-key", name, pc.less_equal(keys, previous), start, message)


def _violated(
    field: Field, column: pa.Array, is_reference: bool
) -> Iterator[tuple[str, str, pa.Array]]:
    """Rule, what is expected and the mask of the values that are otherwise, each constraint."""
    limits = dict(field.descriptor.get("constraints", {}))
    if is_reference:
        limits.pop("pattern", None)
    if "enum" in limits:
        known = pc.is_in(column, _allowed(field, limits["enum"]))
        mask = pc.and_(column.is_valid(), pc.invert(known))
        yield "package-enum", _one_of(limits["enum"]), mask
    for expected, mask in _limited(field, column, limits):
        yield "package-constraint", expected, mask


def _limited(field: Field, column: pa.Array, limits: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if field.type == "string":
        yield "text or null", pc.equal(column, "")
    if field.type == "number":
        yield "a finite number", pc.invert(pc.is_finite(column))
    if "pattern" in limits:
        yield f"text like {limits['pattern']}", _unlike(column, limits["pattern"])
    if {"minLength", "maxLength"} & limits.keys():
        length = pc.utf8_length(column) if field.type == "string" else pc.list_value_length(column)
        if "minLength" in limits:
            yield f"at least {limits['minLength']} long", pc.less(length, limits["minLength"])
        if "maxLength" in limits:
            yield f"at most {limits['maxLength']} long", pc.greater(length, limits["maxLength"])
    if "minimum" in limits:
        least = _bound(field, limits["minimum"])
        yield f"at least {limits['minimum']}", pc.less(column, least)
    if "maximum" in limits:
        most = _bound(field, limits["maximum"])
        yield f"at most {limits['maximum']}", pc.greater(column, most)


def _unlike(column: pa.Array, pattern: str) -> pa.Array:
    try:
        # Not `$`, which some engines let match before a final line break.
        return pc.invert(pc.match_substring_regex(column, rf"\A(?:{pattern})\z"))
    except pa.ArrowInvalid:
        # RE2 has no look-around; Python's engine has.
        like = re.compile(pattern).fullmatch
        return pa.array([v is not None and like(v) is None for v in column.to_pylist()], pa.bool_())


def _bound(field: Field, limit: Any) -> pa.Scalar:
    wide = {"number": pa.float64(), "integer": pa.int64()}
    return pa.scalar(limit).cast(wide.get(field.type) or arrow_type(field))


def _allowed(field: Field, values: list[Any]) -> pa.Array:
    return pa.array(values).cast(arrow_type(field))


def _one_of(values: list[Any]) -> str:
    return (
        "one of " + ", ".join(map(str, values))
        if len(values) <= 12
        else f"one of {len(values)} values"
    )
