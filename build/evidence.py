"""The evidence of all parts to its two files: the largest table, which nothing merges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.columns import raw_schemas
from dateline.build.assemble.evidence import with_subjects
from dateline.build.parts import BUCKETED, BUCKETS, Part, Section, rows_of
from dateline.build.store import store
from dateline.build.write import Written, write_table
from dateline.schema import Definitions, codebook_of


@dataclass(frozen=True)
class Bucket:
    """Rows of evidence whose ids begin alike: the sections of each part, by its path.

    `folder` is the path or address that the parts are in; an address may have secrets in it.
    """

    sections: tuple[tuple[str, tuple[Section, ...]], ...]
    folder: str = field(repr=False)
    codebook: Definitions


# The signature of `map`, for those who can run it elsewhere.
Mapper = Callable[[Callable[[Bucket], pa.Table], Iterable[Bucket]], Iterator[pa.Table]]


def buckets(parts: Sequence[Part], folder: str, codebook: Definitions) -> list[Bucket]:
    """The buckets of all parts, in the order of their ids."""
    return [
        Bucket(tuple((p.path, tuple(p.buckets[n])) for p in parts), folder, codebook)
        for n in range(BUCKETS)
    ]


def sorted_bucket(bucket: Bucket) -> pa.Table:
    """The rows of one bucket as they are published, sorted by primary key: the reduce step."""
    codebook = codebook_of(bucket.codebook)
    table = codebook.tables[BUCKETED]
    schema = raw_schemas(codebook)[BUCKETED]
    with store(bucket.folder) as (files, _):
        found = [
            batch
            for path, sections in bucket.sections
            for batch in rows_of(files, path, sections, schema)
        ]
    rows = pa.Table.from_batches(found, schema).combine_chunks()
    rows = rows.take(pc.sort_indices(rows[table.primary_key]))
    return with_subjects(rows).select(table.names)


def write_evidence(
    found: Sequence[Bucket], folder: Path, metadata: Mapping[str, str], mapper: Mapper
) -> list[Written]:
    """The files of the table in a package's folder; buckets are sorted by way of `mapper`."""
    table = codebook_of(found[0].codebook).tables[BUCKETED]
    return write_table(mapper(sorted_bucket, found), table, folder, metadata)
