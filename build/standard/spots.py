"""Where rows stand that are found wrong after all blocks were read: those of keys."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dateline.build.standard.blocks import Block
from dateline.build.standard.cells import Extent
from dateline.build.standard.model import File, Resource
from dateline.build.standard.read import Read
from dateline.build.standard.records import records
from dateline.build.standard.rows import cells_of, place, spots
from dateline.build.standard.text import Text


@dataclass(frozen=True)
class Row:
    """Where a row stands: its file, its row (from 1), line and column there.

    `record` counts in the whole table from 1, its header too; `texts` are the cells asked for.
    """

    file: str
    record: int
    row: int
    line: int = 0
    column: int = 0
    texts: tuple[str, ...] = ()


def rows_at(
    resource: Resource,
    read: Read,
    columns: Sequence[int],
    wanted: set[int],
) -> dict[int, Row]:
    """Where rows of delimited files stand, by number (from 0, over all files).

    `columns` are the positions of cells to give as text; the place is that of the first.
    """
    found: dict[int, Row] = {}
    first = 0
    for file, blocks, number in zip(resource.files, read.extents, read.firsts, strict=True):
        after = first + sum(extent.rows for extent in blocks)
        here = {row - first for row in wanted if first <= row < after}
        if here and resource.kind == "parquet":
            for row in here:
                found[first + row] = Row(file.path, number + row + 2, row + 1)
        elif here:
            for row, spot in _of_file(resource, file, blocks, number, columns, here):
                found[first + row] = spot
        first = after
    return found


def _of_file(
    resource: Resource,
    file: File,
    extents: Sequence[Extent],
    before: int,
    columns: Sequence[int],
    wanted: set[int],
) -> Iterator[tuple[int, Row]]:
    starts = list(accumulate((extent.rows for extent in extents), initial=0))
    records_before, lines_before = before, 0
    with file.local.open("rb") as stream:
        text = Text(stream, resource.encoding)
        for extent, first in zip(extents, starts, strict=False):
            data = text.take(extent.size)
            here = sorted(row for row in wanted if first <= row < first + extent.rows)
            if here:
                numbers = _numbers(resource, data, extent, [row - first for row in here])
                where = spots(numbers[0], extent.lines == extent.records, set(numbers[1]))
                for row, number in zip(here, numbers[1], strict=True):
                    cells = cells_of(where[number], resource.dialect)
                    line, column = place(where[number], resource.dialect, columns[0])
                    texts = tuple(cells[at] if at < len(cells) else "" for at in columns)
                    line += lines_before + 1
                    record = records_before + number + 1
                    yield row, Row(file.path, record, row + 1, line, column, texts)
            records_before += extent.records
            lines_before += extent.lines


def _numbers(
    resource: Resource, data: bytearray, extent: Extent, rows: Sequence[int]
) -> tuple[Block, list[int]]:
    """The block of some text, and the numbers of its records that are these rows."""
    if not extent.exact:
        return Block(data), list(rows)
    read = tuple(records(Text(io.BytesIO(data), "utf-8"), resource.dialect))
    kept = extent.kept or range(extent.records)
    return Block(data, read, len(read)), [kept[row] for row in rows]
