"""A resource of delimited files judged: labels, then block by block its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import pyarrow as pa

from dateline.build.issues import Cell, Place
from dateline.build.standard.blocks import Block, Head, blocks, head, is_comment
from dateline.build.standard.cells import Extent, Judged, judged
from dateline.build.standard.collected import Collected, message
from dateline.build.standard.header import Header, header, labels_of
from dateline.build.standard.model import Dialect, File
from dateline.build.standard.ordered import in_order
from dateline.build.standard.plan import Column, Plan, column, plan
from dateline.build.standard.read import Read, Run, Settings
from dateline.build.standard.records import Record, records
from dateline.build.standard.text import Text, Unreadable


@dataclass(frozen=True)
class _Opened:
    """A file at its first block; `repeated` is how many records of a header are left out."""

    header: Header
    plan: Plan | None
    blocks: Iterator[Block]
    repeated: int = 0


def judge_delimited(run: Run) -> Read:
    """What was read of all files of a resource; its keys and issues go where the run says.

    The files are one table: its header stands in the first of them, and may stand in others again.
    """
    read: list[tuple[Extent, ...]] = []
    firsts: list[int] = []
    rows, records_before = 0, 0
    opened: _Opened | None = None
    complete = True
    for file in run.resource.files:
        extents: list[Extent] = []
        firsts.append(records_before)
        with file.local.open("rb") as stream:
            try:
                text = Text(stream, run.resource.encoding)
                _report_mark(file, text, run.collected)
                if opened is None or opened.plan is None:
                    opened = _open(run, text)
                    _report_header(file, opened, run.collected)
                else:
                    opened = _continued(opened, run, text)
                firsts[-1] -= opened.repeated
                if opened.plan is not None:
                    before = (rows, firsts[-1])
                    _file(file, opened, before, run, extents)
            except Unreadable as error:
                _fail(file, error, sum(extent.lines for extent in extents), run.collected)
                complete = False
        rows += sum(extent.rows for extent in extents)
        records_before = firsts[-1] + sum(extent.records for extent in extents)
        read.append(tuple(extents))
    labels = opened.header.labels if opened is not None else ()
    plan_of = opened.plan if opened is not None else None
    if complete and not rows and not labels:
        words = "expected a table, got an empty file; add its header"
        run.collected.plain("source-error", words, Place(run.resource.files[0].path))
        complete = False
    fields = tuple(c.field.name for c in plan_of.columns) if plan_of is not None else None
    return Read(tuple(read), labels, fields if complete else None, tuple(firsts))


def _open(run: Run, text: Text) -> _Opened:
    resource, settings = run.resource, run.settings
    dialect = resource.dialect
    first = head(text, dialect)
    labels = labels_of(first, dialect)
    width = _width(first, text, dialect) if resource.schema is None and not labels else 0
    named = header(labels, resource.schema, dialect, bool(first.rows) and not labels, width)
    plan_of: Plan | None = None
    if not named.hopeless and named.fields:
        columns = tuple(
            column(field, dialect, settings.proving, settings.nan) for field in named.fields
        )
        plan_of = plan(columns, dialect, resource.schema, run.keyed)
    return _Opened(named, plan_of, _blocks(first, text, dialect, plan_of, settings))


def _continued(before: _Opened, run: Run, text: Text) -> _Opened:
    """The next file of a table, of which only a header like that of the first is no data."""
    dialect = run.resource.dialect
    first = head(text, dialect)
    repeated = bool(first.rows) and labels_of(first, dialect) == before.header.labels
    if not repeated:
        text.give_back(first.text)
        dialect = replace(dialect, header=False, comment_rows=())
        first = head(text, dialect)
    found = _blocks(first, text, dialect, before.plan, run.settings)
    return replace(before, blocks=found, repeated=max(first.rows) if repeated else 0)


def _width(first: Head, text: Text, dialect: Dialect) -> int:
    """How many cells the first record of data has."""
    if dialect.header or first.data:
        return len(first.data[0].cells) if first.data else 0
    read: list[Record] = []
    with closing(records(text, dialect)) as found:
        for record in found:
            read.append(record)
            if record.cells and not is_comment(record, dialect):
                break
    text.give_back(b"".join(record.text for record in read))
    return len(read[-1].cells) if read and not is_comment(read[-1], dialect) else 0


def _blocks(
    first: Head, text: Text, dialect: Dialect, plan_of: Plan | None, settings: Settings
) -> Iterator[Block]:
    ambiguous = plan_of is not None and not plan_of.empty_is_null
    rest = blocks(text, dialect, ambiguous, settings.size)
    return _with_head(first.data, first.text, first.last, rest)


def _with_head(
    data: Sequence[Record], text: bytes, count: int, rest: Iterator[Block]
) -> Iterator[Block]:
    if count:
        yield Block(text, tuple(replace(r, number=r.number - 1) for r in data), count)
    yield from rest


def _report_mark(file: File, text: Text, collected: Collected) -> None:
    if text.marked:
        words = (
            "expected UTF-8 text, got a byte order mark before it; save the file as "
            '"CSV UTF-8 without BOM"'
        )
        collected.plain("csv-bom", words, Place(file.path, 1, 1), "warning")


def _report_header(file: File, opened: _Opened, collected: Collected) -> None:
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
    before: tuple[int, int],
    run: Run,
    extents: list[Extent],
) -> None:
    """Judge the blocks of a file after so many rows and records; add each to `extents`."""
    plan_of = opened.plan
    assert plan_of is not None
    rows, number, lines = 0, before[1], 0

    def one(block: Block) -> Judged:
        return judged(block, plan_of)

    for result in in_order(run.pool, one, opened.blocks):
        if result.failure is not None:
            raise result.failure
        extent = result.extent
        if plan_of.keyed and extent.rows:
            run.sink(before[0] + rows, _key_columns(plan_of, run.keyed, result))
        _add(file, plan_of.columns, result, (rows, number, lines), run.collected)
        rows += extent.rows
        number += extent.records
        lines += extent.lines
        extents.append(extent)


def _key_columns(plan_of: Plan, keyed: Sequence[str], result: Judged) -> list[pa.Array]:
    names = [column.field.name for column in plan_of.columns]
    none = pa.nulls(result.extent.rows, pa.string())
    return [result.keys[names.index(name)] if name in names else none for name in keyed]


def _add(
    file: File,
    columns: Sequence[Column],
    result: Judged,
    before: tuple[int, int, int],
    collected: Collected,
) -> None:
    rows, number, lines = before
    for found in result.found:
        at = found.column
        known = 0 <= at < len(columns)
        name = columns[at].field.name if known else ""
        place = Place(file.path, lines + found.line + 1, found.column_at, row=rows + found.row + 1)
        cell = Cell(collected.resource, number + found.number + 1, name, at + 1, found.text)
        collected.add(found.rule, message(name, found), place, cell)


def _fail(file: File, error: Unreadable, lines: int, collected: Collected) -> None:
    line = 0 if error.line is None else lines + error.line + 1
    collected.plain(error.rule, str(error), Place(file.path, line))
