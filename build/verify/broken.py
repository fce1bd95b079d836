"""Rows that break a rule, collected batch by batch and turned into issues at lines of the CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.issues import Issue, Place
from dateline.build.standard.model import File

# Of one rule and column: a report needs examples and the count, not a million lines.
EXAMPLES = 20


@dataclass(frozen=True)
class Broken:
    """Rows (from 0) that break one rule in one column: the first with a message, and how many."""

    rule: str
    column: str
    examples: tuple[tuple[int, str], ...]
    count: int


def broken(
    rule: str, column: str, mask: pa.Array, start: int, message: Callable[[int], str]
) -> list[Broken]:
    """What `mask` (null counts as false) marks, in a list that is empty where it marks nothing.

    `start` is the row of its first value, `message` takes a position in it.
    """
    positions = pc.indices_nonzero(mask.fill_null(False))
    if not len(positions):
        return []
    first = positions.slice(0, EXAMPLES).to_pylist()
    examples = tuple((start + position, f"{column}: {message(position)}") for position in first)
    return [Broken(rule, column, examples, len(positions))]


def issues(found: Iterable[Broken], csv: File) -> list[Issue]:
    """An issue for each of the first rows of a rule and column, one for how many others."""
    groups: dict[tuple[str, str], list[Broken]] = {}
    for item in found:
        groups.setdefault((item.rule, item.column), []).append(item)
    result = []
    rows = {row for items in groups.values() for row, _ in _first(items)}
    lines = record_lines(csv.local, rows) if rows else {}
    for (rule, column), items in groups.items():
        examples = _first(items)
        for row, message in examples:
            place = Place(csv.path, lines.get(row, 0), row=row + 1)
            result.append(Issue(rule, message, (place,)))
        others = sum(item.count for item in items) - len(examples)
        if others:
            result.append(Issue(rule, f"{column}: {others} more rows", (Place(csv.path),)))
    return result


def _first(items: list[Broken]) -> list[tuple[int, str]]:
    return [example for item in items for example in item.examples][:EXAMPLES]


def record_lines(csv: Path, rows: set[int]) -> dict[int, int]:
    """Row (from 0) to the line (from 1) on which its record starts."""
    found: dict[int, int] = {}
    record, quoted, last = -1, False, max(rows)
    with csv.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not quoted:
                if record in rows:
                    found[record] = number
                if record >= last:
                    break
                record += 1
            quoted ^= bool(line.count(b'"') & 1)
    return found
