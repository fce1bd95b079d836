"""A resource of delimited files judged: labels, then block by block its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import pyarrow as pa

from dateline.build.issues import Cell, Place
from dateline.build.standard.blocks import Block, blocks, head
from dateline.build.standard.cells import Extent, Judged, judged
from dateline.build.standard.collected import Collected, message
from dateline.build.standard.header import Header, header, labels_of
from dateline.build.standard.model import File, Resource
from dateline.build.standard.ordered import in_order
from dateline.build.standard.plan import Column, Plan, column, plan
from dateline.build.standard.read import KeySink, Read, Settings
from dateline.build.standard.records import Record
from dateline.build.standard.text import Text, Unreadable


@dataclass(frozen=True)
class _Opened:
    header: Header
    plan: Plan | None
    blocks: Iterator[Block]
    marked: bool


def judge_delimited(
    resource: Resource,
    keyed: Sequence[str],
    sink: KeySink,
    pool: Executor,
    collected: Collected,
    settings: Settings,
) -> Read:
    """Judge every file of a resource; key columns go to `sink`, issues to `collected`."""
    read: list[tuple[Extent, ...]] = []
    rows = 0
    labels: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    complete = True
    for file in resource.files:
        extents: list[Extent] = []
        with file.local.open("rb") as stream:
            try:
                opened = _open(resource, file, Text(stream, resource.encoding), keyed, settings)
                _report_header(file, opened, collected)
                labels = labels or opened.header.labels
                if opened.plan is not None:
                    fields = fields or tuple(c.field.name for c in opened.plan.columns)
                    _file(file, opened, rows, keyed, sink, pool, collected, extents)
                else:
                    complete = False
                if not any(e.rows for e in extents) and not opened.header.labels:
                    words = "expected a table, got an empty file; add its header"
                    collected.plain("source-error", words, Place(file.path))
                    complete = False
            except Unreadable as error:
                _fail(file, error, sum(extent.lines for extent in extents), collected)
                complete = False
        rows += sum(extent.rows for extent in extents)
        read.append(tuple(extents))
    return Read(tuple(read), labels, fields if complete else None)


def _open(
    resource: Resource, file: File, text: Text, keyed: Sequence[str], settings: Settings
) -> _Opened:
    dialect = resource.dialect
    first = head(text, dialect)
    labels = labels_of(first, dialect)
    named = header(labels, resource.schema, dialect, bool(first.rows) and not labels)
    plan_of: Plan | None = None
    if not named.hopeless and named.fields:
        columns = tuple(column(field, dialect, settings.proving) for field in named.fields)
        plan_of = plan(columns, dialect, resource.schema, keyed)
    ambiguous = plan_of is not None and not plan_of.empty_is_null
    rest = blocks(text, dialect, ambiguous, settings.size)
    return _Opened(
        named, plan_of, _with_head(first.data, first.text, first.last, rest), text.marked
    )


def _with_head(
    data: Sequence[Record], text: bytes, count: int, rest: Iterator[Block]
) -> Iterator[Block]:
    if count:
        yield Block(text, tuple(replace(r, number=r.number - 1) for r in data), count)
    yield from rest


def _report_header(file: File, opened: _Opened, collected: Collected) -> None:
    if opened.marked:
        words = (
            "expected UTF-8 text, got a byte order mark before it; save the file as "
            '"CSV UTF-8 without BOM"'
        )
        collected.plain("csv-bom", words, Place(file.path, 1, 1), "warning")
    for wrong in opened.header.wrong:
        number = wrong.column + 1
        cell = Cell(collected.resource, 0, wrong.field, number, wrong.label)
        collected.add(wrong.rule, wrong.message, Place(file.path, 1, 0), cell)
    for at, of in enumerate(opened.plan.columns if opened.plan is not None else ()):
        for words in of.judge.problems:
            cell = Cell(collected.resource, 0, of.field.name, at + 1)
            place = Place(file.path, pointer=of.field.pointer)
            collected.add("constraint-error", f"{of.field.name}: {words}", place, cell)


def _file(
    file: File,
    opened: _Opened,
    before: int,
    keyed: Sequence[str],
    sink: KeySink,
    pool: Executor,
    collected: Collected,
    extents: list[Extent],
) -> None:
    """Judge the blocks of a file that begins at row `before`; add each to `extents`."""
    plan_of = opened.plan
    assert plan_of is not None
    rows, records, lines = 0, 0, 0

    def one(block: Block) -> Judged:
        return judged(block, plan_of)

    for result in in_order(pool, one, opened.blocks):
        if result.failure is not None:
            raise result.failure
        extent = result.extent
        if plan_of.keyed and extent.rows:
            sink(before + rows, _key_columns(plan_of, keyed, result))
        _add(file, plan_of.columns, result, (rows, records, lines), collected)
        rows += extent.rows
        records += extent.records
        lines += extent.lines
        extents.append(extent)


def _key_columns(plan_of: Plan, keyed: Sequence[str], result: Judged) -> list[pa.Array]:
    at = {column.field.name: index for index, column in enumerate(plan_of.columns)}
    none = pa.nulls(result.extent.rows, pa.string())
    return [result.keys.get(at.get(name, -1), none) for name in keyed]


def _add(
    file: File,
    columns: Sequence[Column],
    result: Judged,
    before: tuple[int, int, int],
    collected: Collected,
) -> None:
    rows, records, lines = before
    for found in result.found:
        at = found.column
        known = 0 <= at < len(columns)
        name = columns[at].field.name if known else ""
        place = Place(file.path, lines + found.line + 1, found.column_at, row=rows + found.row + 1)
        cell = Cell(collected.resource, records + found.number + 1, name, at + 1, found.text)
        collected.add(found.rule, message(name, found), place, cell)


def _fail(file: File, error: Unreadable, lines: int, collected: Collected) -> None:
    line = 0 if error.line is None else lines + error.line + 1
    collected.plain(error.rule, str(error), Place(file.path, line))
