"""A resource of Parquet files judged, batch by batch: types by column, the rest by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.issues import Cell, Place
from dateline.build.standard.cells import REQUIRED, Extent, Found, blank_rows, broken_texts, keyless
from dateline.build.standard.collected import Collected, message
from dateline.build.standard.header import Header, header
from dateline.build.standard.judge import Problem, expected_type
from dateline.build.standard.keyvalues import key_texts, value_text
from dateline.build.standard.model import Dialect, Field, File
from dateline.build.standard.native import (
    NativeProof,
    can_hold,
    is_text,
    json_text,
    native_proof,
    plain_type,
    value_of,
)
from dateline.build.standard.ordered import in_order
from dateline.build.standard.plan import Column, column
from dateline.build.standard.read import Read, Run, Settings
from dateline.build.standard.values import reader

# Rows and bytes of a batch, so that memory does not follow the size of row groups.
_ROWS = 64 << 10
_BYTES = 64 << 20
_FAILURES = (pa.ArrowException, OSError, ValueError)


@dataclass(frozen=True)
class _Native:
    """A column of a file: its plain type, whether that can hold the field, and how it is judged."""

    column: Column
    kind: pa.DataType
    fits: bool
    proof: NativeProof | None

    @property
    def field(self) -> Field:
        return self.column.field


@dataclass(frozen=True)
class _Batch:
    rows: int
    found: list[Found]
    keys: list[pa.Array]


def judge_parquet(run: Run) -> Read:
    """What was read of all files of a resource; its keys and issues go where the run says."""
    read: list[tuple[Extent, ...]] = []
    firsts: list[int] = []
    labels: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    complete = True
    for file in run.resource.files:
        firsts.append(sum(extent.rows for extents in read for extent in extents))
        extents: list[Extent] = []
        try:
            with pq.ParquetFile(file.local) as opened:
                named = header(tuple(opened.schema_arrow.names), run.resource.schema, Dialect())
                labels, complete = labels or named.labels, complete and not named.hopeless
                columns = _columns(opened.schema_arrow, named, run.settings)
                _report(file, named, columns, run.collected)
                fields = fields or tuple(c.field.name for c in columns if c.fits)
                extents += _batches(file, opened, columns, run, firsts[-1])
        except _FAILURES as error:
            words = str(error).partition("\n")[0]
            words = f"expected a Parquet file that can be read, got {words}; fetch it again"
            run.collected.plain("source-error", words, Place(file.path))
            complete = False
        read.append(tuple(extents))
    return Read(tuple(read), labels, fields if complete else None, tuple(firsts))


def _columns(schema: pa.Schema, named: Header, settings: Settings) -> list[_Native]:
    columns = []
    for at, field in enumerate(named.fields):
        kind = plain_type(schema.field(at).type)
        of = column(field, Dialect(), settings.proving)
        proof: NativeProof | None = of.proof
        if not is_text(kind):
            proof = native_proof(of.judge, kind) if settings.proving else None
        columns.append(_Native(of, kind, can_hold(field, kind), proof))
    return columns


def _report(file: File, named: Header, columns: Sequence[_Native], collected: Collected) -> None:
    for wrong in named.wrong:
        cell = Cell(collected.resource, 0, wrong.field, wrong.column + 1, wrong.label)
        collected.add(wrong.rule, wrong.message, Place(file.path), cell)
    for at, native in enumerate(columns):
        field = native.field
        cell = Cell(collected.resource, 0, field.name, at + 1)
        if not native.fits:
            words = (
                f"{field.name}: expected a column of {expected_type(field)}, got one of "
                f"{native.kind}; write it with the type of the field"
            )
            collected.add("type-error", words, Place(file.path), cell)
        for words in native.column.judge.problems:
            place = Place(file.path, pointer=field.pointer)
            collected.add("constraint-error", f"{field.name}: {words}", place, cell)


def _batches(
    file: File, opened: pq.ParquetFile, columns: Sequence[_Native], run: Run, before: int
) -> Iterator[Extent]:
    """The extents of a file's batches, each once it is judged; `before` counts the rows before."""
    schema = run.resource.schema
    primary = schema.primary_key if schema is not None else ()
    names = [native.field.name if native.fits else "" for native in columns]
    key = [names.index(name) for name in primary] if set(primary) <= set(names) else []
    parts = [names.index(name) if name in names else -1 for name in run.keyed]

    def one(batch: pa.RecordBatch) -> _Batch:
        return _judged(batch, columns, key, parts)

    rows = 0
    for result in in_order(run.pool, one, _read(opened, run.settings)):
        if run.keyed and result.rows:
            run.sink(before + rows, result.keys)
        for found in result.found:
            row = rows + found.row + 1
            at = found.column
            name = columns[at].field.name if at >= 0 else ""
            cell = Cell(run.resource.name, before + row + 1, name, at + 1, found.text)
            run.collected.add(found.rule, message(name, found), Place(file.path, row=row), cell)
        rows += result.rows
        yield Extent(rows=result.rows)


def _read(opened: pq.ParquetFile, settings: Settings) -> Iterator[pa.RecordBatch]:
    facts = opened.metadata
    size = sum(facts.row_group(n).total_byte_size for n in range(facts.num_row_groups))
    each = max(size // max(facts.num_rows, 1), 1)
    rows = max(min(_ROWS, _BYTES // each, settings.size // each), 1)
    yield from opened.iter_batches(rows)


def _judged(
    batch: pa.RecordBatch, columns: Sequence[_Native], key: Sequence[int], parts: Sequence[int]
) -> _Batch:
    arrays = [_plain(batch.column(at), native) for at, native in enumerate(columns)]
    blank = blank_rows(arrays) if columns else set()
    found: list[Found] = []
    keys: dict[int, pa.Array] = {}
    for at, (native, cells) in enumerate(zip(columns, arrays, strict=True)):
        proved = native.proof(cells) if native.proof is not None and native.fits else None
        if native.field.required and cells.null_count:
            for row in pc.indices_nonzero(cells.is_null()).to_pylist():
                found.append(Found("constraint-error", row, row, at, "", REQUIRED))
        if native.fits and not pa.types.is_null(native.kind):
            found += _broken(native, at, cells, proved)
        if at in parts:
            keys[at] = _key(native, cells, proved)
    if blank:
        found = [item for item in found if item.row not in blank]
        words = "a record with values, got an empty one"
        found += [Found("blank-row", row, row, -1, None, words) for row in sorted(blank)]
    names = [columns[at].field.name for at in key]
    found += keyless([arrays[at] for at in key], names, lambda row: row)
    none = pa.nulls(batch.num_rows, pa.string())
    return _Batch(batch.num_rows, found, [keys.get(at, none) for at in parts])


def _plain(cells: pa.Array, native: _Native) -> pa.Array:
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


def _broken(native: _Native, at: int, cells: pa.Array, proved: pa.Array | None) -> Iterator[Found]:
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


def _problems(native: _Native, value: Any, text: str) -> tuple[Problem, ...]:
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


def _key(native: _Native, cells: pa.Array, proved: pa.Array | None) -> pa.Array:
    field, kind = native.field, native.kind
    if not native.fits:
        return pa.nulls(len(cells), pa.string())
    if is_text(kind):
        return key_texts(field, native.column.judge.read, cells, proved)
    if pa.types.is_integer(kind) or pa.types.is_date32(kind):
        return cells.cast(pa.string())
    values = (None if v is None else value_of(field, v) for v in cells.to_pylist())
    return pa.array([value_text(value) for value in values], pa.string())
