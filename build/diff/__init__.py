"""What changed between two data packages, and which version that asks for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from dateline.build.diff.bump import change
from dateline.build.diff.ids import Ids
from dateline.build.diff.merge import Window
from dateline.build.diff.model import Change, Difference, TableDiff
from dateline.build.diff.opening import Side, both
from dateline.build.diff.package import package_changes
from dateline.build.diff.rows import Texts
from dateline.build.diff.tables import Listener, Pair, pairs, table_diff
from dateline.build.engine import Progress
from dateline.schema import read_json

# Tables that are compared at once.
_WORKERS = 2


def difference(
    old: str,
    new: str,
    *,
    allow_remote: bool = False,
    listener: Listener | None = None,
    progress: Progress | None = None,
) -> Difference:
    """All that differs between two packages, each a folder, a descriptor, a .zip or an address.

    Tables come in the order of the new package, those that it lacks last. The table `changes` of
    a release of this tool is compared with nothing: it says what earlier releases changed. The
    listener is called with the rows of each table, those of one table in the order of their keys.
    Raises InvalidInput where a package breaks the standard in a way that leaves rows untold,
    UsageError where it is an address and `allow_remote` is not given, EnvironmentFailure where it
    cannot be read.
    """
    with both(old, new, allow_remote=allow_remote) as (before, after, spill), Texts(spill) as made:
        # Readers go by what they were promised with the package that they have.
        said = before.said("dateline:compat")
        known = read_json("project.schema.json")["properties"]["compat"]
        compat = str(said if said in known["enum"] else known["default"])
        ids = Ids(after, compat)

        def compared(pair: Pair) -> tuple[TableDiff, list[Change]]:
            told: list[Change] = []

            def heard(pair: Pair, window: Window) -> None:
                told.extend(ids.changes(pair, window))
                if listener is not None:
                    listener(pair, window)

            return table_diff(pair, heard), told

        found: list[tuple[TableDiff, list[Change]]] = []
        total = len({*before.tables, *after.tables})
        with ThreadPoolExecutor(_WORKERS) as pool:
            for each in pool.map(compared, pairs(before, after, made)):
                found.append(each)
                if progress is not None:
                    progress("diff", len(found), total)
        tables = tuple(table for table, _ in found)
        changes = [*package_changes(before, after, compat)]
        changes += [each for table in tables for each in _rows(table, before, after, compat)]
        changes += [each for _, told in found for each in told]
        return Difference(
            (before.said("name"), after.said("name")),
            (before.said("version"), after.said("version")),
            compat,
            tuple(changes),
            tables,
        )


def _rows(table: TableDiff, old: Side, new: Side, compat: str) -> Iterator[Change]:
    """What changed of the rows of a table that both packages have."""
    name = table.name
    if name not in old.tables or name not in new.tables:
        return
    if table.added:
        words = f"{counted(table.added, 'row')} added"
        yield change("ROWS_ADDED", compat, (name, None), (None, table.added), words)
    if table.removed:
        referred = any(name in targets(side) for side in (old, new))
        words = f"{counted(table.removed, 'row')} removed"
        words += "; other tables refer to it" if referred else ""
        values = (table.removed, None)
        yield change("ROWS_REMOVED", compat, (name, None), values, words, unless=referred)
    if table.changed:
        columns = ", ".join(column.name for column in table.columns if column.changed)
        words = f"{counted(table.changed, 'row')} changed, in {columns}"
        yield change("VALUES_CHANGED", compat, (name, None), (None, table.changed), words)


def targets(side: Side) -> set[str]:
    """The tables that foreign keys of other tables lead to."""
    return {
        key.resource
        for name, resource in side.tables.items()
        if resource.schema is not None
        for key in resource.schema.foreign_keys
        if key.resource not in ("", name)
    }


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where that is due."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
