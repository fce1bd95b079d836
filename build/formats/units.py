"""Units that offsets are counted in, each as the offset of every code point of a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import regex

Counted = Callable[[str], Sequence[float]]


@dataclass(frozen=True)
class Unit:
    """A way to count: `counted` gives the offset of each code point of a text and of its end.

    With `is_inclusive` the last unit of a span belongs to it.
    """

    name: str
    counted: Counted
    is_inclusive: bool = False

    def of(self, text: str) -> Counter:
        """What turns offsets of this text into code points."""
        return Counter(self.counted(text), self.is_inclusive)


@dataclass(frozen=True, eq=False)
class Counter:
    """The offsets of one text."""

    offsets: Sequence[float]
    is_inclusive: bool

    def point(self, offset: int) -> int | None:
        """The code point at an offset, null where none begins there."""
        at = bisect_left(self.offsets, offset)
        is_there = at < len(self.offsets) and self.offsets[at] == offset
        return at if is_there else None

    def nearest(self, start: int, end: int) -> tuple[int, int]:
        """The code points at these offsets, or the next ones that begin somewhere in the text."""
        last = len(self.offsets) - 1
        begin, stop = (min(bisect_left(self.offsets, each), last) for each in (start, end))
        return begin, stop

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """A span in code points, half open; null where it is none of this text."""
        begin, stop = self.point(start), self.point(end + self.is_inclusive)
        is_span = begin is not None and stop is not None and begin < stop
        return (begin, stop) if begin is not None and stop is not None and is_span else None


def _points(text: str) -> Sequence[float]:
    return range(len(text) + 1)


def _summed(widths: Iterator[int]) -> Sequence[float]:
    return [0, *accumulate(widths)]


def _utf16(text: str) -> Sequence[float]:
    return _summed(2 if each > "\uffff" else 1 for each in text)


def _utf8(text: str) -> Sequence[float]:
    return _summed(len(each.encode()) for each in text)


def _newlines(text: str) -> Sequence[float]:
    """CRLF counts as one character: its CR for nothing."""
    return _summed(0 if text.startswith("\r\n", at) else 1 for at in range(len(text)))


def _graphemes(text: str) -> Sequence[float]:
    """Clusters of UAX 29; no offset is that of a code point inside of one."""
    offsets: list[float] = []
    for number, cluster in enumerate(regex.findall(r"\X", text)):
        offsets += [number, *[number + 0.5] * (len(cluster) - 1)]
    return [*offsets, int(offsets[-1]) + 1 if offsets else 0]


_ALL = (
    Unit("code-points", _points),
    Unit("utf-16", _utf16),
    Unit("newlines", _newlines),
    Unit("graphemes", _graphemes),
    Unit("bytes", _utf8),
    Unit("code-points-inclusive", _points, is_inclusive=True),
    Unit("utf-16-inclusive", _utf16, is_inclusive=True),
)
UNITS = {unit.name: unit for unit in _ALL}
