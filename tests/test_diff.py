"""Differences of two packages: rows, schema, the version that they ask for."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from diffs import ID, NAME, changed, package, table
from releases import NAME as NAMED
from releases import publish, release

from dateline.build.diff import difference
from dateline.build.diff.ledger import has_ledger, window_rows
from dateline.build.diff.merge import Window
from dateline.build.diff.model import Sample
from dateline.build.diff.rows import Texts
from dateline.build.diff.tables import Pair
from dateline.cli import main

Rows = list[dict[str, Any]]


def _edited(rows: Rows) -> Rows:
    rows[0] = {**rows[0], "killed_best": 99, "place_name": None}
    return [*rows[:3], *rows[4:]]


def test_rows_of_this_tools_packages_are_compared_by_key(
    example_package: Path, tmp_path: Path
) -> None:
    new = changed(
        example_package,
        tmp_path / "new",
        incidents=_edited,
        actors=lambda rows: [*rows, {**rows[0], "actor_id": "act_zzzzzz", "aliases": ["x", "y"]}],
    )
    found = {each.name: each for each in difference(str(example_package), str(new)).tables}
    incidents, actors = found["incidents"], found["actors"]
    assert (incidents.rows, incidents.added, incidents.removed, incidents.changed) == (
        (11, 10),
        0,
        1,
        1,
    )
    assert {c.name: c.changed for c in incidents.columns if c.changed} == {
        "killed_best": 1,
        "place_name": 1,
    }
    assert (actors.added_keys, actors.removed, actors.changed) == ((("act_zzzzzz",),), 0, 0)
    assert sum(t.added + t.removed + t.changed for t in found.values()) == 3


def test_the_ledger_has_a_row_for_each_change(example_package: Path, tmp_path: Path) -> None:
    new = changed(example_package, tmp_path / "new", incidents=_edited)
    told: list[pa.Table] = []

    def listener(pair: Pair, window: Window) -> None:
        if has_ledger(pair):
            told.extend(window_rows(pair, window))

    difference(str(example_package), str(new), listener=listener)
    rows = pa.concat_tables(told).to_pylist()
    before = pq.read_table(example_package / "data" / "incidents.parquet").to_pylist()
    gone, kept = before[3], before[0]
    best = None if kept["killed_best"] is None else str(kept["killed_best"])
    assert [tuple(row.values()) for row in rows] == [
        ("incidents", gone["incident_id"], "withdrawn", None, None, None),
        ("incidents", kept["incident_id"], "updated", "place_name", kept["place_name"], None),
        ("incidents", kept["incident_id"], "updated", "killed_best", best, "99"),
    ]


KINDS = {
    "number": ("NaN", "NaN", "INF"),
    "integer": ("007", "+7", "8"),
    "boolean": ("TRUE", "1", "false"),
    "yearmonth": ("2024-03", "2024-03", "2024-04"),
    "duration": ("P1Y2M", "P14M", "P1DT2S"),
    "geopoint": ("90.0, 45", "90,45", "90,46"),
    "object": ('{"a":1,"b":2}', '{"b": 2, "a": 1}', '{"a":2}'),
    "array": ('["x"]', '[ "x" ]', '["x","y"]'),
    "list": ("a,b", "a,b", "b,a"),
    "time": ("10:00:00", "10:00:00", "10:00:01"),
    "datetime": ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000Z", "2024-01-01T00:00:01Z"),
    "any": ("x", "x", "X"),
    "string": ("é", "é", "e\u0301"),
}
TEXTS = {
    "number": ("NaN", "INF"),
    "integer": ("7", "8"),
    "boolean": ("true", "false"),
    "duration": ("P14MT0S", "P0MT86402S"),
    "geopoint": ("90,45", "90,46"),
    "object": ('{"a": 1, "b": 2}', '{"a": 2}'),
    "list": ('["a", "b"]', '["b", "a"]'),
}


def test_values_are_compared_by_their_types(tmp_path: Path) -> None:
    fields = [{"name": kind, "type": kind} for kind in KINDS]
    cells = list(zip(*KINDS.values(), strict=True))
    old = table(ID, *fields, rows=[["1", *cells[0]], ["2", *cells[0]]])
    new = table(ID, *fields, rows=[["1", *cells[1]], ["2", *cells[2]]])
    (found,) = difference(
        str(package(tmp_path / "old", old)), str(package(tmp_path / "new", new))
    ).tables
    columns = {column.name: column for column in found.columns}
    assert {name: column.changed for name, column in columns.items()} == {
        "id": 0,
        **dict.fromkeys(KINDS, 1),
    }
    samples = {name: columns[name].samples[0] for name in TEXTS}
    assert {name: (each.old, each.new) for name, each in samples.items()} == TEXTS
    assert {each.key for each in samples.values()} == {("2",)}


def test_form_and_null_follow_the_descriptor(tmp_path: Path) -> None:
    rows = [["1", "Zoë"], ["2", "-"]]
    old = package(tmp_path / "old", table(ID, NAME, rows=rows, missingValues=["-"]))
    form = {"encoding": "latin-1", "dialect": {"delimiter": ";"}}
    new = package(tmp_path / "new", table(ID, NAME, rows=[["2", ""], ["1", "Zoë"]], resource=form))
    text = (new / "things.csv").read_text("utf-8")
    (new / "things.csv").write_text(text, "latin-1")
    (found,) = difference(str(old), str(new)).tables
    assert (found.added, found.removed, found.changed) == (0, 0, 0)
    assert found.columns[1].nulls == (1, 1)


def test_parquet_of_others_is_compared_with_csv(tmp_path: Path) -> None:
    fields = (ID, {"name": "n", "type": "number"}, {"name": "tags", "type": "array"})
    rows = [["3", "1.50", '["a"]'], ["1", "", ""], ["2", "NaN", "[]"]]
    old = package(tmp_path / "old", table(*fields, rows=rows))
    new = package(
        tmp_path / "new", {**table(*fields), "rows": None, "path": "t.parquet", "format": "parquet"}
    )
    arrays = [[2, 3, 1], [float("nan"), 2.5, None], [[], ["a"], None]]
    pq.write_table(pa.table(arrays, names=["id", "n", "tags"]), new / "t.parquet")
    (found,) = difference(str(old), str(new)).tables
    assert (found.added, found.removed, found.changed) == (0, 0, 1)
    assert found.columns[1].samples == (Sample(("3",), "1.5", "2.5"),)


def test_large_tables_give_the_same_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[str(n % 7), f"{n}\n"] for n in range(50)]
    sides = [
        package(
            tmp_path / f"{number}",
            table(ID, NAME, rows=found, name="keyed", primaryKey=["name", "id"]),
            table({"name": "x"}, rows=[[row[0]] for row in found], name="bare"),
        )
        for number, found in enumerate([rows, [*rows[5:], ["8", "é"], ["8", "é2"]]])
    ]
    in_memory = difference(*map(str, sides))
    monkeypatch.setattr("dateline.build.diff.rows._HELD", 0)
    monkeypatch.setattr(Texts.__init__, "__defaults__", (0,))
    assert difference(*map(str, sides)) == in_memory
    keyed, bare = in_memory.tables
    assert (keyed.added, keyed.removed, keyed.changed) == (2, 5, 0)
    assert (bare.key, bare.rows, bare.added, bare.removed) == ((), (50, 47), 2, 5)


def test_rows_without_a_key_may_begin_alike(tmp_path: Path) -> None:
    rows = [["a"], ["a\nb"], ["a"], ["a\tb"]]
    old = package(tmp_path / "old", table({"name": "x"}, rows=rows))
    new = package(tmp_path / "new", table({"name": "x"}, rows=[*rows[1:], ["a\nb"]]))
    (found,) = difference(str(old), str(new)).tables
    assert (found.rows, found.added_keys, found.removed_keys) == ((4, 4), (("a\nb",),), (("a",),))


@pytest.mark.parametrize("packing", ["gz", "zip"])
def test_packed_files_are_compared_as_plain_ones(packing: str, tmp_path: Path) -> None:
    rows = [["1", "a"], ["2", "b"]]
    old = package(tmp_path / "old", table(ID, NAME, rows=rows))
    form = {"path": f"things.csv.{packing}", "compression": packing}
    new = package(tmp_path / "new", table(ID, NAME, rows=rows[:1], resource=form))
    path = new / form["path"]
    plain = path.read_bytes()
    if packing == "gz":
        path.write_bytes(gzip.compress(plain))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("things.csv", plain)
    (found,) = difference(str(old), str(new)).tables
    assert (found.rows, found.removed) == ((2, 1), 1)
    path.write_bytes(path.read_bytes()[:-5])
    result = CliRunner().invoke(main, ["diff", str(old), str(new)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"things: expected a whole .{packing}" in result.stderr


def test_a_missing_file_that_is_no_table_is_told(tmp_path: Path) -> None:
    resource = {"name": "notes", "path": "notes.pdf"}
    old, new = (
        package(tmp_path / name, table(ID, rows=[]), dict(resource)) for name in ("old", "new")
    )
    (old / "notes.pdf").write_bytes(b"notes")
    result = CliRunner().invoke(main, ["diff", str(old), str(new)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "new: notes.pdf: expected a file, got nothing there" in result.stderr


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["1", "a"], ["1", "b"]], "new: things: expected each primary key once, in order, got 1"),
        ([["x", "a"]], "new: things: id: expected a whole number"),
        ([["", "a"]], "new: things: expected a value in each of id"),
    ],
)
def test_rows_that_no_key_tells_end_the_command(
    rows: list[list[str]], expected: str, tmp_path: Path
) -> None:
    old = package(tmp_path / "old", table(ID, NAME, rows=[["1", "a"]]))
    new = package(tmp_path / "new", table(ID, NAME, rows=rows))
    result = CliRunner().invoke(main, ["diff", str(old), str(new)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert expected in result.stderr
    assert "dateline validate" in result.stderr


@pytest.mark.parametrize(
    ("old", "code", "expected"),
    [
        ("nowhere", 3, "expected a data package, got nothing there"),
        ("https://127.0.0.1:9/datapackage.json", 2, "add --allow-remote"),
        ("empty", 1, "datapackage.json"),
    ],
)
def test_what_is_no_package_is_told(old: str, code: int, expected: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    new = package(tmp_path / "new", table(ID, rows=[]))
    path = old if "://" in old else str(tmp_path / old)
    result = CliRunner().invoke(main, ["diff", path, str(new)])
    assert (result.exit_code, result.stdout) == (code, "")
    assert expected in result.stderr


def test_published_locations_are_compared_as_packages(
    example_package: Path, tmp_path: Path
) -> None:
    old = release(example_package, tmp_path / "made")
    new = release(
        changed(example_package, tmp_path / "new", incidents=_edited), tmp_path / "made", "0.2.0"
    )
    place = tmp_path / "place"
    for each in (old, new):
        publish(each, str(place))
    result = CliRunner().invoke(main, ["diff", str(old), str(place / NAMED), "--json"])
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["versions"] == ["0.1.0", "0.2.0"]
    assert [each["rule"] for each in found["changes"]] == ["ROWS_REMOVED", "VALUES_CHANGED"]


@pytest.mark.parametrize("name", ["data/actors.parquet", "data/actors.csv", "vocab/side.csv"])
def test_a_file_that_is_missing_or_damaged_is_told(
    name: str, example_package: Path, tmp_path: Path
) -> None:
    old = changed(example_package, tmp_path / "old")
    if name.endswith("parquet"):
        (old / name).write_bytes((old / name).read_bytes()[:-100])
        result = CliRunner().invoke(main, ["diff", str(old), str(example_package)])
        assert (result.exit_code, result.stdout) == (1, "")
        assert "actors-parquet: expected a Parquet file that can be read" in result.stderr
    (old / name).unlink()
    result = CliRunner().invoke(main, ["diff", str(old), str(example_package)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{name}: expected a file, got nothing there" in result.stderr


def test_packed_packages_of_this_tool_are_compared(example_package: Path, tmp_path: Path) -> None:
    new = changed(example_package, tmp_path / "new", incidents=_edited)
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", new)
    found = difference(str(example_package), packed)
    assert found == difference(str(example_package), str(new))
    assert [each.rule for each in found.changes] == ["ROWS_REMOVED", "VALUES_CHANGED"]
