"""Parts: what the map step leaves behind for the steps after it, one file a task.

A part holds the raw tables of its articles as Arrow record batches: evidence in BUCKETS by the
first characters of its id, so that all rows of a range of ids can be read without the others, and
each other table whole. Its end says where each batch is and what it digests to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import fs

from dateline.build.assemble.ids import PAIRS
from dateline.build.batch import BatchResult
from dateline.build.issues import Issue, issue_of

BUCKETS = 256
BUCKETED = "evidence"
_MAGIC = b"dateline part 1\n"
_TAIL = 8
_SORTED_PAIRS = pa.array(sorted(PAIRS))


class Damaged(Exception):
    """A part is cut short, or does not hold what its end says."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows in a part: where their bytes start, how many these are, their SHA-256; their number.

    The SHA-256 is null in a part that is not kept.
    """

    offset: int
    length: int
    sha256: str | None
    rows: int


@dataclass(frozen=True)
class Part:
    """What a part holds: sections by table (evidence by bucket), issues, counts by name.

    `texts` are the files of texts that articles name, with their SHA-256, null for one that could
    not be read.
    """

    path: str
    tables: dict[str, list[Section]]
    buckets: list[list[Section]]
    issues: list[Issue] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)


class PartWriter:
    """Writes one part, batch after batch."""

    def __init__(self, sink: pa.NativeFile, path: str, *, is_kept: bool = True) -> None:
        """`path` is what the part is called where it is read.

        A part that `is_kept` can be checked later.
        """
        self._sink = sink
        self._is_kept = is_kept
        self._at = 0
        self._write(_MAGIC)
        self.part = Part(path, {}, [[] for _ in range(BUCKETS)])

    def add(self, result: BatchResult) -> None:
        """Adds the raw tables, issues and counts of a batch."""
        for name, table in {**result.tables, **result.asked}.items():
            if name == BUCKETED:
                for bucket, rows in _bucketed(table):
                    self.part.buckets[bucket].append(self._section(rows))
            elif table.num_rows:
                (rows,) = table.combine_chunks().to_batches()
                self.part.tables.setdefault(name, []).append(self._section(rows))
        self.part.issues.extend(result.issues)
        for name, count in result.counts.items():
            self.part.counts[name] = self.part.counts.get(name, 0) + count

    def close(self, texts: Mapping[str, str | None]) -> Part:
        """The part, whose end is written now."""
        self.part.texts.update(texts)
        content = asdict(self.part)
        del content["path"]
        end = json.dumps(content, separators=(",", ":")).encode()
        self._write(end + sha256(end).digest() + len(end).to_bytes(_TAIL, "big"))
        return self.part

    def _section(self, rows: pa.RecordBatch) -> Section:
        data = rows.serialize()
        digest = sha256(data).hexdigest() if self._is_kept else None
        section = Section(self._at, data.size, digest, rows.num_rows)
        self._write(data)
        return section

    def _write(self, data: bytes | pa.Buffer) -> None:
        self._sink.write(data)
        self._at += len(data)


def read_part(files: fs.FileSystem, path: str) -> Part:
    """The part of a file. Raises Damaged, OSError."""
    with files.open_input_file(path) as source:
        size = source.size()
        tail = sha256().digest_size + _TAIL
        if size < len(_MAGIC) + tail or source.read_at(len(_MAGIC), 0) != _MAGIC:
            raise Damaged(path)
        end = source.read_at(tail, size - tail)
        length = int.from_bytes(end[-_TAIL:], "big")
        if length > size - tail - len(_MAGIC):
            raise Damaged(path)
        content = source.read_at(length, size - tail - length)
    if sha256(content).digest() != end[:-_TAIL]:
        raise Damaged(path)
    return _part(path, json.loads(content))


def check_part(files: fs.FileSystem, part: Part) -> None:
    """Raise Damaged where a section is not what the end of the part says."""
    sections = [s for each in (*part.tables.values(), *part.buckets) for s in each]
    with files.open_input_file(part.path) as source:
        for section in sorted(sections, key=lambda s: s.offset):
            data = source.read_at(section.length, section.offset)
            if sha256(data).hexdigest() != section.sha256:
                raise Damaged(part.path)


def rows_of(
    files: fs.FileSystem, path: str, sections: Sequence[Section], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """The record batches of sections of one table in the part of this path."""
    if not sections:
        return
    with files.open_input_file(path) as source:
        for section in sections:
            source.seek(section.offset)
            yield pa.ipc.read_record_batch(source.read_buffer(section.length), schema)


def _bucketed(table: pa.Table) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows of evidence by the bucket of their id; empty ones are left out."""
    pairs = pc.utf8_slice_codeunits(table["evidence_id"], 4, 6)
    number = pc.index_in(pairs, _SORTED_PAIRS)
    bucket = pc.divide(number, len(_SORTED_PAIRS) // BUCKETS).cast(pa.uint8()).combine_chunks()
    counts = sorted((c["values"], c["counts"]) for c in bucket.value_counts().to_pylist())
    at = 0
    for rows in table.take(pc.sort_indices(bucket)).combine_chunks().to_batches():
        for each, count in counts:
            yield each, rows.slice(at, count)
            at += count


def _part(path: str, content: dict[str, Any]) -> Part:
    def sections(entries: list[dict[str, Any]]) -> list[Section]:
        return [Section(**entry) for entry in entries]

    return Part(
        path,
        {name: sections(entries) for name, entries in content["tables"].items()},
        [sections(entries) for entries in content["buckets"]],
        [issue_of(issue) for issue in content["issues"]],
        content["counts"],
        content["texts"],
    )
