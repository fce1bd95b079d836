"""The tables of two packages paired, their rows brought together and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.diff.columns import texts
from dateline.build.diff.merge import Rows, Unordered, Window, windows
from dateline.build.diff.model import ColumnDiff, Sample, TableDiff
from dateline.build.diff.opening import Side
from dateline.build.diff.rows import Sorted, Texts, field_names, typed
from dateline.build.issues import InvalidInput
from dateline.build.standard.model import Schema

SHOWN = 5


@dataclass(frozen=True)
class Pair:
    """A table of two packages: what tells its rows, its columns on each side, and how they come.

    `key` is empty where they share no primary key. A side that has no such table has no columns.
    """

    name: str
    key: tuple[str, ...]
    sides: tuple[Sorted, Sorted]
    coded: frozenset[str]
    paths: tuple[str, str]

    @property
    def shared(self) -> tuple[str, ...]:
        """The columns that both sides have, in the order of the new one."""
        old, new = (side.columns for side in self.sides)
        return tuple(name for name in new if name in old)

    def windows(self) -> Iterator[Window]:
        """All rows of both sides; InvalidInput where a key stands twice."""
        old, new = self.sides
        try:
            yield from windows(old.rows(), new.rows(), self.shared)
        except Unordered as error:
            path = self.paths[error.side]
            raise InvalidInput(
                f"{path}: {self.name}: expected each primary key once, in order, got {error.key} "
                f"again or too late; `dateline validate {path}` says more"
            ) from None


def pairs(old: Side, new: Side, texts_of: Texts) -> Iterator[Pair]:
    """The tables of both packages, in the new one's order, then those that the old one had."""
    for name in dict.fromkeys((*new.tables, *old.tables)):
        yield _pair(name, (old, new), texts_of)


_NONE = Sorted((), lambda: iter(()))


def _pair(name: str, sides: tuple[Side, Side], texts_of: Texts) -> Pair:
    found = [side.tables.get(name) for side in sides]
    there = [resource for resource in found if resource is not None]
    keys = [resource.schema.primary_key if resource.schema else () for resource in there]
    # Which field of a key comes first says nothing.
    key = keys[-1] if {*keys[0]} == {*keys[-1]} else ()
    coded = frozenset(c for resource in there for c in _coded(resource.schema))
    paths = (sides[0].path, sides[1].path)
    if len(key) == 1:
        old, new = (
            _NONE if each is None else typed(path, each, key[0])
            for path, each in zip(paths, found, strict=True)
        )
        if old is not None and new is not None and all(side.own for side in sides):
            return Pair(name, key, (old, new), coded, paths)
    told_by = key or tuple(dict.fromkeys(c for each in there for c in field_names(each)))
    sorted_sides = [
        _NONE if each is None else texts_of.sorted(path, each, told_by, repeats=not key)
        for path, each in zip(paths, found, strict=True)
    ]
    return Pair(name, key, (sorted_sides[0], sorted_sides[1]), coded, paths)


def _coded(schema: Schema | None) -> Iterator[str]:
    """The fields whose values are of a closed list."""
    for each in schema.fields if schema is not None else ():
        if "enum" in each.constraints or "categories" in each.descriptor:
            yield each.name


# What else is done with the windows of a table while its rows are counted.
Listener = Callable[[Pair, Window], None]


def table_diff(pair: Pair, listener: Listener | None = None) -> TableDiff:
    """The rows of a pair counted; the listener is called with each window, in order."""
    tally = _Tally(pair)
    for window in pair.windows():
        tally.add(window)
        if listener is not None:
            listener(pair, window)
    return tally.result()


@dataclass
class _Column:
    changed: int = 0
    samples: list[Sample] = field(default_factory=list)
    nulls: list[int] = field(default_factory=lambda: [0, 0])
    categories: dict[str, list[int]] = field(default_factory=dict)


class _Tally:
    """What is counted of a pair, window by window."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._columns = {name: _Column() for name in pair.shared}
        self._rows = [0, 0]
        self._counts = [0, 0, 0]
        self._added: list[tuple[str, ...]] = []
        self._removed: list[tuple[str, ...]] = []

    def add(self, window: Window) -> None:
        """Count a window."""
        for side, rows in enumerate((window.before, window.after)):
            self._rows[side] += len(rows)
        self._counts[0] += len(window.added)
        self._counts[1] += len(window.removed)
        self._keys(self._added, window.added)
        self._keys(self._removed, window.removed)
        changed = window.changed if self._pair.key else {}
        if changed:
            masks = list(changed.values())
            any_of = masks[0]
            for mask in masks[1:]:
                any_of = pc.or_(any_of, mask)
            self._counts[2] += pc.sum(any_of).as_py()
        for name, mask in changed.items():
            self._changed(name, mask, window)
        for name, column in self._columns.items():
            self._shape(name, column, window)

    def _keys(self, listed: list[tuple[str, ...]], rows: Rows) -> None:
        if len(listed) < SHOWN and len(rows):
            listed += key_tuples(self._pair, rows.slice(0, SHOWN - len(listed)))

    def _changed(self, name: str, mask: pa.Array, window: Window) -> None:
        column = self._columns[name]
        column.changed += pc.sum(mask).as_py()
        left = SHOWN - len(column.samples)
        if left <= 0:
            return
        at = pc.indices_nonzero(mask).slice(0, left)
        old, new = (
            texts(side.rows.column(name).take(at)).to_pylist() for side in (window.old, window.new)
        )
        keys = key_tuples(self._pair, Rows(window.new.keys.take(at), window.new.rows.take(at)))
        column.samples += map(Sample, keys, old, new)

    def _shape(self, name: str, column: _Column, window: Window) -> None:
        """Nulls and coded values; where common rows do not differ, they are counted once."""
        for side, rows in enumerate((window.before, window.after)):
            if len(rows):
                column.nulls[side] += rows.rows.column(name).null_count
        if name not in self._pair.coded:
            return
        if len(window.old) and name not in window.changed:
            _count(column, name, window.before, (1, 1))
            _count(column, name, window.removed, (0, -1))
            _count(column, name, window.added, (0, 1))
        else:
            _count(column, name, window.before, (1, 0))
            _count(column, name, window.after, (0, 1))

    def result(self) -> TableDiff:
        """All that was counted."""
        added, removed, changed = self._counts
        return TableDiff(
            self._pair.name,
            self._pair.key,
            (self._rows[0], self._rows[1]),
            added,
            removed,
            changed,
            tuple(self._added),
            tuple(self._removed),
            tuple(_column(name, column) for name, column in self._columns.items()),
        )


def _count(column: _Column, name: str, rows: Rows, times: tuple[int, int]) -> None:
    """Add the values of some rows to what is counted of a column, so many times on each side."""
    if not len(rows):
        return
    counted = pc.value_counts(rows.rows.column(name).drop_null())
    values = texts(counted.field("values")).to_pylist()
    for value, count in zip(values, counted.field("counts").to_pylist(), strict=True):
        both = column.categories.setdefault(value, [0, 0])
        for side in (0, 1):
            both[side] += times[side] * count


def _column(name: str, found: _Column) -> ColumnDiff:
    categories = {value: (both[0], both[1]) for value, both in sorted(found.categories.items())}
    nulls = (found.nulls[0], found.nulls[1])
    return ColumnDiff(name, found.changed, tuple(found.samples), nulls, categories)


def key_tuples(pair: Pair, rows: Rows) -> list[tuple[str, ...]]:
    """The key of each row as canonical text; without a key all its values."""
    names = pair.key or tuple(rows.rows.schema.names)
    columns = [texts(rows.rows.column(name)).fill_null("").to_pylist() for name in names]
    return list(zip(*columns, strict=True))
