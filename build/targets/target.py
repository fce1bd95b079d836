"""A release as it is published, and what a place has to offer to take it.

A published version never changes: each item is created once, `publish` says in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

# Is told an item's path, how much of it is sent, and how much there is, in a unit of its own.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Item:
    """One thing to publish: its path in the release, its file, size and SHA-256 (hexadecimal).

    For a database it is a table: `file` is its Parquet, `sha256` the digest of its rows
    (`dateline:content`).
    """

    path: str
    file: Path
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Release:
    """A release on disk: its folder, the archive beside it, what it says of itself.

    `descriptor` are the values of its `datapackage.json`; `sums` the digests of its files by path;
    `archive` is null where there is none.
    """

    folder: Path
    archive: Path | None
    name: str
    version: str
    descriptor: dict[str, object]
    sums: dict[str, str]


# What a target has of a version: nothing, a part of it, all of it.
State = Literal["absent", "begun", "complete"]


class Target(Protocol):
    """A place that takes releases. Every method raises RemoteFailure where the place refuses."""

    def shown(self, release: Release) -> str:
        """Where the version is or will be, as messages name it, without secrets."""

    def items(self, release: Release) -> Sequence[Item]:
        """What it takes of a release, in the order in which it takes it.

        The first claims the version, the last completes it.
        """

    def state(self, release: Release) -> State:
        """What is there of the version; RemoteFailure where it is another release's.

        It changes nothing: `--dry-run` asks it too.
        """

    def held(self, release: Release, item: Item) -> str | None:
        """The SHA-256 of what is there of an item, read back; null where nothing is.

        It changes nothing. It is asked of a version that is begun, and after `put`.
        """

    def put(self, release: Release, item: Item, progress: Progress) -> None:
        """Creates an item. What is there already is never replaced: `held` says then what it is."""

    def point(self, release: Release) -> str | None:
        """Says that this is the newest version, where it is newer; how that is told, or null."""
