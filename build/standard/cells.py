"""A block of rows judged: the cells that break a rule, and the values of its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.standard.blocks import Block
from dateline.build.standard.keyvalues import key_texts
from dateline.build.standard.plan import Column, Plan
from dateline.build.standard.rows import Rows, lines_of, place, rows_of, spots
from dateline.build.standard.text import Unreadable

REQUIRED = "a value (the field is required)"


@dataclass(frozen=True)
class Found:
    """One broken rule in a row (from 0, in its block) and column (from 0; -1: the whole row).

    `number` is that of the record in its block; `line` and `column_at` are where it stands there,
    the line from 0, the column from 1 or 0.
    """

    rule: str
    row: int
    number: int
    column: int
    text: str | None
    expected: str
    remedy: str = ""
    line: int = 0
    column_at: int = 0


@dataclass(frozen=True)
class Extent:
    """How many bytes, rows, records and lines a block has, and whether it was read exactly.

    `kept` are the numbers of the records that are rows where some are comments.
    """

    size: int = 0
    rows: int = 0
    records: int = 0
    lines: int = 0
    exact: bool = False
    kept: tuple[int, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What came of a block: its extent, and what is wrong.

    `keys` are the texts of key columns by their position; `failure` is why reading ended in it.
    """

    extent: Extent
    found: tuple[Found, ...]
    keys: dict[int, pa.Array]
    failure: Unreadable | None = None


def judged(block: Block, plan: Plan) -> Judged:
    """The verdict on a block's rows."""
    try:
        rows = rows_of(block, plan.dialect, len(plan.columns), plan.empty_is_null)
    except Unreadable as error:
        return Judged(Extent(), (), {}, error)
    texts = [
        column.nulled(cells, plan.empty_is_null)
        for column, cells in zip(plan.columns, rows.columns, strict=True)
    ]
    blank = blank_rows(texts)
    found: list[Found] = []
    keys: dict[int, pa.Array] = {}
    for at, (column, cells) in enumerate(zip(plan.columns, texts, strict=True)):
        proved = column.proof(cells) if column.proof is not None else None
        found += _broken(column, at, rows, cells, proved)
        if at in plan.keyed:
            keys[at] = key_texts(column.field, column.judge.read, cells, proved, column.nan)
    found += _uneven(rows, plan)
    if blank:
        found = [item for item in found if item.row not in blank]
        found += [
            _whole(
                "blank-row",
                rows,
                row,
                "a record with values, got an empty one",
                "; remove the line",
            )
            for row in sorted(blank)
        ]
    names = [plan.columns[at].field.name for at in plan.primary]
    found += keyless([texts[at] for at in plan.primary], names, rows.number)
    count = len(rows.columns[0])
    lines = lines_of(block, rows)
    kept = tuple(rows.numbers or ()) if count != rows.count else ()
    extent = Extent(len(block.text), count, rows.count, lines, block.records is not None, kept)
    return Judged(extent, _placed(found, block, extent, plan), keys)


def blank_rows(texts: Sequence[pa.Array]) -> set[int]:
    """The rows in which every cell is null."""
    empty: pa.Array | None = None
    for cells in texts:
        if not cells.null_count:
            return set()
        empty = cells.is_null() if empty is None else pc.and_(empty, cells.is_null())
    return set() if empty is None else set(pc.indices_nonzero(empty).to_pylist())


def _broken(
    column: Column, at: int, rows: Rows, cells: pa.Array, proved: pa.Array | None
) -> Iterator[Found]:
    if column.field.required and cells.null_count:
        for row in pc.indices_nonzero(cells.is_null()).to_pylist():
            text = rows.columns[at][row].as_py() or ""
            yield Found("constraint-error", row, rows.number(row), at, text, REQUIRED)
    yield from broken_texts(column, at, cells, proved, rows.number)


def broken_texts(
    column: Column,
    at: int,
    cells: pa.Array,
    proved: pa.Array | None,
    number: Callable[[int], int],
) -> Iterator[Found]:
    """What is wrong with texts that are not surely valid; nulls are left out."""
    left = cells.is_valid()
    if proved is not None:
        left = pc.and_not(left, proved.fill_null(False))
    open_rows = pc.indices_nonzero(left)
    if not len(open_rows):
        return
    coded = cells.take(open_rows).dictionary_encode()
    texts = coded.dictionary.to_pylist()
    problems = [column.problems_of(text) for text in texts]
    if not any(problems):
        return
    chosen = pc.indices_nonzero(pa.array([bool(p) for p in problems]).take(coded.indices))
    bad_rows, codes = open_rows.take(chosen), coded.indices.take(chosen)
    for row, code in zip(bad_rows.to_pylist(), codes.to_pylist(), strict=True):
        for problem in problems[code]:
            yield Found(
                problem.rule, row, number(row), at, texts[code], problem.expected, problem.remedy
            )


def _uneven(rows: Rows, plan: Plan) -> Iterator[Found]:
    width = len(plan.columns)
    for row, cells in rows.ragged.items():
        counts = f"{width} cells, got {len(cells)}"
        for at in range(len(cells), width):
            yield Found(
                "missing-cell", row, rows.number(row), at, "", counts, "; is a delimiter missing?"
            )
        for at in range(width, len(cells)):
            yield Found(
                "extra-cell",
                row,
                rows.number(row),
                at,
                cells[at],
                counts,
                "; quote a cell that holds the delimiter",
            )


def keyless(
    parts: Sequence[pa.Array], names: Sequence[str], number: Callable[[int], int]
) -> Iterator[Found]:
    """The rows whose primary key has a null part."""
    nulls = [cells.is_null() for cells in parts if cells.null_count]
    if not nulls:
        return
    null = nulls[0]
    for other in nulls[1:]:
        null = pc.or_(null, other)
    words = f"a value in each of {', '.join(names)}, got a null part"
    for row in pc.indices_nonzero(null).to_pylist():
        yield Found("primary-key", row, number(row), -1, None, words)


def _whole(rule: str, rows: Rows, row: int, expected: str, remedy: str = "") -> Found:
    return Found(rule, row, rows.number(row), -1, None, expected, remedy)


def _placed(found: list[Found], block: Block, extent: Extent, plan: Plan) -> tuple[Found, ...]:
    if not found:
        return ()
    # Where each record is one line there is no need to look for its end.
    simple = extent.records == extent.lines
    where = spots(block, simple, {item.number for item in found})
    placed = []
    for item in found:
        line, column = place(where[item.number], plan.dialect, item.column)
        placed.append(replace(item, line=line, column_at=column))
    return tuple(placed)
