"""The files of changes, applied to the old package, give the new one."""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from diffs import changed, package, table
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.build.diff.command import diff
from dateline.build.write import csv_cells

Row = dict[str, str | None]
# A cell as it is written, and the canonical text of its value.
Cell = tuple[str, str | None]
NULL: Cell = ("", None)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
LISTED = st.lists(st.sampled_from(["a", "é", '"', "x y"]), min_size=1, max_size=3)
CELLS: dict[str, st.SearchStrategy[Cell]] = {
    "string": TEXT.map(lambda text: (text, text)),
    "integer": st.integers(-(10**20), 10**20).flatmap(
        lambda n: st.sampled_from([str(n), f"{n:+}", f"{n:021d}"]).map(lambda t: (t, str(n)))
    ),
    "number": st.integers(-(10**9), 10**9).map(lambda n: (f"{n}.50", f"{n}.5")),
    "boolean": st.sampled_from([("True", "true"), ("1", "true"), ("false", "false")]),
    "date": st.dates().map(lambda day: (day.isoformat(), day.isoformat())),
    "list": LISTED.map(lambda items: (",".join(items), json.dumps(items))),
}
KEYS = st.sampled_from(["string", "integer", "date"])


def applied(old: list[Row], path: Path, key: Sequence[str]) -> list[Row]:
    """The rows after the lines of a file of changes, whose last four columns are not the key."""
    found = pq.read_table(path) if path.exists() else pa.table({n: [] for n in (*key, *"rocdn")})
    lines = [
        ((*row.values(),)[:-4], *(*row.values(),)[-4:])
        for row in found.rename_columns([str(n) for n in range(found.num_columns)]).to_pylist()
    ]
    if not key:
        return _without_key(old, lines)
    rows = {tuple(row[name] for name in key): dict(row) for row in old}
    for told, op, column, _, new in lines:
        if op == "removed":
            rows.pop(told, None)
            continue
        row = rows.setdefault(told, dict(zip(key, told, strict=True)))
        if column is not None:
            row[column] = new
    return list(rows.values())


def _without_key(old: list[Row], lines: list[tuple[Any, ...]]) -> list[Row]:
    numbered: dict[int, tuple[str, Row]] = {}
    for (number,), op, column, was, now in lines:
        _, row = numbered.setdefault(number, (op, {}))
        row[column] = now if op == "added" else was
    rows = Counter(map(_frozen, old))
    rows.subtract(_frozen(row) for op, row in numbered.values() if op == "removed")
    assert min(rows.values(), default=0) >= 0
    rows.update(_frozen(row) for op, row in numbered.values() if op == "added")
    return [dict(row) for row in rows.elements()]


def _frozen(row: Row) -> tuple[tuple[str, str | None], ...]:
    return tuple(sorted((name, value) for name, value in row.items() if value is not None))


def multiset(rows: list[Row], columns: Sequence[str]) -> Counter[Any]:
    return Counter(_frozen({name: row.get(name) for name in columns}) for row in rows)


@st.composite
def rows(draw: st.DrawFn, kinds: dict[str, str], key: Sequence[str]) -> list[dict[str, Cell]]:
    """Some rows of columns of these types; no two have one key."""
    cells = {
        name: CELLS[kind] if name in key else st.one_of(st.just(NULL), CELLS[kind])
        for name, kind in kinds.items()
    }
    found = draw(st.lists(st.fixed_dictionaries(cells), max_size=6))
    told = {tuple(row[name][1] for name in key or kinds): row for row in found}
    return draw(st.permutations(list(told.values()) if key else found))


@st.composite
def both(draw: st.DrawFn) -> tuple[dict[str, str], list[list[dict[str, Cell]]], list[str]]:
    """The types of all columns, the rows of two packages that share many, and the key."""
    width = draw(st.integers(0, 2))
    names = ["op", "old", "k"][:width]
    kinds = {name: draw(KEYS) for name in names}
    kinds |= {name: draw(st.sampled_from(sorted(CELLS))) for name in ("column", "b", "c")}
    old, new = draw(rows(kinds, names)), draw(rows(kinds, names))
    kept = {tuple(row[n][1] for n in names or kinds): row for row in draw(st.permutations(old))[:3]}
    if names:
        new = [row for row in new if tuple(row[n][1] for n in names) not in kept]
    return kinds, [old, [*new, *kept.values()]], names


def written(
    folder: Path, names: list[str], kinds: dict[str, str], key: list[str], found: list[Any]
) -> Path:
    """A package of one table with these columns and cells."""
    fields = [{"name": name, "type": kinds[name]} for name in names]
    cells = [[row[name][0] for name in names] for row in found]
    keyed = {"primaryKey": key} if key else {}
    return package(folder, table(*fields, name="a table", rows=cells, **keyed))


def run(old: Path, new: Path, changes: Path) -> None:
    """Writes the files of changes."""
    diff(
        str(old),
        str(new),
        allow_remote=False,
        changes=changes,
        html=None,
        force=False,
        progress=lambda step, done, total: None,
    )


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@given(drawn=both(), grown=st.booleans())
@settings(max_examples=30, deadline=None)
def test_the_changes_make_the_new_rows_of_the_old(
    drawn: tuple[dict[str, str], list[list[dict[str, Cell]]], list[str]], grown: bool, packed: bool
) -> None:
    kinds, sides, key = drawn
    columns = [[name for name in kinds if name != "c" or not grown], list(kinds)]
    with tempfile.TemporaryDirectory() as name:
        paths: list[Path] = []
        values: list[list[Row]] = []
        for side, names, found in zip(("old", "new"), columns, sides, strict=True):
            # A record without a value is none.
            kept = [row for row in found if any(row[name][0] for name in names)]
            path = written(Path(name, side), names, kinds, key, kept)
            paths.append(Path(shutil.make_archive(str(path), "zip", path)) if packed else path)
            values.append([{n: row[n][1] for n in names} for row in kept])
        run(paths[0], paths[1], Path(name, "changes"))
        made = applied(values[0], Path(name, "changes", "a table.parquet"), key)
    assert multiset(made, columns[1]) == multiset(values[1], columns[1])


EDITS = st.fixed_dictionaries(
    {
        "name": st.text(min_size=1, max_size=4),
        "aliases": st.none() | st.lists(st.text(max_size=2), max_size=2),
        "active_from": st.none() | st.sampled_from(["2020", "2020-05-01"]),
        "gw_code": st.none() | st.integers(0, 999),
    }
)


@given(
    edits=st.dictionaries(st.integers(0, 47), EDITS, max_size=5),
    gone=st.sets(st.integers(0, 47), max_size=3),
    come=st.sets(st.text("abcdef234567", min_size=16, max_size=16), max_size=3),
)
@settings(max_examples=6, deadline=None)
def test_the_changes_of_this_tools_own_packages_make_the_new_rows(
    edits: dict[int, dict[str, Any]], gone: set[int], come: set[str], example_package: Path
) -> None:
    def edited(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        new = [{**row, **edits.get(at, {})} for at, row in enumerate(rows) if at not in gone]
        new += [{**rows[0], "actor_id": f"act_{word}"} for word in come]
        return sorted(new, key=lambda row: str(row["actor_id"]))

    with tempfile.TemporaryDirectory() as name:
        new = changed(example_package, Path(name, "new"), actors=edited)
        run(example_package, new, Path(name, "changes"))
        before, after = (
            texts_of(each / "data" / "actors.parquet") for each in (example_package, new)
        )
        made = applied(before, Path(name, "changes", "actors.parquet"), ["actor_id"])
    columns = list(before[0])
    assert multiset(made, columns) == multiset(after, columns)


def texts_of(path: Path) -> list[Row]:
    """The rows of a Parquet file as canonical CSV text."""
    cells = csv_cells(pq.read_table(path))
    columns = [column.cast(pa.string()) for column in cells.columns]
    found: list[Row] = pa.table(columns, cells.column_names).to_pylist()
    return found
