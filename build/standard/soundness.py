"""A table whose batches are asked, as they are read, whether they surely keep the standard.

That costs less than to judge them, and says less: of what is not surely sound nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.standard.header import header
from dateline.build.standard.keychecks import unique_keys
from dateline.build.standard.model import Dialect, Resource
from dateline.build.standard.native import is_text
from dateline.build.standard.nativecells import Native, are_sound, natives, plain
from dateline.build.standard.read import Settings
from dateline.build.standard.referred import Values

# Bytes of what is known of the unique keys of one table.
_HELD = 128 << 20


@dataclass
class Soundness:
    """What is known of the rows so far; they are not surely sound once `sure` is false.

    `primary` is the position of the primary key's column, `unique` holds a hash of each value of
    the other unique keys by their columns, `referring` says where those of foreign keys go.
    """

    columns: Sequence[Native]
    primary: int
    unique: dict[tuple[int, ...], list[pa.Array]]
    referring: dict[int, list[Values]]
    sure: bool = True
    held: int = 0
    last: pa.Array | None = field(default=None, repr=False)

    def add(self, batch: pa.RecordBatch) -> None:
        """Look at the next rows."""
        keyed = {self.primary, *(at for key in self.unique for at in key)}
        keys: dict[int, pa.Array] = {}
        for at, native in enumerate(self.columns):
            self.sure = self.sure and self._are_sound(at, native, batch.column(at))
            if self.sure and at in keyed:
                keys[at] = plain(batch.column(at), native)
        if self.sure:
            self._look_at_keys(keys)

    def done(self) -> bool:
        """Whether all cells and the table's own unique keys surely keep the standard."""
        for values in {id(v): v for each in self.referring.values() for v in each}.values():
            values.close()
        return self.sure and all(map(_once, self.unique.values()))

    def _are_sound(self, at: int, native: Native, cells: pa.Array) -> bool:
        referring = self.referring.get(at, ())
        if referring or (at != self.primary and _repeats(native)):
            cells = pc.unique(cells)
        values = plain(cells, native)
        for each in referring:
            each.add(values.drop_null())
        return are_sound(native, values)

    def _look_at_keys(self, cells: dict[int, pa.Array]) -> None:
        keys = cells[self.primary]
        # Keys that ascend are no key twice.
        self.sure = _ascend(keys, self.last)
        self.last = keys.slice(len(keys) - 1) if len(keys) else self.last
        for key, known in self.unique.items():
            hashes = _hashes([cells[at] for at in key])
            self.held += hashes.nbytes
            known.append(hashes)
        self.sure = self.sure and self.held <= _HELD


def soundness(
    schema: pa.Schema, resource: Resource, files: dict[tuple[str, str], Path]
) -> Soundness | None:
    """What is known before the first row of a table, null where it cannot surely be sound.

    `resource` says what its cells have to be; the values of its foreign keys go into the new files
    `files`, by the resource and field that they refer to.
    """
    of = resource.schema
    named = header(tuple(schema.names), of, Dialect())
    if of is None or named.wrong or named.hopeless or len(of.primary_key) != 1:
        return None
    if any(len(key.fields) != 1 or len(key.reference) != 1 for key in of.foreign_keys):
        return None
    columns = natives(schema, named, Settings())
    names = [native.field.name for native in columns]
    texts = {*of.primary_key, *(key.fields[0] for key in of.foreign_keys)}
    others = {name for _, key in unique_keys(of) for name in key} - texts
    if not texts.union(others) <= set(names):
        return None
    if not all(_is_plain(columns[names.index(name)], name in texts) for name in {*texts, *others}):
        return None
    targets = {target: Values(path) for target, path in files.items()}
    referring: dict[int, list[Values]] = {}
    for name, target in references(resource):
        referring.setdefault(names.index(name), []).append(targets[target])
    at = [tuple(map(names.index, key)) for _, key in unique_keys(of)]
    unique: dict[tuple[int, ...], list[pa.Array]] = {key: [] for key in at if key != at[0]}
    return Soundness(columns, at[0][0], unique, referring)


def references(resource: Resource) -> Iterator[tuple[str, tuple[str, str]]]:
    """Of each foreign key its first field, and the resource and field that this refers to."""
    for key in resource.schema.foreign_keys if resource.schema is not None else ():
        yield key.fields[0], (key.resource or resource.name, key.reference[0])


def _is_plain(native: Native, text: bool) -> bool:
    """Whether values of a key are equal where those of the column are; `text` allows text only."""
    if native.field.type == "integer" and not text:
        return bool(pa.types.is_integer(native.kind))
    return is_text(native.kind) and native.field.type in ("string", "any")


def _repeats(native: Native) -> bool:
    """Whether it costs less to judge each value of a column once."""
    limits = native.field.constraints.keys()
    return is_text(native.kind) and bool({"enum", "pattern"} & limits) and "unique" not in limits


def _ascend(keys: pa.Array, last: pa.Array | None) -> bool:
    """Whether no key is null or not after the one before it; `last` is the one before the first."""
    if not len(keys) or keys.null_count:
        return not len(keys)
    ascending = pc.all(pc.less(keys.slice(0, len(keys) - 1), keys.slice(1)), min_count=0).as_py()
    after = last is None or pc.less(last, keys.slice(0, 1))[0].as_py()
    return bool(ascending and after)


def _hashes(cells: Sequence[pa.Array]) -> pa.Array:
    """A number for each row without a null: rows that are alike have one number."""
    rows = pa.table(cells, [str(at) for at in range(len(cells))]).drop_null()
    joined = pc.binary_join_element_wise(*(c.cast(pa.string()) for c in rows.columns), "\0")
    return pa.array([hash(text) for text in joined.to_pylist()], pa.int64())


def _once(hashes: Sequence[pa.Array]) -> bool:
    """Whether no number is there twice, so that surely no two rows are alike."""
    numbers = pa.chunked_array(hashes, pa.int64())
    return len(pc.unique(numbers)) == len(numbers)
