"""A resource of Parquet files judged, batch by batch: types by column, the rest by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.issues import Cell, Place
from dateline.build.standard.cells import REQUIRED, Extent, Found, blank_rows, keyless
from dateline.build.standard.collected import Collected, message
from dateline.build.standard.header import Header, header
from dateline.build.standard.judge import expected_type
from dateline.build.standard.model import Dialect, File
from dateline.build.standard.nativecells import (
    Native,
    broken_cells,
    key_cells,
    natives,
    plain,
)
from dateline.build.standard.ordered import in_order
from dateline.build.standard.read import Read, Run, Settings

# Rows and bytes of a batch, so that memory does not follow the size of row groups.
_ROWS = 64 << 10
_BYTES = 64 << 20
_FAILURES = (pa.ArrowException, OSError, ValueError)


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
                columns = natives(opened.schema_arrow, named, run.settings)
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


def _report(file: File, named: Header, columns: Sequence[Native], collected: Collected) -> None:
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
    file: File, opened: pq.ParquetFile, columns: Sequence[Native], run: Run, before: int
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
    yield from row_batches(opened, rows_at_once(opened, _ROWS, min(_BYTES, settings.size)))


def row_batches(
    opened: pq.ParquetFile, rows: int, columns: Sequence[str] | None = None, *, threads: bool = True
) -> Iterator[pa.RecordBatch]:
    """The rows of a file, at most so many at a time, of all columns or of these."""
    # Of all row groups that one reader is asked for it holds what it has read until the last.
    for groups in _runs(opened, rows):
        yield from opened.iter_batches(
            rows, row_groups=groups, columns=columns, use_threads=threads
        )


def _runs(opened: pq.ParquetFile, rows: int) -> Iterator[list[int]]:
    """The row groups in their order, as few at a time as have so many rows together."""
    groups: list[int] = []
    held = 0
    for group in range(opened.num_row_groups):
        groups.append(group)
        held += opened.metadata.row_group(group).num_rows
        if held >= rows:
            yield groups
            groups, held = [], 0
    if groups:
        yield groups


def rows_at_once(opened: pq.ParquetFile, most: int, size: int = _BYTES) -> int:
    """How many rows of a file to read at a time: at most `most`, and about `size` bytes."""
    facts = opened.metadata
    whole = sum(facts.row_group(n).total_byte_size for n in range(facts.num_row_groups))
    each = max(whole // max(facts.num_rows, 1), 1)
    return int(max(min(most, size // each), 1))


def _judged(
    batch: pa.RecordBatch, columns: Sequence[Native], key: Sequence[int], parts: Sequence[int]
) -> _Batch:
    arrays = [plain(batch.column(at), native) for at, native in enumerate(columns)]
    blank = blank_rows(arrays) if columns else set()
    found: list[Found] = []
    keys: dict[int, pa.Array] = {}
    for at, (native, cells) in enumerate(zip(columns, arrays, strict=True)):
        proved = native.proof(cells) if native.proof is not None and native.fits else None
        if native.field.required and cells.null_count:
            for row in pc.indices_nonzero(cells.is_null()).to_pylist():
                found.append(Found("constraint-error", row, row, at, "", REQUIRED))
        if native.fits and not pa.types.is_null(native.kind):
            found += broken_cells(native, at, cells, proved)
        if at in parts:
            keys[at] = key_cells(native, cells, proved)
    if blank:
        found = [item for item in found if item.row not in blank]
        words = "a record with values, got an empty one"
        found += [Found("blank-row", row, row, -1, None, words) for row in sorted(blank)]
    names = [columns[at].field.name for at in key]
    found += keyless([arrays[at] for at in key], names, lambda row: row)
    none = pa.nulls(batch.num_rows, pa.string())
    return _Batch(batch.num_rows, found, [keys.get(at, none) for at in parts])
