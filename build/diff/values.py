"""A difference for programs: all that it says as JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dateline.build.diff.bump import at_least, is_enough, is_refused
from dateline.build.diff.model import Change, ColumnDiff, Difference, TableDiff

Json = dict[str, Any]
KEY_MISSING = "KEY_MISSING"


def values(found: Difference) -> Json:
    """The difference as one JSON object.

    `at_least` is the lowest version that the bump allows and `enough` whether the new one is,
    null where a version is no semantic one. Of pairs the first is the old package's.
    """
    old, new = found.versions
    return {
        "names": list(found.names),
        "versions": [old, new],
        "compat": found.compat,
        "bump": found.bump.name.lower(),
        "at_least": at_least(old, found.bump),
        "enough": is_enough(old, new, found.bump),
        "refused": any(map(is_refused, found.changes)),
        "changes": [_change(each) for each in found.changes],
        "tables": [_table(each) for each in found.tables],
        "notes": [
            {"note": KEY_MISSING, "table": each.name, "message": key_missing(each)}
            for each in found.tables
            if not each.key
        ],
    }


def key_missing(table: TableDiff) -> str:
    """What is said of a table whose rows no key tells from each other."""
    return (
        f"{table.name}: no primary key that both packages have: rows are compared as a whole; "
        "a changed one is one removed and one added"
    )


def level(change: Change) -> str:
    """What a change asks for: `patch`, `minor`, `major`, or `refused` whatever the version."""
    return "refused" if is_refused(change) else change.bump.name.lower()


def _change(change: Change) -> Json:
    return {**asdict(change), "bump": level(change)}


def _table(table: TableDiff) -> Json:
    return {**asdict(table), "columns": [_column(column) for column in table.columns]}


def _column(column: ColumnDiff) -> Json:
    return {**asdict(column), "categories": {k: list(v) for k, v in column.categories.items()}}
