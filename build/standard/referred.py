"""The values of foreign keys, on disk between the pass over their table and that over the other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.issues import EnvironmentFailure
from dateline.build.standard.model import Dialect, Field
from dateline.build.standard.parquet import row_batches
from dateline.build.standard.plan import column

# Bytes of values: of one foreign key before they are written, and of all that are looked for.
_PENDING = 8 << 20
_AT_ONCE = 32 << 20
_ROWS = 1 << 18
_SCHEMA = pa.schema([("value", pa.string())])


@dataclass(frozen=True)
class Wanted:
    """Values that a text column of a Parquet file has to hold; `files` may not exist."""

    field: Field
    parquet: Path
    files: tuple[Path, ...]


class Values:
    """A file of the values that rows refer to, most of them once.

    Raises EnvironmentFailure where it cannot be written.
    """

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
            once = self._once()
            self._pending, self._size = [once], once.nbytes
            if self._size > _PENDING // 2:
                self._write(once)

    def close(self) -> None:
        """Write what is left."""
        self._write(self._once())
        if self._writer is not None:
            with _failures():
                self._writer.close()

    def _once(self) -> pa.Array:
        return pc.unique(pa.chunked_array(self._pending, pa.string()))

    def _write(self, values: pa.Array) -> None:
        if len(values):
            with _failures():
                self._writer = self._writer or pa.ipc.new_stream(str(self._path), _SCHEMA)
                self._writer.write_table(pa.table([values], _SCHEMA))
        self._pending, self._size = [], 0


def all_known(wanted: Wanted) -> bool:
    """Whether a column holds every one of the values; a value that stands for null is none.

    Raises EnvironmentFailure where a file cannot be read.
    """
    with _failures():
        return all(not len(_unknown(values, wanted)) for values in _read(wanted.files))


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """EnvironmentFailure where the disk does not suffice."""
    try:
        yield
    except OSError as error:
        raise EnvironmentFailure(f"the foreign keys of the tables: {error}") from error


def _unknown(values: pa.ChunkedArray, wanted: Wanted) -> pa.ChunkedArray:
    of = column(wanted.field, Dialect())
    with pq.ParquetFile(wanted.parquet) as parquet:
        for batch in row_batches(parquet, _ROWS, [wanted.field.name], threads=False):
            known = of.nulled(batch.column(0)).drop_null()
            values = values.filter(pc.invert(pc.is_in(values, known)))
            if not len(values):
                break
    return values


def _read(files: Sequence[Path]) -> Iterator[pa.ChunkedArray]:
    """The values of all files, as many at a time as are held."""
    held: list[pa.Array] = []
    size = 0
    for file in files:
        if not file.exists():
            continue
        with pa.OSFile(str(file)) as source, pa.ipc.open_stream(source) as stream:
            for batch in stream:
                held.append(batch.column(0))
                size += batch.nbytes
                if size > _AT_ONCE:
                    yield pa.chunked_array(held)
                    held, size = [], 0
    if held:
        yield pa.chunked_array(held)
