"""How the shares of nulls and of coded values have moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dateline.build.diff.model import ColumnDiff, TableDiff

# The least move of a share that is worth a line.
LEAST = 0.01


@dataclass(frozen=True)
class Shift:
    """A share of a table's rows before and after: of those with a value, null for null itself."""

    column: str
    value: str | None
    rows: tuple[int, int]
    shares: tuple[float, float]

    @property
    def size(self) -> float:
        """How far the share has moved."""
        return abs(self.shares[1] - self.shares[0])


def shifts(table: TableDiff) -> list[Shift]:
    """The shares that moved by LEAST or more, the farthest first.

    None where one of the packages has no row of the table.
    """
    if not all(table.rows):
        return []
    found = [each for column in table.columns for each in _of(column, table.rows)]
    kept = [each for each in found if each.size >= LEAST]
    return sorted(kept, key=lambda each: (-each.size, each.column, each.value or ""))


def _of(column: ColumnDiff, rows: tuple[int, int]) -> Iterator[Shift]:
    counts: list[tuple[str | None, tuple[int, int]]] = [(None, column.nulls)]
    for value, both in (*counts, *column.categories.items()):
        yield Shift(column.name, value, both, (both[0] / rows[0], both[1] / rows[1]))
