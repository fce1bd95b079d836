"""All that differs in the rows of two packages as Parquet files, a file a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.diff.columns import differing, texts
from dateline.build.diff.merge import Rows, Window
from dateline.build.diff.tables import Pair

_COLUMNS = ("op", "column", "old", "new")
# Without a key: the number of the row in this file, from 1.
_ROW = "row"


class ChangeFiles:
    """Writes `<table>.parquet` into a folder for each table with a difference; a context manager.

    Each line is a value: the key of its row (without a key `row`, a number), `op` (`added`,
    `removed`, `changed`), `column`, `old` and `new` as canonical text, null for null. A row that
    was added or removed has a line for each value beside its key, or one without a column where it
    has none. Values of a column that is new are `changed`; one that is gone has no lines.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, _File] = {}

    def __enter__(self) -> ChangeFiles:
        return self

    def __exit__(self, *failure: object) -> None:
        for file in self._files.values():
            file.close()

    def __call__(self, pair: Pair, window: Window) -> None:
        """Write what differs in a window."""
        parts = list(_of_window(pair, window))
        if not parts:
            return
        if pair.name not in self._files:
            path = self._folder / f"{quote(pair.name, safe=' ')}.parquet"
            self._files[pair.name] = _File(path, bool(pair.key), parts[0].schema)
        self._files[pair.name].write(parts)


class _File:
    """The file of one table, whose rows without a key are numbered as they come."""

    def __init__(self, path: Path, keyed: bool, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._keyed, self._rows = keyed, 0

    def write(self, parts: Sequence[pa.Table]) -> None:
        """Write the lines of a window."""
        for at, part in enumerate(parts if not self._keyed else ()):
            numbers = pc.add(part.column(0), self._rows)
            self._rows = pc.max(numbers).as_py()
            parts = [*parts[:at], part.set_column(0, _ROW, numbers), *parts[at + 1 :]]
        self._writer.write_table(pa.concat_tables(parts))

    def close(self) -> None:
        """End the file."""
        self._writer.close()


def free(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The names, with an underscore behind each as long as it is one that is taken."""
    found = []
    for name in names:
        while name in taken:
            name += "_"
        found.append(name)
    return found


def _of_window(pair: Pair, window: Window) -> Iterator[pa.Table]:
    for op, rows in (("added", window.added), ("removed", window.removed)):
        if len(rows):
            yield _whole(pair, op, rows)
    if not pair.key or not len(window.old):
        return
    for name in pair.sides[1].columns:
        new = texts(window.new.rows.column(name))
        if name in pair.shared:
            old, mask = texts(window.old.rows.column(name)), window.changed.get(name)
        else:
            old = pa.nulls(len(new), pa.string())
            mask = differing(old, new)
        if mask is not None:
            at = pc.indices_nonzero(mask)
            same = [pa.repeat(pa.scalar(word), len(at)) for word in ("changed", name)]
            yield _lines(pair, window.new, at, [*same, old.take(at), new.take(at)])


def _whole(pair: Pair, op: str, rows: Rows) -> pa.Table:
    """The lines of rows that one side alone has, row by row."""
    names = [name for name in rows.rows.schema.names if name not in pair.key]
    parts = []
    empty = pa.array([True] * len(rows))
    for name in names:
        column = texts(rows.rows.column(name))
        empty = pc.and_(empty, column.is_null())
        at = pc.indices_nonzero(column.is_valid())
        parts.append((at, pa.repeat(pa.scalar(name), len(at)), column.take(at)))
    at = pc.indices_nonzero(empty)
    none = pa.nulls(len(at), pa.string())
    joined = map(pa.concat_arrays, zip(*parts, (at, none, none), strict=True))
    lines = pa.table(list(joined), ["at", "column", "value"]).sort_by("at").combine_chunks()
    at, column, value = (lines.column(n).combine_chunks() for n in range(3))
    none = pa.nulls(len(at), pa.string())
    old, new = (none, value) if op == "added" else (value, none)
    return _lines(pair, rows, at, [pa.repeat(pa.scalar(op), len(at)), column, old, new])


def _lines(pair: Pair, rows: Rows, at: pa.Array, values: list[pa.Array]) -> pa.Table:
    """Lines with the key of their row, or without one the number of it among these."""
    keys = [texts(rows.rows.column(name)).take(at) for name in pair.key]
    keys = keys or [pc.add(at.cast(pa.int64()), 1)]
    names = pair.key or (_ROW,)
    return pa.table([*keys, *values], [*names, *free(_COLUMNS, names)])
