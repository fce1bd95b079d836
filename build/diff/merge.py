"""Two streams of rows in the order of their keys, brought together a window at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.diff.columns import differing


class Unordered(Exception):
    """Keys of one side do not rise: `key` stands twice, or before a smaller one."""

    def __init__(self, side: int, key: str) -> None:
        super().__init__(key)
        self.side, self.key = side, key


@dataclass(frozen=True)
class Rows:
    """Rows and the text that tells each from all others, in the order of that text's bytes."""

    keys: pa.Array
    rows: pa.RecordBatch

    def __len__(self) -> int:
        return len(self.keys)

    def slice(self, start: int, count: int | None = None) -> Rows:
        """Some of the rows, from `start` on."""
        return Rows(self.keys.slice(start, count), self.rows.slice(start, count))

    def filter(self, mask: pa.Array) -> Rows:
        """The rows where a mask is true."""
        return Rows(self.keys.filter(mask), self.rows.filter(mask))

    def then(self, more: Rows) -> Rows:
        """These rows and those that follow them."""
        if not len(self):
            return more
        keys = pa.concat_arrays([self.keys, more.keys])
        return Rows(keys, pa.concat_batches([self.rows, more.rows]))


@dataclass(frozen=True)
class Window:
    """All rows of two tables whose keys lie between two texts.

    `removed` and `added` are those of one side alone; `old` and `new` have the same keys, row by
    row. `before` and `after` are all of each side.
    """

    before: Rows
    after: Rows
    removed: Rows
    added: Rows
    old: Rows
    new: Rows
    columns: tuple[str, ...]

    @cached_property
    def changed(self) -> dict[str, pa.Array]:
        """By column that both sides have and that differs, where it does; in the old order."""
        found = {}
        for name in self.columns:
            mask = differing(self.old.rows.column(name), self.new.rows.column(name))
            if mask is not None:
                found[name] = mask
        return found


def windows(old: Iterator[Rows], new: Iterator[Rows], columns: tuple[str, ...]) -> Iterator[Window]:
    """The rows of both streams, each once, in the order of their keys.

    `columns` are those that both have. Raises Unordered where the keys of a stream do not rise.
    """
    left, right = _Stream(old, 0), _Stream(new, 1)
    while left.held is not None and right.held is not None:
        last = min(left.last, right.last)
        yield _window(left.taken(last), right.taken(last), columns)
    while left.held is not None:
        rows = left.taken(left.last)
        none = rows.slice(0, 0)
        yield Window(rows, none, rows, none, none, none, ())
    while right.held is not None:
        rows = right.taken(right.last)
        none = rows.slice(0, 0)
        yield Window(none, rows, none, rows, none, none, ())


class _Stream:
    """A stream with the rows of it that were read and not taken; null at its end."""

    def __init__(self, rows: Iterator[Rows], side: int) -> None:
        self._rows, self._side = rows, side
        self._before: str | None = None
        self.held: Rows | None = None
        self._fill()

    @property
    def last(self) -> str:
        """The last key that is held."""
        assert self.held is not None
        text: str = self.held.keys[-1].as_py()
        return text

    def taken(self, last: str) -> Rows:
        """The rows up to a key, which are then not held any more."""
        assert self.held is not None
        rows = self.held
        if last == self.last:
            self.held = None
            self._fill()
            return rows
        count = pc.sum(pc.less_equal(rows.keys, last)).as_py()
        self.held = rows.slice(count)
        if count < len(rows) // 2:
            return rows.slice(0, count)
        # What is left of a read is joined with the next, or windows would grow ever smaller.
        more = self._next()
        self.held = self.held if more is None else self.held.then(more)
        return rows.slice(0, count)

    def _fill(self) -> None:
        self.held = self._next()

    def _next(self) -> Rows | None:
        found = next((rows for rows in self._rows if len(rows)), None)
        if found is not None:
            self._check(found.keys)
        return found

    def _check(self, keys: pa.Array) -> None:
        first = keys[0].as_py()
        if self._before is not None and first <= self._before:
            raise Unordered(self._side, first)
        falls = pc.greater_equal(keys.slice(0, len(keys) - 1), keys.slice(1))
        if pc.any(falls).as_py():
            raise Unordered(self._side, keys[pc.index(falls, True).as_py() + 1].as_py())
        self._before = keys[-1].as_py()


def _window(before: Rows, after: Rows, columns: tuple[str, ...]) -> Window:
    none = before.slice(0, 0)
    if before.keys.equals(after.keys):
        return Window(before, after, none, none, before, after, columns)
    if not len(before) or not len(after):
        return Window(before, after, before, after, none, none, columns)
    parts = [_short(rows.keys, _common(before.keys, after.keys)) for rows in (before, after)]
    if all(part is not None for part in parts):
        found = _parted(before, after, parts, columns)
        if found.old.keys.equals(found.new.keys):
            return found
    return _parted(before, after, [before.keys, after.keys], columns)


def _parted(before: Rows, after: Rows, told: list[pa.Array], columns: tuple[str, ...]) -> Window:
    """The window of rows that are told from each other by arrays of the same length."""
    removed, old = _split(before, pc.is_in(told[0], told[1]))
    added, new = _split(after, pc.is_in(told[1], told[0]))
    return Window(before, after, removed, added, old, new, columns)


def _split(rows: Rows, known: pa.Array) -> tuple[Rows, Rows]:
    """The rows where a mask is false, and those where it is true."""
    if pc.all(known).as_py():
        return rows.slice(0, 0), rows
    return rows.filter(pc.invert(known)), rows.filter(known)


def _common(one: pa.Array, other: pa.Array) -> int:
    """How many bytes all keys of two sorted arrays begin with alike."""
    least = min(keys[0].as_py().encode() for keys in (one, other))
    most = max(keys[-1].as_py().encode() for keys in (one, other))
    both = enumerate(zip(least, most, strict=False))
    return next((at for at, (a, b) in both if a != b), len(least))


def _short(keys: pa.Array, start: int) -> pa.Array | None:
    """Eight bytes of each key as a number, since those are found far faster; null where shorter."""
    part = pc.binary_slice(keys.cast(pa.binary()), start, start + 8)
    try:
        return part.cast(pa.binary(8)).view(pa.int64())
    except pa.ArrowInvalid:
        return None
