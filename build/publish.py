"""What the command `publish` does: a release goes to a target, in an order that no kill breaks.

The sums claim the version; data follow, are read back and compared; the descriptor completes it;
the pointer to the newest version moves last. What is there already is never replaced.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dateline.build.commands import Outcome
from dateline.build.engine import Progress
from dateline.build.issues import RemoteFailure, Report
from dateline.build.targets.registry import opened
from dateline.build.targets.releases import release_of
from dateline.build.targets.target import Item, Release, State, Target
from dateline.build.validate import Asked, validate


@dataclass(frozen=True)
class Published:
    """What was done: where, which items were sent and which were there, how the newest is told.

    `latest` is null where a newer version stays the newest.
    """

    place: str
    sent: tuple[Item, ...]
    there: tuple[Item, ...]
    latest: str | None


def run(path: Path, dest: str, *, dry_run: bool, progress: Progress) -> Outcome:
    """Publishes a release that is valid, or says what would be sent; nothing of an invalid one."""
    with tempfile.TemporaryDirectory(prefix="dateline-") as spill:
        release = release_of(path, Path(spill))
        report = validate([str(path)], Asked(jobs=1), progress)
        if report.errors:
            return Outcome(report, "nothing was published")
        with opened(dest) as target:
            if dry_run:
                return _plan(release, target, report)
            return _told(published(release, target, progress), release, report)


def published(release: Release, target: Target, progress: Progress) -> Published:
    """Publishes a release, or finishes what a killed run began.

    RemoteFailure where the version is there already, or something else is in its place.
    """
    items = target.items(release)
    state = target.state(release)
    if state == "complete":
        return _finished(release, target, items)
    claim, *data, last = items
    sender = _Sender(release, target, items, state, progress)
    sender.send([claim])
    sender.send(data)
    sender.send([last])
    latest = target.point(release)
    sent = tuple(sender.sent)
    there = tuple(item for item in items if item not in sender.sent)
    return Published(target.shown(release), sent, there, latest)


def _finished(release: Release, target: Target, items: Sequence[Item]) -> Published:
    """A version that is complete: it can only be that a killed run left the pointer behind."""
    latest = target.point(release)
    if latest is None:
        raise _refused(release, target)
    return Published(target.shown(release), (), tuple(items), latest)


def _refused(release: Release, target: Target) -> RemoteFailure:
    return RemoteFailure(
        f"{target.shown(release)}: is published already; a published version never changes: "
        "release the data under a new version"
    )


class _Sender:
    """Sends items and reads them back; `sent` are those that were not there."""

    def __init__(
        self,
        release: Release,
        target: Target,
        items: Sequence[Item],
        state: State,
        progress: Progress,
    ) -> None:
        self._release, self._target, self._state = release, target, state
        self._progress = progress
        self._done, self._total = 0, sum(item.bytes for item in items)
        self.sent: list[Item] = []

    def send(self, items: Sequence[Item]) -> None:
        """Create what is not there, all of it before any of it is read back and compared."""
        missing = _missing(self._release, self._target, items, self._state)
        for item in items:
            if item in missing:
                self._target.put(self._release, item, self._part(item))
            self._count(item)
        for item in missing:
            _compare(self._release, self._target, item)
        self.sent += missing

    def _part(self, item: Item) -> Callable[[str, int, int], None]:
        """What is told an item's progress in a unit of the target's, and tells the bytes of all."""

        def told(_path: str, done: int, total: int) -> None:
            part = item.bytes * done // max(total, 1)
            self._progress("sending", self._done + part, self._total)

        return told

    def _count(self, item: Item) -> None:
        self._done += item.bytes
        self._progress("sending", self._done, self._total)


def _missing(release: Release, target: Target, items: Sequence[Item], state: State) -> list[Item]:
    """The items that are not there; RemoteFailure where something else is in the place of one."""
    if state == "absent":
        return list(items)
    return [item for item in items if not _compare(release, target, item, may_be_absent=True)]


def _compare(release: Release, target: Target, item: Item, *, may_be_absent: bool = False) -> bool:
    """Whether an item is there, as it should be; RemoteFailure where it is not as it should be."""
    held = target.held(release, item)
    if held == item.sha256:
        return True
    if held is None and may_be_absent:
        return False
    if held is not None:
        # It tells of another release in the place of this one, where that is the reason.
        target.state(release)
    got = "nothing" if held is None else f"{held[:12]}…"
    raise RemoteFailure(
        f"{target.shown(release)}: {item.path}: expected the digest {item.sha256[:12]}… when it "
        f"was read back, got {got}; the version is not complete"
    )


def _plan(release: Release, target: Target, report: Report) -> Outcome:
    items, state, place = target.items(release), target.state(release), target.shown(release)
    if state == "complete":
        raise _refused(release, target)
    missing = _missing(release, target, items, state)
    there = [item for item in items if item not in missing]
    lines = [f"would publish {_size(items)} as {place}:"]
    lines += [
        f"  {item.path}  {item.bytes:,} bytes{', is there already' if item in there else ''}"
        for item in items
    ]
    values = _values(release, place, missing, there)
    return Outcome(report, "\n".join([*lines, "nothing was sent"]), {**values, "dry_run": True})


def _told(done: Published, release: Release, report: Report) -> Outcome:
    lines = [f"published {done.place} ({_size((*done.sent, *done.there))}, read back and compared)"]
    if done.there:
        lines.append(f"{len(done.there)} of them were there from an earlier run")
    if done.latest is None:
        lines.append("the latest stays as it was: it is this version, or one that is not older")
    else:
        lines.append(f"latest: {done.latest}")
    values = _values(release, done.place, done.sent, done.there)
    return Outcome(report, "\n".join(lines), {**values, "latest": done.latest, "dry_run": False})


def _values(
    release: Release, place: str, sent: Sequence[Item], there: Sequence[Item]
) -> dict[str, Any]:
    def told(items: Sequence[Item]) -> list[dict[str, Any]]:
        return [{k: v for k, v in asdict(item).items() if k != "file"} for item in items]

    about = {"name": release.name, "version": release.version, "place": place}
    return {**about, "sent": told(sent), "there": told(there)}


def _size(items: Sequence[Item]) -> str:
    return f"{len(items)} items, {sum(item.bytes for item in items):,} bytes"
