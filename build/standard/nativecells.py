"""The cells of columns that come with a type: null where they stand for it, judged, as keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.standard.cells import Found, broken_texts
from dateline.build.standard.header import Header
from dateline.build.standard.judge import Problem, expected_type
from dateline.build.standard.keyvalues import key_texts, value_text
from dateline.build.standard.model import Dialect, Field
from dateline.build.standard.native import (
    NativeProof,
    can_hold,
    is_text,
    json_text,
    native_proof,
    plain_type,
    value_of,
)
from dateline.build.standard.plan import Column, column
from dateline.build.standard.read import Settings
from dateline.build.standard.values import reader


@dataclass(frozen=True)
class Native:
    """A column of a file: its plain type, whether that can hold the field, and how it is judged."""

    column: Column
    kind: pa.DataType
    fits: bool
    proof: NativeProof | None

    @property
    def field(self) -> Field:
        return self.column.field


def natives(schema: pa.Schema, named: Header, settings: Settings) -> list[Native]:
    """The columns of a file by the fields that its header names, in the file's order."""
    columns = []
    for at, field in enumerate(named.fields):
        kind = plain_type(schema.field(at).type)
        of = column(field, Dialect(), settings.proving, settings.nan)
        proof: NativeProof | None = of.proof
        if not is_text(kind):
            proof = native_proof(of.judge, kind) if settings.proving else None
        columns.append(Native(of, kind, can_hold(field, kind), proof))
    return columns


def plain(cells: pa.Array, native: Native) -> pa.Array:
    """The cells in their plain type, null where they stand for null."""
    if cells.type != native.kind:
        cells = cells.cast(native.kind)
    null = native.field.missing_values
    if is_text(native.kind):
        return native.column.nulled(cells)
    if pa.types.is_integer(native.kind):
        whole = [int(t) for t in sorted(null) if t.lstrip("-").isdecimal() and str(int(t)) == t]
        if whole:
            known = pc.is_in(cells.cast(pa.int64(), safe=False), pa.array(whole, pa.int64()))
            return pc.if_else(known, pa.scalar(None, cells.type), cells)
    return cells


def broken_cells(
    native: Native, at: int, cells: pa.Array, proved: pa.Array | None
) -> Iterator[Found]:
    """What is wrong with the values of column `at`, nulls and those that are proved left out."""
    if is_text(native.kind):
        yield from broken_texts(native.column, at, cells, proved, lambda row: row)
        return
    left = cells.is_valid()
    if proved is not None:
        left = pc.and_not(left, proved.fill_null(False))
    rows = pc.indices_nonzero(left)
    if not len(rows):
        return
    known: dict[str, tuple[Problem, ...]] = {}
    for row, value in zip(rows.to_pylist(), cells.take(rows).to_pylist(), strict=True):
        text = _text(value)
        if text not in known:
            known[text] = _problems(native, value, text)
        for problem in known[text]:
            yield Found(problem.rule, row, row, at, text, problem.expected, problem.remedy)


def are_sound(native: Native, cells: pa.Array) -> bool:
    """Whether a column may hold all of some cells, which are in their plain type."""
    if not native.fits or native.column.judge.problems:
        return False
    if native.field.required and cells.null_count:
        return False
    proved = native.proof(cells) if native.proof is not None else None
    return next(broken_cells(native, 0, cells, proved), None) is None


def _problems(native: Native, value: Any, text: str) -> tuple[Problem, ...]:
    field, judge = native.field, native.column.judge
    if field.type == "geojson":
        return judge.problems_of(text)
    if field.type == "geopoint":
        shape = "array" if isinstance(value, list) else "object"
        held = reader(replace(field, format=shape))(text)
    else:
        held = value_of(field, value)
    if held is None:
        return (Problem("type-error", expected_type(field)),)
    return judge.problems_of_value(text, held)


def _text(value: Any) -> str:
    if isinstance(value, list | dict):
        return json_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def key_cells(native: Native, cells: pa.Array, proved: pa.Array | None) -> pa.Array:
    """The key's text for each cell, null where it is null or of another type."""
    field, kind = native.field, native.kind
    if not native.fits:
        return pa.nulls(len(cells), pa.string())
    if is_text(kind):
        return key_texts(field, native.column.judge.read, cells, proved, native.column.nan)
    if pa.types.is_integer(kind) or pa.types.is_date32(kind):
        return cells.cast(pa.string())
    values = (None if v is None else value_of(field, v) for v in cells.to_pylist())
    texts = [value_text(value, native.column.nan) for value in values]
    return pa.array(texts, pa.string())
