"""Durations of XML Schema, which are ordered only in part: a month is longer than 27 days."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_PARTS = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?"
)
# The starts at which the standard compares two durations.
_STARTS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))


class Duration(NamedTuple):
    """A duration: months, and seconds beside them."""

    months: int
    seconds: Decimal

    def __ge__(self, other: tuple[object, ...]) -> bool:
        return all(mine >= theirs for mine, theirs in self._pairs(other))

    def __gt__(self, other: tuple[object, ...]) -> bool:
        return all(mine > theirs for mine, theirs in self._pairs(other))

    def __le__(self, other: tuple[object, ...]) -> bool:
        return all(mine <= theirs for mine, theirs in self._pairs(other))

    def __lt__(self, other: tuple[object, ...]) -> bool:
        return all(mine < theirs for mine, theirs in self._pairs(other))

    def _pairs(self, other: tuple[object, ...]) -> list[tuple[Decimal, Decimal]]:
        if not isinstance(other, Duration):
            return []
        return [(_after(self, start), _after(other, start)) for start in _STARTS]


def duration(text: str) -> Duration:
    """The duration that well-formed text stands for."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f"expected a duration, got {text}")
    sign = -1 if match[1] else 1
    years, months, days, hours, minutes = (int(part or 0) for part in match.groups()[1:6])
    seconds = Decimal(match[7] or 0) + 60 * minutes + 3600 * hours + 86400 * days
    return Duration(sign * (12 * years + months), sign * seconds)


def _after(length: Duration, start: tuple[int, int]) -> Decimal:
    """Seconds from a fixed day to the end of a duration that begins at a month's first day."""
    year, month = start
    ends = year * 12 + month - 1 + length.months
    return 86400 * Decimal(_days(ends // 12, ends % 12 + 1)) + length.seconds


def _days(year: int, month: int) -> int:
    """Days from a fixed day to a month's first, in the Gregorian calendar without an end."""
    year -= month <= 2
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5
    return year * 365 + year // 4 - year // 100 + year // 400 + day_of_year
