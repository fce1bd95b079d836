"""The values of foreign keys, on disk between the pass over their table and that over the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.standard.model import Dialect, Field
from dateline.build.standard.plan import column

# Bytes of values: of one foreign key before they are written, and of all that are looked for.
_PENDING = 8 << 20
_AT_ONCE = 128 << 20
_ROWS = 1 << 20
_SCHEMA = pa.schema([("value", pa.string())])


@dataclass(frozen=True)
class Wanted:
    """Values that a text column of a Parquet file has to hold; `files` may not exist."""

    field: Field
    parquet: Path
    files: tuple[Path, ...]


class Values:
    """A file of the values that rows refer to, most of them once."""

    def __init__(self, path: Path) -> None:
        """`path` is made with the first values, so that there is none without."""
        self._path = path
        self._pending: list[pa.Array] = []
        self._size = 0
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None

    def add(self, values: pa.Array) -> None:
        """Add values, none of them null."""
        self._pending.append(values)
        self._size += values.nbytes
        if self._size > _PENDING:
            once = pc.unique(pa.chunked_array(self._pending))
            self._pending, self._size = [once], once.nbytes
            if self._size > _PENDING // 2:
                self._write()

    def close(self) -> None:
        """Write what is left."""
        self._write()
        if self._writer is not None:
            self._writer.close()

    def _write(self) -> None:
        values = pa.chunked_array(self._pending, pa.string())
        if len(values):
            self._writer = self._writer or pa.ipc.new_stream(str(self._path), _SCHEMA)
            self._writer.write_table(pa.table([values], _SCHEMA))
        self._pending, self._size = [], 0


def all_known(wanted: Wanted) -> bool:
    """Whether a column holds every one of the values; a value that stands for null is none."""
    return all(not len(_unknown(values, wanted)) for values in _read(wanted.files))


def _unknown(values: pa.Array, wanted: Wanted) -> pa.Array:
    of = column(wanted.field, Dialect())
    with pq.ParquetFile(wanted.parquet) as parquet:
        for batch in parquet.iter_batches(_ROWS, columns=[wanted.field.name], use_threads=False):
            known = of.nulled(batch.column(0)).drop_null()
            values = values.filter(pc.invert(pc.is_in(values, known)))
            if not len(values):
                break
    return values


def _read(files: Sequence[Path]) -> Iterator[pa.Array]:
    """The values of all files, each once in what is held at a time."""
    held: list[pa.Array] = []
    for file in files:
        if not file.exists():
            continue
        with pa.memory_map(str(file)) as source, pa.ipc.open_stream(source) as stream:
            for batch in stream:
                held.append(batch.column(0))
                if sum(values.nbytes for values in held) > _AT_ONCE:
                    yield pc.unique(pa.chunked_array(held))
                    held = []
    if held:
        yield pc.unique(pa.chunked_array(held))
