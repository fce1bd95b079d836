"""The records of a block as columns of text, and where each of them stands."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.csv as pacsv

from dateline.build.standard.blocks import Block, one_value
from dateline.build.standard.model import Dialect
from dateline.build.standard.records import Record, csv_options
from dateline.build.standard.text import Unreadable, not_in


@dataclass(frozen=True)
class Rows:
    """Columns of text, null where a record has no such cell or an empty one that is missing.

    `numbers` are the records' places among the `count` of the block, from 0, null where they are
    0, 1, 2...; `ragged` are the cells of records that have too many or too few, by row.
    """

    columns: list[pa.Array]
    numbers: list[int] | None
    count: int
    ragged: dict[int, list[str]]

    def number(self, row: int) -> int:
        """The place of a row among the records of its block, from 0."""
        return row if self.numbers is None else self.numbers[row]


def rows_of(block: Block, dialect: Dialect, width: int, empty_is_null: bool) -> Rows:
    """The rows of a block in `width` columns; Unreadable where its text is not UTF-8."""
    if block.records is not None:
        return _listed(block.records, block.count, width, empty_is_null)
    uneven: list[pacsv.InvalidRow] = []
    try:
        # Asked of the whole at once, for pyarrow fails badly on an uneven row that is no text.
        one_value(block.text).cast(pa.large_string())
        columns = _parsed(block.text, dialect, width, empty_is_null, uneven)
    except pa.ArrowInvalid:
        raise _explained(block.text) from None
    if not uneven:
        return Rows(columns, None, len(columns[0]), {})
    return _with_uneven(columns, uneven, dialect, empty_is_null)


def _parsed(
    text: bytes | bytearray,
    dialect: Dialect,
    width: int,
    empty_is_null: bool,
    uneven: list[pacsv.InvalidRow],
) -> list[pa.Array]:
    names = [str(number) for number in range(width)]

    def skip(row: pacsv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    table = pacsv.read_csv(
        pa.BufferReader(text),
        # One block: the numbers of uneven rows are known without threads alone.
        pacsv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=names),
        pacsv.ParseOptions(
            delimiter=dialect.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=empty_is_null,
            null_values=[""],
            check_utf8=False,
        ),
    )
    return [column.combine_chunks() for column in table.columns]


def _with_uneven(
    columns: list[pa.Array],
    uneven: list[pacsv.InvalidRow],
    dialect: Dialect,
    empty_is_null: bool,
) -> Rows:
    """All rows in their order, the uneven ones cut or filled up with nulls."""
    even = len(columns[0])
    at = {row.number - 1: even + place for place, row in enumerate(uneven)}
    others = iter(range(even))
    order = pa.array([at[n] if n in at else next(others) for n in range(even + len(at))])
    cells = [next(csv.reader([row.text], delimiter=dialect.delimiter)) for row in uneven]
    more = _columns(cells, len(columns), empty_is_null)
    joined = [pa.concat_arrays(pair).take(order) for pair in zip(columns, more, strict=True)]
    return Rows(joined, None, len(order), dict(zip(at, cells, strict=True)))


def _listed(records: Iterable[Record], count: int, width: int, empty_is_null: bool) -> Rows:
    records = list(records)
    ragged = {i: r.cells for i, r in enumerate(records) if len(r.cells) != width}
    columns = _columns([record.cells for record in records], width, empty_is_null)
    return Rows(columns, [record.number for record in records], count, ragged)


def _columns(records: list[list[str]], width: int, empty_is_null: bool) -> list[pa.Array]:
    even = [cells if len(cells) == width else (cells + [None] * width)[:width] for cells in records]
    columns: Iterable[Iterable[str | None]] = zip(*even, strict=True) if even else [()] * width
    if empty_is_null:
        return [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    return [pa.array(list(column), pa.string()) for column in columns]


def _explained(text: bytes | bytearray) -> Unreadable:
    """Why a regular block is not read."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        line = count_lines(text[: error.start])
        return Unreadable("encoding-error", not_in("utf-8", error), line)
    return Unreadable("source-error", "expected delimited text, got what no reader takes", 0)


def lines_of(block: Block, rows: Rows) -> int:
    """How many lines a block has; only the last of a file may have no end."""
    if block.records is None and b'"' not in block.text:
        return rows.count
    unended = 0 if block.text[-1:] in (b"\n", b"\r", b"") else 1
    return count_lines(block.text) + unended


def count_lines(text: bytes | bytearray) -> int:
    """How many line breaks a text holds."""
    feeds = text.count(b"\n")
    return feeds + text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else feeds


@dataclass(frozen=True)
class Spot:
    """Where a record stands in its block: its first line, from 0, and its text."""

    line: int
    text: bytes


def spots(block: Block, simple: bool, wanted: set[int]) -> dict[int, Spot]:
    """Where records stand, by their number; `simple` says that each is one line."""
    if block.records is not None:
        return {r.number: Spot(r.line, r.text) for r in block.records if r.number in wanted}
    texts = block.text.splitlines(keepends=True)
    if simple:
        return {number: Spot(number, bytes(texts[number])) for number in wanted}
    found: dict[int, Spot] = {}
    number, begin, quoted = 0, 0, False
    for at, text in enumerate(texts):
        quoted ^= bool(text.count(b'"') & 1)
        if quoted:
            continue
        if number in wanted:
            found[number] = Spot(begin, b"".join(texts[begin : at + 1]))
        number, begin = number + 1, at + 1
    return found


def place(spot: Spot, dialect: Dialect, position: int) -> tuple[int, int]:
    """Line (from 0, in the block) and column (from 1; 0: not known) of a record's cell.

    `position` counts from 0, and is -1 for the whole record.
    """
    cell = _cell(dialect)
    if position < 0 or cell is None:
        return spot.line, int(position < 0)
    record, at = spot.text.decode("utf-8", "replace"), 0
    for _ in range(position):
        found = cell.match(record, at)
        at = found.end() + 1 if found is not None else at
    if at > len(record.rstrip("\r\n")):
        # The record has no such cell.
        return spot.line, 1
    before = record[:at]
    begin = max(before.rfind("\n"), before.rfind("\r"))
    return spot.line + count_lines(before.encode()), at - begin


def cells_of(spot: Spot, dialect: Dialect) -> list[str]:
    """The cells of a record."""
    # The text's own splitlines would also split at breaks that end no line of a file.
    lines = [line.decode("utf-8", "replace") for line in spot.text.splitlines(keepends=True)]
    return next(csv.reader(lines, **csv_options(dialect)), [])


@functools.lru_cache(maxsize=16)
def _cell(dialect: Dialect) -> re.Pattern[str] | None:
    """One cell of a record, lenient as the csv reader is; null where a dialect has more to it."""
    if dialect.escape_char or dialect.quote_char != '"' or not dialect.double_quote:
        return None
    end = re.escape(dialect.delimiter)
    space = " *" if dialect.skip_initial_space else ""
    return re.compile(rf'{space}(?:"(?:[^"]|"")*(?:"|\Z))?[^{end}\r\n]*')
