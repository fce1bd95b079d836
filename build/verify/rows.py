"""One table: its Parquet read by row groups, judged, and compared with its CSV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.issues import Cell, Issue, Place, shown
from dateline.build.standard.parquet import row_batches, rows_at_once
from dateline.build.standard.soundness import references, soundness
from dateline.build.verify.broken import Broken, broken, issues
from dateline.build.verify.compare import differences
from dateline.build.verify.pairs import Pair
from dateline.build.write import SLICE, csv_body, header
from dateline.schema.arrow import arrow_schema

# Rows that are rendered at a time: what is made of them stays near the processor.
_RENDERED = 8192


@dataclass(frozen=True)
class Asked:
    """A table that is to be checked, and the digest of its CSV file.

    `folder` is one of its own, for the values of its foreign keys; null where cells and keys are
    not asked for.
    """

    pair: Pair
    sha256: str
    folder: Path | None

    @property
    def references(self) -> dict[tuple[str, str], Path]:
        """The file for the values that refer to a resource's field, which may not be made."""
        if self.folder is None:
            return {}
        targets = dict.fromkeys(target for _, target in references(self.pair.csv))
        return {target: self.folder / f"{n}.arrow" for n, target in enumerate(targets)}


@dataclass(frozen=True)
class Checked:
    """What the check of one table found, how many rows its Parquet has, if it could be read.

    `same` is whether the CSV holds, byte by byte, the canonical form of these rows; `sound` whether
    they surely keep the standard, the values of foreign keys apart.
    """

    issues: list[Issue]
    rows: int | None
    same: bool
    sound: bool = False


def table_issues(asked: Asked) -> Checked:
    """The issues of one table's two files beyond what the standard says of each."""
    pair = asked.pair
    try:
        with pq.ParquetFile(pair.parquet.files[0].local) as parquet:
            if found := _schema_issues(parquet.schema_arrow, pair):
                return Checked(found, parquet.metadata.num_rows, same=False)
            return _row_issues(asked, parquet)
    except (pa.ArrowException, OSError):
        # The standard's check of the file says so.
        return Checked([], None, same=False)


def _schema_issues(got: pa.Schema, pair: Pair) -> list[Issue]:
    expected = arrow_schema(pair.table)
    if got.equals(expected, check_metadata=False):
        return []
    file = pair.parquet.files[0].path
    if got.names != expected.names:
        words = [f"columns {', '.join(expected.names)}; got {', '.join(got.names)}"]
    else:
        words = [
            f"{want.name}: expected {_typed(want)}, got {_typed(have)}"
            for want, have in zip(expected, got, strict=True)
            if not want.equals(have)
        ]
    cell = Cell(pair.parquet.name)
    return [Issue("package-parquet-schema", w, (Place(file),), cell=cell) for w in words]


def _typed(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ' not null'}"


def _row_issues(asked: Asked, parquet: pq.ParquetFile) -> Checked:
    pair, rows = asked.pair, parquet.metadata.num_rows
    found, same, sound = _read(asked, parquet)
    result = issues(found, pair.csv.files[0])
    content = f"sha256:{asked.sha256}"
    for resource in (pair.csv, pair.parquet):
        said = pair.facts[resource.name]
        place = (Place(resource.files[0].path, pointer=resource.pointer),)
        cell = Cell(resource.name)
        if said["dateline:rows"] != rows:
            message = f"expected {said['dateline:rows']} rows as the descriptor says, got {rows}"
            result.append(Issue("package-rows", message, place, cell=cell))
        # Where the files differ, that is what is wrong, and the digest follows from it.
        if same and said["dateline:content"] != content:
            message = f"expected rows with the digest {said['dateline:content']}, got {content}"
            result.append(Issue("package-content", message, place, cell=cell))
    return Checked(result, rows, same, sound and same)


def _read(asked: Asked, parquet: pq.ParquetFile) -> tuple[list[Broken], bool, bool]:
    """Rows that are out of order, whether the CSV holds the same, and whether all are sound.

    The CSV is the same where it holds, byte by byte, the canonical form of these rows, which
    tells any two tables of one schema apart.
    """
    found: list[Broken] = []
    start, last = 0, None
    table = asked.pair.table
    asking = None
    if asked.folder is not None:
        asking = soundness(parquet.schema_arrow, asked.pair.csv, asked.references)
    with asked.pair.csv.files[0].local.open("rb") as text:
        same = text.read(len(header(table))) == header(table)
        for batch in row_batches(parquet, rows_at_once(parquet, SLICE), threads=False):
            same = same and _stands_in(text, pa.Table.from_batches([batch]))
            keys = batch.column(table.primary_key)
            found += _disordered(keys, last, table.primary_key, start)
            if asking is not None:
                asking.add(batch)
            start, last = start + len(keys), keys[-1].as_py() if len(keys) else last
        same &= not text.read(1)
    return found, same, asking is not None and asking.done()


def _stands_in(text: BinaryIO, rows: pa.Table) -> bool:
    """Whether a file goes on with the canonical form of some rows, in UTF-8."""
    for at in range(0, rows.num_rows, _RENDERED):
        expected = csv_body(rows.slice(at, _RENDERED))
        got = text.read(len(expected))
        if not expected.equals(pa.py_buffer(got)) or not _is_utf8(got):
            return False
    return True


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _disordered(keys: pa.Array, before: str | None, name: str, start: int) -> list[Broken]:
    """The rows whose primary key is before that of the row before them, null for the first."""
    previous = pa.concat_arrays([pa.array([before], keys.type), keys.slice(0, len(keys) - 1)])

    def message(at: int) -> str:
        last, key = shown(previous[at].as_py()), shown(keys[at].as_py())
        return f"expected rows in the order of their keys, got {key} after {last}"

    return broken("package-row-order", name, pc.less(keys, previous), start, message)


def unlike_issues(pair: Pair) -> list[Issue]:
    """In what the CSV of a table differs from its Parquet; at least one issue."""
    file = pair.csv.files[0]
    with file.local.open("rb") as text:
        line, expected = text.readline().rstrip(b"\r\n"), header(pair.table).rstrip()
    if line != expected:
        words = f"expected the header {shown(expected.decode(), 400)}, got "
        words += shown(line.decode("utf-8", "replace"), 400)
        return [Issue("package-csv-parquet", words, (Place(file.path, 1),))]
    with pq.ParquetFile(pair.parquet.files[0].local) as parquet:
        rows = parquet.metadata.num_rows
        cells, got = differences(file.local, parquet, pair.table)
    found = issues(cells, file)
    if got is not None and got != rows:
        # After a row too many or too few the cells of all others differ too: the first counts.
        places = sorted(p for issue in found for p in issue.places if p.row)[:1]
        words = f"expected {rows} rows as in {pair.parquet.files[0].path}, got {got}"
        words += "; the first that differs is this one" if places else ""
        return [Issue("package-rows", words, tuple(places) or (Place(file.path),))]
    if found:
        return found
    words = "expected strings in quotes, other values bare and lines that end in CRLF"
    return [Issue("package-content", f"{words}, got another form", (Place(file.path),))]
