"""Where a table's CSV differs from its Parquet, cell by cell, as text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from dateline.build.issues import shown
from dateline.build.verify.broken import EXAMPLES, Broken, broken
from dateline.build.write import csv_cells
from dateline.schema import Table

_RULE = "package-csv-parquet"
_BLOCK = 1 << 20


class CsvRows:
    """The rows of a CSV file as bytes, taken in pieces of a given length.

    Empty and unquoted is null.
    """

    def __init__(self, path: Path, table: Table) -> None:
        """`table` names the columns; the file's header is passed over."""
        self._path, self._names = path, table.names
        self._held = pa.schema([(n, pa.binary()) for n in table.names]).empty_table()
        self._reader: pacsv.CSVStreamingReader | None = None

    def take(self, count: int) -> pa.Table:
        """The next `count` rows, fewer at the end; ArrowInvalid where they cannot be read."""
        self._reader = self._reader or self._opened()
        while self._held.num_rows < count:
            try:
                batch = self._reader.read_next_batch()
            except StopIteration:
                break
            self._held = pa.concat_tables([self._held, pa.Table.from_batches([batch])])
        rows, self._held = self._held.slice(0, count), self._held.slice(count)
        return rows

    def _opened(self) -> pacsv.CSVStreamingReader:
        return pacsv.open_csv(
            self._path,
            pacsv.ReadOptions(block_size=_BLOCK, column_names=list(self._names), skip_rows=1),
            pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(self._names, pa.binary()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )


def differences(
    csv_path: Path, parquet: pq.ParquetFile, table: Table
) -> tuple[list[Broken], int | None]:
    """The cells in which the CSV differs from the Parquet as text, and how many rows it has.

    The number is null where a record has too few or too many cells: then only such are given.
    """
    found: list[Broken] = []
    start = 0
    try:
        read = CsvRows(csv_path, table)
        for group in range(parquet.num_row_groups):
            rows = csv_cells(parquet.read_row_group(group))
            got = read.take(rows.num_rows)
            for name in table.names:
                found += _different(rows.column(name), got.column(name), name, start)
            start += got.num_rows
        while more := read.take(1 << 16).num_rows:
            start += more
    except pa.ArrowInvalid as error:
        wrong = tuple(_misshapen(csv_path, len(table.names)))
        words = str(error).partition("\n")[0]
        wrong = wrong or ((0, f"expected a CSV file, got {words}"),)
        return [Broken(_RULE, "", wrong, len(wrong))], None
    return found, start


def _different(
    expected: pa.ChunkedArray, got: pa.ChunkedArray, name: str, start: int
) -> list[Broken]:
    wanted = expected.slice(0, len(got)).cast(pa.string()).cast(pa.binary()).combine_chunks()
    read = got.combine_chunks()
    nulls = pc.xor(wanted.is_null(), read.is_null())
    mask = pc.or_(nulls, pc.not_equal(wanted, read).fill_null(False))

    def message(at: int) -> str:
        return f"expected {_text(wanted[at])} as in the Parquet, got {_text(read[at])}"

    return broken(_RULE, name, mask, start, message)


def _text(cell: Any) -> str:
    content = cell.as_py()
    return shown(content if content is None else content.decode("utf-8", "replace"))


def _misshapen(path: Path, width: int) -> Iterator[tuple[int, str]]:
    found = 0
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        # Row -1 is the header.
        for row, cells in enumerate(csv.reader(file), -1):
            if len(cells) != width and found < EXAMPLES:
                found += 1
                yield row, f"expected {width} cells, got {len(cells)}"
