"""The gate: every reason for which a version must not be released, by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dateline.build.diff.bump import at_least, is_enough, is_refused
from dateline.build.diff.model import Bump, Change, Difference
from dateline.build.diff.text import told
from dateline.build.release.ledger import Missing
from dateline.build.versions import version_of


@dataclass(frozen=True)
class Refusal:
    """One reason: the rule, in words, and where it is about a row its table and id.

    `line` would answer it in the project's file of reasons.
    """

    rule: str
    message: str
    table: str | None = None
    id: str | None = None
    line: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        """The reason as JSON values, without what it does not have."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def not_semver(version: str) -> list[Refusal]:
    """Why a version cannot be compared with others; empty where it can."""
    if version_of(version) is not None:
        return []
    message = f"expected a version like 1.2.0 (semver.org), got {version}; change it in the project"
    return [Refusal("VERSION_NOT_SEMVER", message)]


def exists(version: str, outs: Iterable[Path]) -> list[Refusal]:
    """Why a version must not be written: it is there."""
    found = [out for out in outs if out.exists() or out.is_symlink()]
    message = f"expected a new version, got {version}, which is released already"
    words = "a published version never changes; raise it in the project"
    return [Refusal("VERSION_EXISTS", f"{message} ({out}): {words}") for out in found[-1:]]


def bumps(difference: Difference, old: str, new: str) -> Iterator[Refusal]:
    """Where the version does not go up, or not as far as what changed asks for."""
    before, after = version_of(old), version_of(new)
    assert before is not None
    assert after is not None
    if after <= before:
        message = f"expected a version after {old}, got {new}; raise it in the project"
        yield Refusal("VERSION_NOT_NEWER", message)
    required = bump_of(difference)
    given = granted(old, new)
    if required > given:
        message = (
            f"expected at least {at_least(old, required)} after {old}, got {new}: what changed is "
            f"{required.name.lower()}; raise it in the project"
        )
        yield Refusal("VERSION_TOO_SMALL", message)
    for change in counted(difference):
        if change.bump > given:
            message = f"{change.bump.name.lower()}: {told(change)}"
            yield Refusal(change.rule, message, change.resource)


def counted(difference: Difference) -> Sequence[Change]:
    """The changes that a version can answer for; `ids` tells of the others."""
    return [change for change in difference.changes if not is_refused(change)]


def bump_of(difference: Difference) -> Bump:
    """The bump that what changed asks for."""
    return max((change.bump for change in counted(difference)), default=Bump.NONE)


def ids(missing: Iterable[Missing], returned: Iterable[tuple[str, str]]) -> Iterator[Refusal]:
    """Rows that are gone without a reason, and ids of rows that were gone."""
    for row in missing:
        message = f"expected a reason why {row.id} of {row.table} is gone, got none; see below"
        yield Refusal("ID_VANISHED", message, row.table, row.id, row.line)
    for table, each in returned:
        message = (
            f"expected {each} of {table}, which an earlier release withdrew or merged, not to "
            "return, got it again; give the row another key or another local id"
        )
        yield Refusal("ID_REUSED", message, table, each)


def granted(old: str, new: str) -> Bump:
    """The largest bump that a version is enough for after `old`."""
    return max((bump for bump in Bump if is_enough(old, new, bump)), default=Bump.NONE)
