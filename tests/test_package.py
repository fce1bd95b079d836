"""A package's descriptor keeps the standard, and its stock reader finds it valid."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from frictionless import validate
from tables import (
    CREATED,
    KEY_VALUES,
    METADATA,
    arrow_tables,
    at_once,
    change_descriptor,
    files,
    resealed,
    resource,
    rows,
    write_package,
)

from dateline.build.package import descriptor, write_descriptor
from dateline.build.write import Written, write_tables, write_vocabularies
from dateline.schema import TABLES, load_codebook
from dateline.schema.profiles import Violation, violations
from dateline.schema.tables import Json

BOOK = load_codebook()
FILE = {"name": "a", "path": "data/a.csv"}


def content(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_bytes())


def found(package: Path) -> set[tuple[str, str]]:
    """Resource and error type of everything that frictionless finds."""
    report = validate(str(package / "datapackage.json"))
    return {(task.name, error.type) for task in report.tasks for error in task.errors} | {
        ("", error.type) for error in report.errors
    }


def package_of(*resources: Json, **properties: object) -> Json:
    return {"resources": list(resources) or [FILE], **properties}


def schema_of(*fields: Json, **properties: object) -> Json:
    return package_of({**FILE, "schema": {"fields": list(fields), **properties}})


VALID = {
    "a file": package_of(),
    "a url": package_of({**FILE, "path": "https://example.org/a.csv"}),
    "several files": package_of({**FILE, "path": ["a.csv", "b.csv"]}),
    "inline data": package_of({"name": "a", "data": [{"b": 1}]}),
    "a schema elsewhere": package_of({**FILE, "schema": "schema.json", "dialect": "dialect.json"}),
    "properties of one's own": package_of({**FILE, "dateline:rows": 1}, **{"dateline:x": 1}),
    # The published profile 2.0 takes these two for wrong.
    "fieldsMatch as a string": schema_of({"name": "a"}, fieldsMatch="equal"),
    "a list": schema_of({"name": "a", "type": "list", "itemType": "date", "delimiter": ";"}),
    "labelled categories": schema_of(
        {"name": "a", "type": "string", "categories": [{"value": "x", "label": "X"}]}
    ),
    "missing values with labels": schema_of(
        {"name": "a"}, missingValues=[{"value": "", "label": "none"}]
    ),
    "keys": schema_of(
        {"name": "a"},
        primaryKey=["a"],
        uniqueKeys=[["a"]],
        foreignKeys=[{"fields": ["a"], "reference": {"fields": ["a"]}}],
    ),
}
INVALID = {
    "not an object": ([], ""),
    "no resources": ({}, ""),
    "empty resources": ({"resources": []}, "/resources"),
    "no path": (package_of({"name": "a"}), "/resources/0"),
    "path and data": (package_of({**FILE, "data": []}), "/resources/0"),
    "a path out of it": (package_of({**FILE, "path": "../a.csv"}), "/resources/0/path"),
    "a path out of it again": (package_of({**FILE, "path": "a/../../b"}), "/resources/0/path"),
    "an absolute path": (package_of({**FILE, "path": "/a.csv"}), "/resources/0/path"),
    "a hidden folder": (package_of({**FILE, "path": "a/.b/c.csv"}), "/resources/0/path"),
    "the type file": (package_of({**FILE, "type": "file"}), "/resources/0/type"),
    "a size in words": (package_of({**FILE, "bytes": "many"}), "/resources/0/bytes"),
    "a day for an instant": (package_of(created="2024-05-01"), "/created"),
    "no zone": (package_of(created="2024-05-01T00:00:00"), "/created"),
    "one licence": (package_of(licenses={"name": "MIT"}), "/licenses"),
    "a licence without name": (package_of(licenses=[{"title": "MIT"}]), "/licenses/0"),
    "a licence in words": (package_of(licenses=[{"name": "Public domain"}]), "/licenses/0/name"),
    "no keywords": (package_of(keywords=[]), "/keywords"),
    "a role alone": (package_of(contributors=[{"roles": "author"}]), "/contributors/0/roles"),
    "an empty source": (package_of(sources=[{}]), "/sources/0"),
    "a homepage in words": (package_of(homepage="our page"), "/homepage"),
    "an unknown type": (
        schema_of({"name": "a", "type": "text"}),
        "/resources/0/schema/fields/0/type",
    ),
    "a pattern on a number": (
        schema_of({"name": "a", "type": "number", "constraints": {"pattern": "1"}}),
        "/resources/0/schema/fields/0/constraints",
    ),
    "fieldsMatch as a list": (
        schema_of({"name": "a"}, fieldsMatch=["equal"]),
        "/resources/0/schema/fieldsMatch",
    ),
    "categories of numbers": (
        schema_of({"name": "a", "type": "number", "categories": [1.5]}),
        "/resources/0/schema/fields/0/type",
    ),
    "two characters": (
        package_of({**FILE, "dialect": {"delimiter": "||"}}),
        "/resources/0/dialect/delimiter",
    ),
}


@pytest.mark.parametrize("case", VALID)
def test_what_the_standard_allows_is_accepted(case: str) -> None:
    assert violations(VALID[case]) == []


@pytest.mark.parametrize("case", INVALID)
def test_what_the_standard_forbids_is_found_at_its_place(case: str) -> None:
    wrong, pointer = INVALID[case]
    assert pointer in {violation.pointer for violation in violations(wrong)}
    assert all("is not valid under" not in v.expected for v in violations(wrong))


def test_the_profiles_are_json_schemas() -> None:
    from dateline.schema.profiles import __file__ as module

    paths = sorted(Path(module).parent.glob("*.json"))
    assert [path.stem for path in paths] == [
        "datapackage",
        "dataresource",
        "tabledialect",
        "tableschema",
    ]
    for path in paths:
        jsonschema_rs.meta.validate(json.loads(path.read_bytes()))


def written(folder: Path) -> list[Written]:
    files = write_tables(at_once(arrow_tables(rows())), BOOK, folder, KEY_VALUES)
    return files + write_vocabularies(BOOK, folder)


def test_each_table_is_a_csv_resource_and_a_parquet_resource(tmp_path: Path) -> None:
    package = content(write_package(tmp_path / "p"))
    for name in TABLES:
        csv, parquet = resource(package, name), resource(package, f"{name}-parquet")
        assert (csv["type"], csv["format"], csv["mediatype"]) == ("table", "csv", "text/csv")
        assert "type" not in parquet
        assert (parquet["format"], parquet["mediatype"]) == (
            "pq",
            "application/vnd.apache.parquet",
        )
        assert csv["schema"] == parquet["schema"]
        assert csv["dateline:content"] == parquet["dateline:content"]
        assert csv["dateline:rows"] == parquet["dateline:rows"] == 2


def test_a_coded_column_names_the_resource_of_its_vocabulary(tmp_path: Path) -> None:
    package = content(write_package(tmp_path / "p"))
    fields = resource(package, "incidents")["schema"]["fields"]
    named = {f["name"]: f.get("dateline:vocabulary") or f.get("dateline:codes") for f in fields}
    assert named["incident_type"] == "vocab-incident_type"
    assert named["country_code"] == "vocab-country"
    names = {each["name"] for each in package["resources"]}
    assert {name for name in named.values() if name} <= names


def test_the_codebook_stays_as_it_is(tmp_path: Path) -> None:
    before = json.dumps(BOOK.tables["incidents"].descriptor)
    write_package(tmp_path / "p", codebook=BOOK)
    assert json.dumps(BOOK.tables["incidents"].descriptor) == before


def test_the_projects_own_words_come_first_in_the_standards_order(tmp_path: Path) -> None:
    metadata = {
        "resources": [],
        "dateline": {"profile": "quotes"},
        "funding": "none",
        "dateline:version": "0.1.0",
        "created": "1999-01-01T00:00:00Z",
        "title": "Hill towns",
        "name": "hill-towns",
    }
    found = descriptor(written(tmp_path), BOOK, metadata, CREATED)
    assert list(found) == [
        "$schema",
        "name",
        "title",
        "created",
        "funding",
        "dateline:version",
        "resources",
    ]
    assert found["created"] == CREATED
    assert found["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"


def test_a_wrong_property_of_the_project_is_an_issue_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    metadata = {**METADATA, "licenses": [{"name": "Creative Commons"}], "keywords": "war"}
    issues = write_descriptor(descriptor(written(tmp_path), BOOK, metadata, CREATED), tmp_path)
    assert [(issue.rule, issue.places[0].pointer) for issue in issues] == [
        ("descriptor-invalid", "/keywords"),
        ("descriptor-invalid", "/licenses/0/name"),
    ]
    assert issues[0].message == '/keywords: expected an array, got "war"'
    assert not (tmp_path / "datapackage.json").exists()


def test_a_descriptor_is_written_the_same_each_time(tmp_path: Path) -> None:
    first, second = write_package(tmp_path / "a"), write_package(tmp_path / "b")
    assert list(files(first)) == list(files(second))
    text = (first / "datapackage.json").read_text("utf-8")
    assert text.endswith("}\n")
    assert text.startswith('{\n  "$schema"')


def test_violations_of_equal_places_come_once() -> None:
    assert violations({"resources": [{}]}) == [
        Violation("/resources/0", "an object with name", {}),
        Violation("/resources/0", "an object with path", {}),
    ]


def test_frictionless_finds_a_package_valid(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    report = validate(str(package / "datapackage.json"))
    assert report.valid
    assert len(report.tasks) == len(content(package)["resources"])
    assert [task.warnings for task in report.tasks if task.warnings] == []


def replaced(path: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def damage(package: Path) -> None:
        before = (package / path).read_bytes()
        assert before.count(old) == 1
        (package / path).write_bytes(before.replace(old, new))

    return damage


def one_byte_flipped(package: Path) -> None:
    path = package / "data/evidence.parquet"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "resources", "error"),
    [
        (replaced("data/casualties.csv", b",4,", b",four,"), ("casualties",), "type-error"),
        (replaced("data/articles.csv", b'"two"', b'"one"'), ("articles",), "unique-error"),
        (
            replaced("data/incidents.csv", b',"inc_aaaaaa"\r\n', b',"inc_cccccc"\r\n'),
            ("incidents",),
            "foreign-key",
        ),
        (
            replaced("data/statements.csv", b'"stm_aaaaaa","art_aaaaaa"', b'"stm_aaaaaa","art_c"'),
            ("statements",),
            "foreign-key",
        ),
        (replaced("vocab/side.csv", b"\r\na,", b"\r\nb,"), ("vocab-side",), "primary-key"),
    ],
)
def test_frictionless_finds_a_damaged_cell(
    damage: Callable[[Path], None], resources: tuple[str, ...], error: str, tmp_path: Path
) -> None:
    package = write_package(tmp_path / "p")
    damage(package)
    assert {(name, error) for name in resources} <= found(resealed(package, *resources))


def test_frictionless_finds_a_flipped_byte_of_a_parquet_file(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    one_byte_flipped(package)
    assert found(package) == {("evidence-parquet", "hash-count")}


def test_frictionless_finds_a_shorter_parquet_file(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    change_descriptor(package, lambda c: resource(c, "evidence-parquet").update(bytes=3))
    assert found(package) == {("evidence-parquet", "byte-count")}
