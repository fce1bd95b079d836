"""One table: its Parquet read by row groups, judged, and compared with its CSV."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dateline.build.issues import Issue, Place, shown
from dateline.build.verify.broken import Broken, issues
from dateline.build.verify.cells import broken_cells, broken_keys
from dateline.build.verify.compare import differences
from dateline.build.verify.opened import Pair
from dateline.build.write import csv_body, header
from dateline.schema.arrow import arrow_schema


@dataclass(frozen=True)
class Checked:
    """What the check of one table found, and how many rows its Parquet has."""

    issues: list[Issue]
    rows: int


def has_columns(folder: Path, pair: Pair) -> bool:
    """Whether a table's Parquet can be read and has the columns that its schema promises."""
    try:
        with pq.ParquetFile(folder / pair.parquet.path) as parquet:
            return not _schema_issues(parquet.schema_arrow, pair)
    except (pa.ArrowException, OSError):
        return False


def table_issues(folder: Path, pair: Pair, damaged: set[str]) -> Checked:
    """The issues of one table's two files.

    A file in `damaged` is reported already: that it cannot be read says nothing new.
    """
    path = folder / pair.parquet.path
    try:
        with pq.ParquetFile(path) as parquet:
            rows = parquet.metadata.num_rows
            if found := _schema_issues(parquet.schema_arrow, pair):
                return Checked(found, rows)
            return Checked(_row_issues(folder, pair, parquet), rows)
    except (pa.ArrowException, OSError) as error:
        known = pair.parquet.path in damaged
        message = f"expected a Parquet file, got {_words(error)}"
        issue = Issue("package-parquet-schema", message, (Place(pair.parquet.path),))
        return Checked([] if known else [issue], 0)


def _words(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _schema_issues(got: pa.Schema, pair: Pair) -> list[Issue]:
    expected = arrow_schema(pair.table)
    if got.equals(expected, check_metadata=False):
        return []
    if got.names != expected.names:
        words = [f"columns {', '.join(expected.names)}; got {', '.join(got.names)}"]
    else:
        words = [
            f"{want.name}: expected {_typed(want)}, got {_typed(have)}"
            for want, have in zip(expected, got, strict=True)
            if not want.equals(have)
        ]
    return [Issue("package-parquet-schema", w, (Place(pair.parquet.path),)) for w in words]


def _typed(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ' not null'}"


def _row_issues(folder: Path, pair: Pair, parquet: pq.ParquetFile) -> list[Issue]:
    path = folder / pair.csv.path
    found, content, same = _read(path, pair, parquet)
    result = issues(found, pair.csv.path, path)
    unlike = [] if same else _unlike(path, pair, parquet)
    rows = parquet.metadata.num_rows
    for file in (pair.csv, pair.parquet):
        place = (Place(file.path, pointer=file.pointer),)
        if file.rows != rows:
            message = f"expected {file.rows} rows as the descriptor says, got {rows}"
            result.append(Issue("package-rows", message, place))
        # Where the files differ, that is what is wrong, and the digest follows from it.
        if not unlike and file.content != content:
            message = f"expected rows with the digest {file.content}, got {content}"
            result.append(Issue("package-content", message, place))
    return result + unlike


def _read(path: Path, pair: Pair, parquet: pq.ParquetFile) -> tuple[list[Broken], str, bool]:
    """Rows that break the schema, the digest of all, and whether the CSV holds the same.

    The CSV is the same where it holds, byte by byte, the canonical form of these rows, which
    tells any two tables of one schema apart.
    """
    found: list[Broken] = []
    digest = hashlib.sha256()
    start, last = 0, None
    with path.open("rb") as text, ThreadPoolExecutor(1) as beside:
        same = text.read(len(header(pair.table))) == header(pair.table)

        def render(rows: pa.Table) -> bool:
            body = csv_body(rows)
            digest.update(body)
            return bool(body.equals(pa.py_buffer(text.read(len(body)))))

        for group in range(parquet.num_row_groups):
            rows = parquet.read_row_group(group)
            rendered = beside.submit(render, rows)
            found += broken_cells(rows, pair.table, start)
            keys = rows.column(pair.table.primary_key).combine_chunks()
            found += broken_keys(keys, last, pair.table.primary_key, start)
            same &= rendered.result()
            start, last = start + len(keys), keys[-1].as_py() if len(keys) else last
        same &= not text.read(1)
    return found, "sha256:" + digest.hexdigest(), same


def _unlike(path: Path, pair: Pair, parquet: pq.ParquetFile) -> list[Issue]:
    """In what the CSV differs from the Parquet; at least one issue."""
    with path.open("rb") as text:
        line, expected = text.readline().rstrip(b"\r\n"), header(pair.table).rstrip()
    if line != expected:
        words = f"expected the header {shown(expected.decode(), 400)}, got "
        words += shown(line.decode("utf-8", "replace"), 400)
        return [Issue("package-csv-parquet", words, (Place(pair.csv.path, 1),))]
    cells, got = differences(path, parquet, pair.table)
    found = issues(cells, pair.csv.path, path)
    rows = parquet.metadata.num_rows
    if got is not None and got != rows:
        # After a row too many or too few the cells of all others differ too: the first counts.
        places = sorted(p for issue in found for p in issue.places if p.row)[:1]
        words = f"expected {rows} rows as in {pair.parquet.path}, got {got}"
        words += "; the first that differs is this one" if places else ""
        return [Issue("package-rows", words, tuple(places) or (Place(pair.csv.path),))]
    if found:
        return found
    words = "expected strings in quotes, other values bare and lines that end in CRLF"
    return [Issue("package-content", f"{words}, got another form", (Place(pair.csv.path),))]
