"""What a comparison of two packages says, as values: for texts, JSON, pages and releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Bump(IntEnum):
    """How far a version goes up, the smallest first."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True)
class Change:
    """One reason for a version: a rule of compatibility, where it holds, what was and what is.

    `field` is null where the change is one of a resource, `resource` where it is one of the
    package. `old` and `new` are JSON values, null where there was or is none.
    """

    rule: str
    resource: str | None
    field: str | None
    old: Any
    new: Any
    message: str
    bump: Bump


@dataclass(frozen=True)
class Sample:
    """A value that differs: the key of its row, the old and the new one as canonical text."""

    key: tuple[str, ...]
    old: str | None
    new: str | None


@dataclass(frozen=True)
class ColumnDiff:
    """One column that two tables share: how many of their common rows differ in it.

    `nulls` are its null values and `categories` the rows by value of a coded column, each before
    and after; the rows that one side alone has are counted too.
    """

    name: str
    changed: int
    samples: tuple[Sample, ...]
    nulls: tuple[int, int]
    categories: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class TableDiff:
    """The rows of two tables of one name: counts, the first keys of each kind, its columns.

    `key` is empty where they share no primary key: then rows are compared as a whole, and `changed`
    is 0. `rows` are those before and after.
    """

    name: str
    key: tuple[str, ...]
    rows: tuple[int, int]
    added: int
    removed: int
    changed: int
    added_keys: tuple[tuple[str, ...], ...]
    removed_keys: tuple[tuple[str, ...], ...]
    columns: tuple[ColumnDiff, ...]


@dataclass(frozen=True)
class Difference:
    """All that differs between two packages, and the bump that it asks for.

    `names` and `versions` are those of the old and the new package, null where it has none.
    """

    names: tuple[str | None, str | None]
    versions: tuple[str | None, str | None]
    compat: str
    changes: tuple[Change, ...]
    tables: tuple[TableDiff, ...]

    @property
    def bump(self) -> Bump:
        """The largest that one of the changes asks for."""
        return max((change.bump for change in self.changes), default=Bump.NONE)
