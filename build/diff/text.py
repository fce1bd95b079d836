"""A difference for people: what changed by table, the reasons, and the bump that they ask for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from dateline.build.diff.bump import at_least, is_enough, is_refused
from dateline.build.diff.model import Bump, Change, ColumnDiff, Difference, Sample, TableDiff
from dateline.build.diff.shifts import Shift, shifts
from dateline.build.diff.tables import SHOWN
from dateline.build.diff.values import KEY_MISSING, key_missing, level
from dateline.build.issues import printable

WIDTH = 80
_REFUSED = "never to be released, whatever the version"


def as_text(found: Difference) -> str:
    """The difference as lines of at most 80 columns, long values cut.

    Tables that differ come first, then the reasons by level, the bump last.
    """
    return "\n".join(_lines(found))


def _lines(found: Difference) -> Iterator[str]:
    yield from _wrapped("", " -> ".join(_release(found, side) for side in (0, 1)))
    differing = [table for table in found.tables if table.added or table.removed or table.changed]
    for table in differing:
        yield ""
        yield from _table(table)
    if same := len(found.tables) - len(differing):
        yield ""
        yield f"{same} of {len(found.tables)} tables have the same rows"
    if found.changes:
        yield ""
        for each in ordered(found):
            yield from _wrapped(f"{level(each):<7} {each.rule}  ", told(each))
    yield ""
    yield from _wrapped("", bump_told(found))


def _release(found: Difference, side: int) -> str:
    return " ".join(filter(None, (found.names[side], found.versions[side]))) or "unnamed"


def ordered(found: Difference) -> list[Change]:
    """The reasons, the gravest first; those of one level as they come."""
    return sorted(found.changes, key=lambda each: (not is_refused(each), -each.bump))


def told(change: Change) -> str:
    """A change with its place, in words."""
    place = ".".join(filter(None, (change.resource, change.field))) or "package"
    return f"{place}: {change.message}"


def bump_told(found: Difference) -> str:
    """Which bump is required, from which version to which, why, and whether it was made."""
    old, new = found.versions
    if found.bump is Bump.NONE:
        return "no bump required: nothing has changed"
    first = ordered(found)[0]
    if is_refused(first):
        return f"{_REFUSED}: {first.rule} {told(first)}"
    lowest = at_least(old, found.bump)
    way = f"{old} -> at least {lowest}" if lowest else f"from {old or 'no version'}"
    enough = {None: "", True: f"; {new} is enough", False: f"; {new} is too low"}
    more = sum(each.bump == found.bump for each in found.changes) - 1
    why = f"{first.rule} {told(first)}" + (f", and {more} more" if more else "")
    made = enough[is_enough(old, new, found.bump)]
    return f"bump required: {found.bump.name.lower()} ({way}{made}): {why}"


def counts_told(table: TableDiff) -> str:
    """How many rows a table had and has, and how many of them differ."""
    counts = (("added", table.added), ("removed", table.removed), ("changed", table.changed))
    told = ", ".join(f"{number:,} {word}" for word, number in counts if number) or "the same"
    return f"{table.rows[0]:,} -> {table.rows[1]:,} rows; {told}"


def _table(table: TableDiff) -> Iterator[str]:
    yield from _wrapped("", f"{table.name}: {counts_told(table)}")
    if not table.key:
        yield from _wrapped(f"  {KEY_MISSING}  ", key_missing(table))
    for word, keys, count in (
        ("added", table.added_keys, table.added),
        ("removed", table.removed_keys, table.removed),
    ):
        for key in keys:
            yield _cut(f"  {word:<8} {_key(key)}")
        if count > len(keys):
            yield f"  {'':<8} … and {count - len(keys):,} more"
    for column in (each for each in table.columns if each.changed):
        yield from _column(column)
    moved = shifts(table)
    for each in moved[:SHOWN]:
        yield _cut(f"  {shift_told(each)}")
    if len(moved) > SHOWN:
        yield f"  … and {len(moved) - SHOWN:,} more shifts; --json lists all"


def _column(column: ColumnDiff) -> Iterator[str]:
    yield from _wrapped("  ", f"{column.name}: {column.changed:,} changed")
    for sample in column.samples:
        yield from _sample(sample)
    if column.changed > len(column.samples):
        yield f"    … and {column.changed - len(column.samples):,} more"


def _sample(sample: Sample) -> Iterator[str]:
    key, old, new = _key(sample.key), shown_value(sample.old), shown_value(sample.new)
    line = f"    {key}  {old} -> {new}"
    if cell_len(line) <= WIDTH:
        yield line
        return
    yield _cut(f"    {key}")
    yield _cut(f"      {old}")
    yield _cut(f"      -> {new}")


def shift_told(shift: Shift) -> str:
    """A shift in words: a column's value, its share before and after, and its rows."""
    value = "null" if shift.value is None else shown_value(shift.value)
    was, now = (f"{100 * share:.1f}%" for share in shift.shares)
    return f"{shift.column} {value}: {was} -> {now} ({shift.rows[0]:,} -> {shift.rows[1]:,})"


def shown_value(value: str | None) -> str:
    """A value on one line, as it is compared: null without quotation marks."""
    return "null" if value is None else f'"{printable(value)}"'


def _key(key: tuple[str, ...]) -> str:
    return printable(" / ".join(key))


def _cut(line: str) -> str:
    line = printable(line)
    return line if cell_len(line) <= WIDTH else set_cell_size(line, WIDTH - 1).rstrip() + "…"


def _wrapped(head: str, words: str) -> Iterator[str]:
    words = printable(words)
    # Characters of some scripts take two columns.
    width = WIDTH if cell_len(words) == len(words) else WIDTH // 2
    yield from textwrap.wrap(
        words, width, initial_indent=head, subsequent_indent="    ", break_on_hyphens=False
    )
