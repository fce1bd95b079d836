"""What was read of a table, and how tables are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import pyarrow as pa

from dateline.build.standard.blocks import SIZE
from dateline.build.standard.cells import Extent
from dateline.build.standard.collected import Collected
from dateline.build.standard.model import Resource

# Takes the number of the first row and the texts of all key columns.
KeySink = Callable[[int, Sequence[pa.Array]], None]


@dataclass(frozen=True)
class Settings:
    """How files are read: the size of a block, and whether cells are proved or all judged.

    `nan` is the text that the sink gets for a number that is none; without one it gets null, as
    no two are equal.
    """

    size: int = SIZE
    proving: bool = True
    nan: str | None = None


@dataclass(frozen=True)
class Run:
    """A table that is to be judged, and what it is judged with.

    `sink` takes the texts of the fields `keyed`, `collected` the issues; the blocks of its files
    are judged in `pool`.
    """

    resource: Resource
    keyed: Sequence[str]
    sink: KeySink
    pool: Executor
    collected: Collected
    settings: Settings


@dataclass(frozen=True)
class Read:
    """What was read of a table: the blocks of each file, its labels, and whether it was all.

    `fields` are the names of the fields that its columns have, null where it could not be read.
    `firsts` says how many records stand before each file, a header that is repeated left out.
    """

    extents: tuple[tuple[Extent, ...], ...]
    labels: tuple[str, ...]
    fields: tuple[str, ...] | None
    firsts: tuple[int, ...]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(extent.rows for extents in self.extents for extent in extents)
