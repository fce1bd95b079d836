"""A resource of delimited files judged: labels, then block by block its cells."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import TypeVar

import pyarrow as pa

from dateline.build.issues import Cell, Place
from dateline.build.standard.blocks import SIZE, Block, blocks, head
from dateline.build.standard.cells import Judged, judged
from dateline.build.standard.collected import Collected, message
from dateline.build.standard.header import Header, header, labels_of
from dateline.build.standard.model import File, Resource
from dateline.build.standard.plan import Column, Plan, column, plan
from dateline.build.standard.records import Record
from dateline.build.standard.rows import count_lines, places, rows_of
from dateline.build.standard.text import Text, Unreadable

_In = TypeVar("_In")
_Out = TypeVar("_Out")
# Blocks under way for each worker, so that memory does not follow the file.
_AHEAD = 3

# Takes the number of the first row and the texts of all key columns.
KeySink = Callable[[int, Sequence[pa.Array]], None]


@dataclass(frozen=True)
class Settings:
    """How files are read: the size of a block, and whether cells are proved or all judged."""

    size: int = SIZE
    proving: bool = True


@dataclass(frozen=True)
class Read:
    """What was read of a table: the rows of each file, its labels, and whether it was all.

    `fields` are the names of the fields that its columns have, null where it could not be read.
    """

    rows: tuple[int, ...]
    labels: tuple[str, ...]
    fields: tuple[str, ...] | None


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
    rows: list[int] = []
    labels: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    complete = True
    for file in resource.files:
        before = sum(rows)
        with file.local.open("rb") as stream:
            try:
                opened = _open(resource, file, Text(stream, resource.encoding), keyed, settings)
                _report_header(file, opened, collected)
                labels = labels or opened.header.labels
                count = 0
                if opened.plan is not None:
                    fields = fields or tuple(c.field.name for c in opened.plan.columns)
                    count, whole = _file(file, opened, before, keyed, sink, pool, collected)
                    complete = complete and whole
                else:
                    complete = False
                if not count and not opened.header.labels:
                    words = "expected a table, got an empty file; add its header"
                    collected.plain("source-error", words, Place(file.path))
            except Unreadable as error:
                _fail(file, error, 0, collected)
                complete, count = False, 0
        rows.append(count)
    return Read(tuple(rows), labels, fields if complete else None)


def _open(
    resource: Resource, file: File, text: Text, keyed: Sequence[str], settings: Settings
) -> _Opened:
    dialect = resource.dialect
    first = head(text, dialect)
    named = header(labels_of(first, dialect), resource.schema, dialect)
    plan_of: Plan | None = None
    if not named.hopeless and named.fields:
        columns = tuple(column(field, dialect, settings.proving) for field in named.fields)
        plan_of = plan(columns, dialect, resource.schema, keyed)
    ambiguous = plan_of is not None and not plan_of.empty_is_null
    rest = blocks(text, dialect, ambiguous, settings.size)
    return _Opened(named, plan_of, _with_head(first.data, first.text, first.last, rest), text.marked)


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
) -> tuple[int, bool]:
    """How many rows a file has, and whether it could be read to its end."""
    plan_of = opened.plan
    assert plan_of is not None
    rows, records, lines = 0, 0, 0

    def one(block: Block) -> Judged:
        return judged(block, plan_of)

    try:
        for result in _in_order(pool, one, opened.blocks):
            if result.failure is not None:
                raise result.failure
            if plan_of.keyed and result.rows:
                sink(before + rows, _key_columns(plan_of, keyed, result))
            _add(file, plan_of.columns, result, (rows, records, lines), collected)
            rows, records, lines = (
                rows + result.rows,
                records + result.records,
                lines + result.lines,
            )
    except Unreadable as error:
        _fail(file, error, lines, collected)
        return rows, False
    return rows, True


def _key_columns(plan_of: Plan, keyed: Sequence[str], result: Judged) -> list[pa.Array]:
    at = {column.field.name: index for index, column in enumerate(plan_of.columns)}
    none = pa.nulls(result.rows, pa.string())
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
        place = Place(
            file.path, lines + found.line + 1, found.column_at, row=rows + found.row + 1
        )
        cell = Cell(collected.resource, records + found.number + 1, name, at + 1, found.text)
        collected.add(found.rule, message(name, found), place, cell)


def _fail(file: File, error: Unreadable, lines: int, collected: Collected) -> None:
    line = 0 if error.line is None else lines + error.line + 1
    collected.plain(error.rule, str(error), Place(file.path, line))


def _in_order(
    pool: Executor, work: Callable[[_In], _Out], items: Iterable[_In]
) -> Iterator[_Out]:
    """The results of `work` in the order of the items, a few of them under way at a time."""
    pending: deque[Future[_Out]] = deque()
    failure: Unreadable | None = None
    source = iter(items)
    while True:
        try:
            item = next(source, None)
        except Unreadable as error:
            item, failure = None, error
        if item is None:
            break
        pending.append(pool.submit(work, item))
        if len(pending) >= _AHEAD:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
    if failure is not None:
        raise failure


@dataclass(frozen=True)
class Spot:
    """Where a row stands: its record (from 1) in its file, line, and some cells as written."""

    file: str
    record: int
    row: int
    line: int
    column: int
    texts: tuple[str, ...]


def spots(
    resource: Resource,
    read: Read,
    wanted: dict[int, Sequence[str]],
    settings: Settings,
) -> dict[int, Spot]:
    """Where rows (from 0, over all files) stand, with the cells of some fields by row."""
    found: dict[int, Spot] = {}
    first = 0
    for file, count in zip(resource.files, read.rows, strict=True):
        rows = {row - first: names for row, names in wanted.items() if first <= row < first + count}
        first += count
        if rows:
            with file.local.open("rb") as stream:
                text = Text(stream, resource.encoding)
                opened = _open(resource, file, text, (), settings)
                for row, spot in _spots(file, opened, rows):
                    found[row + first - count] = spot
    return found


def _spots(
    file: File, opened: _Opened, wanted: dict[int, Sequence[str]]
) -> Iterator[tuple[int, Spot]]:
    assert opened.plan is not None
    at = {column.field.name: index for index, column in enumerate(opened.plan.columns)}
    first, records, lines = 0, 0, 0
    for block in opened.blocks:
        if first > max(wanted):
            return
        plan_of = opened.plan
        rows = rows_of(block, plan_of.dialect, len(plan_of.columns), plan_of.empty_is_null)
        count = len(rows.columns[0])
        here = [row for row in wanted if first <= row < first + count]
        asked = [(rows.number(row - first), at[wanted[row][0]]) for row in here]
        for row, (line, column_at) in zip(
            here, places(block, plan_of.dialect, asked) if asked else (), strict=True
        ):
            cells = (rows.columns[at[name]][row - first].as_py() for name in wanted[row])
            record = records + rows.number(row - first) + 1
            yield row, Spot(
                file.path, record, row + 1, lines + line + 1, column_at,
                tuple(cell or "" for cell in cells),
            )
        first, records = first + count, records + rows.count
        lines += count_lines(block.text)
