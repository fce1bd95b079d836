"""The evidence of all parts to its two files: the largest table, which nothing merges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from dateline.build.assemble.columns import raw_schemas
from dateline.build.parts import BUCKETED, BUCKETS, Part, bucket_rows
from dateline.build.store import store
from dateline.build.write import Written, write_table
from dateline.schema import load_codebook

# The signature of `map`, for those who can run it elsewhere.
Mapper = Callable[[Callable[[int], pa.Table], Iterable[int]], Iterator[pa.Table]]


@dataclass(frozen=True)
class Buckets:
    """Where evidence is: the parts, the folder or address they are in, the codebook's folder."""

    parts: Sequence[Part]
    folder: str
    codebook: Path | None


def sorted_bucket(of: Buckets, bucket: int) -> pa.Table:
    """The rows of one bucket as they are published, sorted by primary key."""
    codebook = load_codebook(of.codebook)
    files, _ = store(of.folder)
    schema = raw_schemas(codebook)[BUCKETED]
    key = codebook.tables[BUCKETED].primary_key
    return bucket_rows(files, list(of.parts), bucket, schema, key)


def write_evidence(
    of: Buckets, folder: Path, metadata: Mapping[str, str], mapper: Mapper
) -> list[Written]:
    """The files of the table in a package's folder; buckets are sorted by way of `mapper`."""
    rows = mapper(partial(sorted_bucket, of), range(BUCKETS))
    table = load_codebook(of.codebook).tables[BUCKETED]
    return write_table(rows, table, folder, metadata)
