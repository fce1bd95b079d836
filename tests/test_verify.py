"""A package damaged in one way breaks one rule, which is told with the place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tables import arrow_tables, change_descriptor, resealed, resource, rows, write_package

from dateline.build.issues import EnvironmentFailure, Issue
from dateline.build.verify import Checks, verify
from dateline.schema import TABLES

Damage = Callable[[Path], object]


def found(package: Path) -> list[Issue]:
    return list(verify(package, Checks(rules=False)).issues)


def rules(package: Path) -> set[str]:
    return {issue.rule for issue in found(package)}


def in_file(path: str, old: bytes, new: bytes) -> Damage:
    """Changes bytes of a file that occur once in it; its digest is then that of the new ones."""

    def damage(package: Path) -> None:
        before = (package / path).read_bytes()
        assert before.count(old) == 1, before
        (package / path).write_bytes(before.replace(old, new))
        kind = {".csv": "", ".parquet": "-parquet"}[Path(path).suffix]
        resealed(package, Path(path).stem + kind)

    return damage


def in_resource(name: str, /, **values: object) -> Damage:
    def damage(package: Path) -> None:
        change_descriptor(package, lambda content: resource(content, name).update(values))

    return damage


def in_field(name: str, /, **values: object) -> Damage:
    """Changes properties of a field of incidents in both of the table's schemas."""

    def change(content: Any) -> None:
        for each in ("incidents", "incidents-parquet"):
            fields = resource(content, each)["schema"]["fields"]
            next(f for f in fields if f["name"] == name).update(values)

    return lambda package: change_descriptor(package, change)


def in_schema(**values: object) -> Damage:
    def change(content: Any) -> None:
        for each in ("incidents", "incidents-parquet"):
            resource(content, each)["schema"].update(values)

    return lambda package: change_descriptor(package, change)


def as_parquet(name: str, change: Callable[[pa.Table], pa.Table]) -> Damage:
    """Writes a table's Parquet again with a change; its digest is then that of the new file."""

    def damage(package: Path) -> None:
        path = package / f"data/{name}.parquet"
        pq.write_table(change(pq.read_table(path)), path)
        resealed(package, f"{name}-parquet")

    return damage


def dropped(name: str) -> Damage:
    def change(content: Any) -> None:
        content["resources"] = [r for r in content["resources"] if r["name"] != name]

    def damage(package: Path) -> None:
        change_descriptor(package, change)
        (package / f"data/{name}.csv").unlink()

    return damage


def linked_outside(package: Path) -> None:
    outside = package.parent / "side.csv"
    (package / "vocab/side.csv").rename(outside)
    (package / "vocab/side.csv").symlink_to(outside)


def linked_to_itself(package: Path) -> None:
    (package / "vocab/side.csv").unlink()
    (package / "vocab/side.csv").symlink_to("side.csv")


def folder_for_file(package: Path) -> None:
    (package / "vocab/side.csv").unlink()
    (package / "vocab/side.csv").mkdir()


def as_text(text: str) -> Damage:
    return lambda package: (package / "datapackage.json").write_text(text)


def unsorted_columns(table: pa.Table) -> pa.Table:
    return table.select([*table.column_names[1:], table.column_names[0]])


def cast(column: str, kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        index = table.schema.get_field_index(column)
        return table.set_column(index, column, table[column].cast(kind))

    return change


def without_line(path: str, start: bytes) -> Damage:
    def damage(package: Path) -> None:
        lines = (package / path).read_bytes().splitlines(keepends=True)
        (package / path).write_bytes(b"".join(x for x in lines if not x.startswith(start)))
        resealed(package, Path(path).stem)

    return damage


def with_last_line_twice(path: str) -> Damage:
    def damage(package: Path) -> None:
        content = (package / path).read_bytes()
        (package / path).write_bytes(content + content.splitlines(keepends=True)[-1])
        resealed(package, Path(path).stem)

    return damage


def cut_short(package: Path) -> None:
    path = package / "data/evidence.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    resealed(package, "evidence-parquet")


def with_line_feeds(package: Path) -> None:
    path = package / "data/casualties.csv"
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    resealed(package, "casualties")


def in_vocabulary(name: str, change: Callable[[list[bytes]], object]) -> Damage:
    """Changes the lines of a vocabulary; its digest is then that of the new ones."""

    def damage(package: Path) -> None:
        path = package / f"vocab/{name}.csv"
        lines = path.read_bytes().splitlines(keepends=True)
        change(lines)
        path.write_bytes(b"".join(lines))
        resealed(package, f"vocab-{name}")

    return damage


DAMAGES: dict[str, tuple[Damage, str]] = {
    "no descriptor": (
        lambda package: (package / "datapackage.json").unlink(),
        "package-error",
    ),
    "not JSON": (as_text('{"name": }'), "package-error"),
    "not an object": (as_text("[1]"), "package-error"),
    "no resources": (as_text('{"name": "x"}'), "package-error"),
    "Latin-1": (
        lambda package: (package / "datapackage.json").write_bytes(b'{"title": "\xe9"}'),
        "package-error",
    ),
    "a table without CSV": (dropped("casualties"), "schema-error"),
    "a table without digest": (
        lambda package: change_descriptor(
            package, lambda content: resource(content, "actors").pop("dateline:content")
        ),
        "package-descriptor-invalid",
    ),
    "a file without size": (
        lambda package: change_descriptor(
            package, lambda content: resource(content, "vocab-side").pop("bytes")
        ),
        "package-descriptor-invalid",
    ),
    "another algorithm": (in_resource("actors", hash="a" * 32), "package-descriptor-invalid"),
    "one name twice": (in_resource("actors-parquet", name="actors"), "package-error"),
    "two schemas of a table": (
        lambda package: change_descriptor(
            package, lambda content: resource(content, "actors")["schema"].pop("foreignKeys")
        ),
        "package-descriptor-invalid",
    ),
    "two key columns": (
        in_schema(primaryKey=["incident_id", "title"]),
        "package-descriptor-invalid",
    ),
    "a key of no column": (in_schema(uniqueKeys=[["tittle"]]), "schema-error"),
    "a key that may be null": (in_schema(primaryKey=["summary"]), "package-descriptor-invalid"),
    "a reference to no table": (
        in_schema(
            foreignKeys=[
                {"fields": ["title"], "reference": {"resource": "towns", "fields": ["town_id"]}}
            ]
        ),
        "schema-error",
    ),
    "a type of no column": (in_field("title", type="geopoint"), "field-error"),
    "a limit that is no day": (
        in_field("date_start", constraints={"minimum": "soon"}),
        "field-error",
    ),
    "an early day": (
        in_field("date_start", constraints={"minimum": "2024-03-05"}),
        "constraint-error",
    ),
    "a late day": (
        in_field("date_start", constraints={"maximum": "2024-03-03"}),
        "constraint-error",
    ),
    "a path above": (in_resource("vocab-side", path="../side.csv"), "path-unsafe"),
    "an absolute path": (in_resource("vocab-side", path="/etc/passwd"), "path-unsafe"),
    "a hidden file": (in_resource("vocab-side", path="vocab/.side.csv"), "path-unsafe"),
    "a remote file": (
        in_resource("vocab-side", path="https://example.org/side.csv"),
        "scheme-error",
    ),
    "a link out of the package": (linked_outside, "path-unsafe"),
    "a missing CSV": (
        lambda package: (package / "data/actors.csv").unlink(),
        "scheme-error",
    ),
    "a missing Parquet": (
        lambda package: (package / "data/actors.parquet").unlink(),
        "scheme-error",
    ),
    "a link to itself": (linked_to_itself, "scheme-error"),
    "a folder for a file": (folder_for_file, "scheme-error"),
    "a missing vocabulary": (
        lambda package: (package / "vocab/side.csv").unlink(),
        "scheme-error",
    ),
    "another size": (in_resource("actors-parquet", bytes=3), "byte-count"),
    "another digest": (in_resource("actors", hash="sha256:" + "0" * 64), "hash-count"),
    "another vocabulary": (
        lambda package: (package / "vocab/side.csv").write_bytes(
            (package / "vocab/side.csv").read_bytes().replace(b"side", b"SIDE")
        ),
        "hash-count",
    ),
    "a value fewer in a vocabulary": (
        in_vocabulary("side", lambda lines: lines.pop()),
        "package-vocabulary",
    ),
    "a value more in a vocabulary": (
        in_vocabulary("side", lambda lines: lines.append(b"c,Side c,,\r\n")),
        "package-vocabulary",
    ),
    "a vocabulary in another order": (
        in_vocabulary("side", lambda lines: lines.insert(1, lines.pop())),
        "package-vocabulary",
    ),
    "a column of no vocabulary": (
        in_field("weapon_type", **{"dateline:vocabulary": "vocab-weapons"}),
        "package-vocabulary",
    ),
    "another number of rows": (in_resource("actors", **{"dateline:rows": 3}), "package-rows"),
    "a row too few": (without_line("data/evidence.csv", b'"evd_aaaaaa"'), "package-rows"),
    "a row too many": (with_last_line_twice("data/statements.csv"), "primary-key unique-error"),
    "other types": (
        as_parquet("evidence", cast("start", pa.int64())),
        "package-parquet-schema",
    ),
    "nullable columns": (
        as_parquet("evidence", cast("start", pa.int32())),
        "package-parquet-schema",
    ),
    "another order of columns": (
        as_parquet("evidence", unsorted_columns),
        "package-parquet-schema",
    ),
    "a part of a Parquet file": (cut_short, "source-error"),
    "another number": (in_file("data/casualties.csv", b",4,", b",5,"), "package-csv-parquet"),
    "a number in another notation": (
        in_file("data/casualties.csv", b",4,", b",0x4,"),
        "type-error",
    ),
    "text for a number": (
        in_file("data/casualties.csv", b",4,", b",four,"),
        "type-error",
    ),
    "an empty string for null": (
        in_file("data/incidents.csv", b'"inc_bbbbbb",,', b'"inc_bbbbbb","",'),
        "package-csv-parquet",
    ),
    "null for text": (in_file("data/incidents.csv", b'"Bridge"', b""), "constraint-error"),
    "another header": (
        in_file("data/incidents.csv", b",title,", b",titel,"),
        "incorrect-label",
    ),
    "a cell too few": (
        in_file("data/incidents.csv", b'"Bridge",', b""),
        "constraint-error missing-cell type-error",
    ),
    "an open quotation mark": (
        in_file("data/actors.csv", b'"Valley Post"', b'"Valley Post'),
        "constraint-error missing-cell",
    ),
    "bytes that are not UTF-8": (
        in_file("data/actors.csv", b"Valley", b"V\xe1lley"),
        "encoding-error",
    ),
    "another list": (in_file("data/actors.csv", b'"[""HR"",', b'"[""HX"",'), "package-csv-parquet"),
    "another digest of rows": (
        in_resource("actors", **{"dateline:content": "sha256:" + "0" * 64}),
        "package-content",
    ),
    "another digest of Parquet rows": (
        in_resource("actors-parquet", **{"dateline:content": "sha256:" + "0" * 64}),
        "package-content",
    ),
    "other line ends": (with_line_feeds, "package-content"),
    "a file of no resource": (
        lambda package: (package / "data/notes.txt").write_text("x"),
        "package-extra-file",
    ),
    "a link of no resource": (
        lambda package: (package / "root").symlink_to("/"),
        "package-extra-file",
    ),
}

WRONG_ROWS: dict[str, tuple[str, dict[str, object], str]] = {
    "a key twice": ("casualties", {"casualty_id": "cas_aaaaaa"}, "primary-key unique-error"),
    "keys out of order": ("casualties", {"casualty_id": "cas_999999"}, "package-row-order"),
    "no value of the vocabulary": ("incidents", {"incident_type": "party"}, "constraint-error"),
    "a long text": ("incidents", {"title": "x" * 121}, "constraint-error"),
    "a large number": ("incidents", {"latitude": 90.5}, "constraint-error"),
    "a small number": ("incidents", {"killed_best": -1}, "constraint-error"),
    "a small id": ("incidents", {"geonames_id": 0}, "constraint-error"),
    "a share above one": ("evidence", {"confidence": 1.5}, "constraint-error"),
    "no number": ("incidents", {"longitude": float("nan")}, "constraint-error"),
    "text of another form": ("articles", {"language": "English"}, "constraint-error"),
    "a final line break": ("articles", {"language": "en\n"}, "constraint-error"),
    "a unique value twice": ("incidents", {"incident_key": "bridge"}, "unique-error"),
    "a reference to no row": (
        "evidence",
        {"actor_id": "act_zzzzzz"},
        "foreign-key",
    ),
    "a reference to no row of its own table": (
        "casualties",
        {"supersedes_casualty_id": "cas_zzzzzz"},
        "foreign-key",
    ),
}


def package_with(folder: Path, table: str, **values: object) -> Path:
    """A package in which the second row of a table has other values."""
    content = rows()
    content[table][1].update(values)
    return write_package(folder / "p", arrow_tables(content))


def test_a_package_as_written_breaks_no_rule(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    for path in (package, package / "datapackage.json"):
        report = verify(path, Checks(rules=False))
        assert report.issues == ()
        assert report.counts == dict.fromkeys(TABLES, 2)


def test_tables_without_rows_break_no_rule(tmp_path: Path) -> None:
    empty = arrow_tables({name: [] for name in TABLES})
    report = verify(write_package(tmp_path / "p", empty))
    assert report.issues == ()
    assert report.counts == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize("case", DAMAGES)
def test_a_damaged_package_breaks_its_rule(case: str, tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    damage, rule = DAMAGES[case]
    damage(package)
    assert rules(package) == set(rule.split()), found(package)


@pytest.mark.parametrize("case", WRONG_ROWS)
def test_a_row_that_breaks_its_schema_is_told_with_its_place(case: str, tmp_path: Path) -> None:
    table, values, rule = WRONG_ROWS[case]
    issues = found(package_with(tmp_path, table, **values))
    assert {issue.rule for issue in issues} == set(rule.split())
    issue = issues[0]
    assert issue.places[0].file == f"data/{table}.csv"
    assert issue.places[0].row == 2
    assert issue.message.startswith(f"{next(iter(values))}: expected ")


def test_a_group_of_unique_columns_may_not_repeat(tmp_path: Path) -> None:
    content = rows()
    content["participants"][1] |= {
        "actor_id": "act_aaaaaa",
        "attributed_by_actor_id": "act_bbbbbb",
    }
    content["participants"][0] |= {"attributed_by_actor_id": "act_bbbbbb"}
    (issue,) = found(write_package(tmp_path / "p", arrow_tables(content)))
    assert issue.rule == "unique-key"
    assert "again after row 2" in issue.message


def test_a_file_that_is_not_the_one_written_is_told_with_the_cell_that_differs(
    tmp_path: Path,
) -> None:
    package = write_package(tmp_path / "p")
    path = package / "data/casualties.csv"
    path.write_bytes(path.read_bytes().replace(b",4,", b",5,"))
    assert rules(package) == {"hash-count", "package-csv-parquet"}


def test_a_flipped_byte_in_a_parquet_file_is_found(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    path = package / "data/evidence.parquet"
    for position in (60, 400, path.stat().st_size - 30):
        data = bytearray(path.read_bytes())
        data[position] ^= 1
        path.write_bytes(data)
        assert "hash-count" in rules(package)
        data[position] ^= 1
        path.write_bytes(data)
    assert found(package) == []


def test_a_place_is_the_line_of_the_record_in_the_csv(tmp_path: Path) -> None:
    content = rows()
    content["articles"].append({**content["articles"][1], "article_id": "art_cccccc"})
    content["articles"][2] |= {"article_key": "three", "language": "English", "headline": None}
    package = write_package(tmp_path / "p", arrow_tables(content))
    (issue,) = found(package)
    place = issue.places[0]
    # The headline of the second article takes two lines.
    assert (str(place), place.row) == ("data/articles.csv:5:104", 3)
    line = (package / place.file).read_text("utf-8").splitlines()[place.line - 1]
    assert line.startswith('"art_cccccc"')
    assert line[place.column - 1 :].startswith('"English"')


def test_a_difference_is_told_with_both_values(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    in_file("data/casualties.csv", b",4,", b",5,")(package)
    (issue,) = found(package)
    assert issue.message == 'count_best: expected "4" as in the Parquet, got "5"'
    assert str(issue.places[0]) == "data/casualties.csv:2"


def test_a_missing_row_is_told_with_the_first_row_that_differs(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    without_line("data/evidence.csv", b'"evd_aaaaaa"')(package)
    (issue,) = found(package)
    assert issue.message.startswith("expected 2 rows as in data/evidence.parquet, got 1")
    assert str(issue.places[0]) == "data/evidence.csv:2"


def test_all_rows_that_break_a_rule_are_told(tmp_path: Path) -> None:
    content = rows()
    row = content["casualties"][0]
    content["casualties"] = [
        {**row, "casualty_id": f"cas_{number:06}", "count_best": -1} for number in range(50)
    ]
    issues = found(write_package(tmp_path / "p", arrow_tables(content)))
    assert [issue.places[0].row for issue in issues] == list(range(1, 51))


def test_json_is_told_with_its_line_and_column(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    (package / "datapackage.json").write_text('{\n  "name": }')
    (issue,) = found(package)
    assert str(issue.places[0]) == "datapackage.json:2:11"


def test_a_file_more_than_the_resources_name_is_a_warning(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    (package / "README.md").write_text("x")
    report = verify(package, Checks(rules=False))
    assert report.errors == ()
    assert [issue.places[0].file for issue in report.warnings] == ["README.md"]


def test_a_pattern_that_only_python_knows_is_checked(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    in_field("title", constraints={"required": True, "pattern": "^(?!Mark).*$"})(package)
    (issue,) = found(package)
    assert issue.rule == "constraint-error"
    assert issue.places[0].row == 2


def test_a_path_that_leads_nowhere_is_a_failure_of_the_environment(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailure, match="expected a data package"):
        verify(tmp_path / "nowhere")


def test_a_folder_for_a_descriptor_is_told(tmp_path: Path) -> None:
    (tmp_path / "p/datapackage.json").mkdir(parents=True)
    assert rules(tmp_path / "p") == {"package-error"}


def test_a_package_is_verified_from_its_files_alone(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    in_field("incident_type", constraints={"required": True, "enum": ["other_political"]})(package)
    assert rules(package) == {"constraint-error"}
    assert json.loads((package / "datapackage.json").read_bytes())["name"] == "hill-towns"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package whose files each example changes and puts back."""
    return write_package(tmp_path_factory.mktemp("shared") / "p")


@given(st.sampled_from(TABLES), st.data(), st.sampled_from([b"", b'"', b",", b"\n", b"\xff", b"1"]))
@settings(max_examples=40, deadline=None)
def test_no_byte_of_a_csv_can_be_another(
    shared: Path, table: str, data: st.DataObject, new: bytes
) -> None:
    path = shared / f"data/{table}.csv"
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    path.write_bytes(before[:at] + new + before[at + 1 :])
    assume(path.read_bytes() != before)
    try:
        assert verify(resealed(shared, table), Checks(rules=False)).errors
    finally:
        path.write_bytes(before)
        resealed(shared, table)


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a JSON value with each of its keys."""
    keys = value if isinstance(value, dict) else range(len(value))
    inner = [value[key] for key in keys if isinstance(value[key], dict | list)]
    return [(value, key) for key in keys] + [spot for each in inner for spot in spots(each)]


@given(
    st.data(),
    st.sampled_from([None, -1, 10**30, "", "x", "../x", [], ["x"], [[]], {}, {"x": 1}, True]),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_descriptor_says_there_is_a_report(
    shared: Path, data: st.DataObject, new: Any, alike: bool
) -> None:
    path = shared / "datapackage.json"
    before = path.read_bytes()
    content = json.loads(before)
    tables = [r for r in content["resources"] if not r["name"].startswith(("vocab-", "rule-"))]
    content["resources"] = tables
    container, key = data.draw(st.sampled_from(spots(content)))
    container[key] = new
    if alike:
        # A schema that differs from its twin's would hide what is wrong in it.
        for csv, parquet in zip(tables[::2], tables[1::2], strict=True):
            if isinstance(csv, dict) and isinstance(parquet, dict):
                parquet["schema"] = csv.get("schema")
    path.write_text(json.dumps(content))
    try:
        assert all(issue.places for issue in verify(shared, Checks(rules=False)).issues)
    finally:
        path.write_bytes(before)
