"""The changelog of a dataset: an entry a release, made of what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dateline.build.diff.model import Bump, Change, Difference
from dateline.build.diff.text import told
from dateline.build.issues import printable
from dateline.build.release.gate import bump_of, counted
from dateline.build.release.ledger import Gone

FILE = "CHANGELOG.md"
_HEAD = """\
# Changelog

The form is [Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions follow
[Semantic Versioning](https://semver.org/spec/v2.0.0.html). `data/changes.csv` lists every change.

"""
_ENTRY = b"## ["
# Told by their counts.
_ROWS = frozenset({"ROWS_ADDED", "ROWS_REMOVED", "VALUES_CHANGED"})
_SECTIONS = ("Added", "Changed", "Removed")
Told = Iterator[tuple[str, str]]


def changelog(entry: str, previous: bytes) -> bytes:
    """The changelog with a new entry above those of the previous one, which stay as they are."""
    entries = _ENTRY + previous.partition(b"\n" + _ENTRY)[2]
    return (_HEAD + entry).encode() + (b"\n" + entries if entries != _ENTRY else b"")


def first_entry(version: str, day: str, counts: Mapping[str, int]) -> str:
    """The entry of a first release, which has so many rows by table."""
    items = [("Added", f"{_rows(count)} of {table}") for table, count in counts.items()]
    return _entry(version, day, "The first release.", items)


def entry(version: str, day: str, difference: Difference, gone: Sequence[Gone]) -> str:
    """The entry of a release: the bump and why, what differs, what is withdrawn or merged."""
    items = [*_tables(difference), *_schemas(difference), *map(_gone, gone)]
    return _entry(version, day, _why(difference), items)


def _entry(version: str, day: str, why: str, items: Sequence[tuple[str, str]]) -> str:
    lines = [f"## [{version}] - {day}", "", why, ""]
    for section in _SECTIONS:
        found = [f"- {_line(text)}" for name, text in items if name == section]
        lines += [f"### {section}", "", *found, ""] if found else []
    return "\n".join(lines)


def _why(difference: Difference) -> str:
    bump = bump_of(difference)
    if bump is Bump.NONE:
        return f"Nothing differs from {difference.versions[0]} but the version."
    rules = dict.fromkeys(c.rule for c in counted(difference) if c.bump is bump)
    return f"A {bump.name.lower()} change from {difference.versions[0]}: {', '.join(rules)}."


def _tables(difference: Difference) -> Told:
    for table in difference.tables:
        if table.added:
            yield "Added", f"{_rows(table.added)} of {table.name}, {table.rows[1]:,} in all"
        if table.removed:
            yield "Removed", f"{_rows(table.removed)} of {table.name}, {table.rows[1]:,} left"
        if table.changed:
            columns = [f"`{c.name}` {c.changed:,}" for c in table.columns if c.changed]
            yield "Changed", f"{_rows(table.changed)} of {table.name}: {', '.join(columns)}"


def _schemas(difference: Difference) -> Told:
    for change in counted(difference):
        if change.rule not in _ROWS:
            yield _section(change), f"{change.rule} ({change.bump.name.lower()}): {told(change)}"


def _section(change: Change) -> str:
    kind = change.rule.rpartition("_")[2].capitalize()
    return kind if kind in _SECTIONS else "Changed"


def _gone(gone: Gone) -> tuple[str, str]:
    ids = [each if to is None else f"{each} into {to}" for each, to in gone.ids]
    more = [f"{gone.count - len(ids):,} more"] if gone.count > len(ids) else []
    what = f"{gone.change.capitalize()} from {gone.table} ({gone.reason.replace('_', ' ')})"
    return "Removed", f"{what}: {', '.join([*ids, *more])}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _line(text: str) -> str:
    """A text on one line, with nothing in it that cannot be seen."""
    return printable(" ".join(text.split()))
