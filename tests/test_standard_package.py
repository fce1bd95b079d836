"""Any descriptor becomes a plan of checks, or a list of what is wrong with it and where."""

import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from packages import FIELDS, V2, descriptor, judged, open_package, schema, version_1, write

from dateline.build.issues import Cell, EnvironmentFailure, Issue, UsageError
from dateline.build.read import Limits
from dateline.build.standard.files import Stored, file_issues
from dateline.build.standard.model import Dialect, Package, Resource
from dateline.cli import main

CSV = b"id\r\n1\r\n"


def package_of(found: object, folder: Path, **files: bytes) -> Package:
    """The package of a descriptor that has no errors."""
    write(folder / "p", found, **files)
    package, issues = open_package(folder / "p", folder / "spill")
    assert [issue for issue in issues if issue.severity == "error"] == []
    assert package is not None
    return package


def resource_of(found: object, folder: Path) -> Resource:
    """The first resource of a descriptor that has no errors."""
    return package_of(found, folder).resources[0]


def issues_of(found: object, folder: Path, **files: bytes) -> list[Issue]:
    """All issues of opening a package."""
    write(folder / "p", found, **files)
    return open_package(folder / "p", folder / "spill")[1]


def table(path: str, **members: Any) -> dict[str, Any]:
    return descriptor({"path": path, **members})


def test_a_folder_its_descriptor_and_a_zip_of_either_shape_give_the_same_plan(
    tmp_path: Path,
) -> None:
    write(tmp_path / "p", schema(), a_csv=CSV)
    (tmp_path / "p" / "other.json").write_bytes((tmp_path / "p" / "datapackage.json").read_bytes())
    for name, top in (("flat.zip", ""), ("top.zip", "some folder/")):
        with ZipFile(tmp_path / name, "w") as archive:
            for file in ("datapackage.json", "a.csv"):
                archive.write(tmp_path / "p" / file, top + file)
    plans = set()
    for n, name in enumerate(("p", "p/other.json", "flat.zip", "top.zip")):
        package, issues = open_package(tmp_path / name, tmp_path / f"spill{n}")
        assert issues == []
        assert package is not None
        wrong, stored = file_issues(package)
        assert wrong == []
        plans.add((package.resources[0].schema is not None, stored["r0"]))
    assert plans == {(True, Stored(True, len(CSV), hashlib.sha256(CSV).hexdigest()))}


@pytest.mark.parametrize(
    ("resource", "kind", "compression"),
    [
        ({"path": "a.csv"}, "csv", ""),
        ({"path": "a.TSV"}, "csv", ""),
        ({"path": "a.dat", "format": "csv"}, "csv", ""),
        ({"path": "a.dat", "mediatype": "text/csv; header=present"}, "csv", ""),
        ({"path": "a.csv.gz"}, "csv", "gz"),
        ({"path": "a.csv", "compression": "gzip"}, "csv", "gz"),
        ({"path": "a.zip", "format": "csv"}, "csv", "zip"),
        ({"path": ["a.csv.zst", "b.csv.zst"]}, "csv", "zst"),
        ({"path": "a.parquet"}, "parquet", ""),
        ({"path": "a.pq"}, "parquet", ""),
        ({"path": "a", "mediatype": "application/vnd.apache.parquet"}, "parquet", ""),
        ({"path": "a.zip"}, "file", ""),
        ({"path": "a.pdf"}, "file", ""),
        ({"path": "v1.2/readme"}, "file", ""),
    ],
)
def test_a_resource_is_read_by_its_format_or_its_ending(
    resource: dict[str, Any], kind: str, compression: str, tmp_path: Path
) -> None:
    found = resource_of(descriptor(resource), tmp_path)
    assert (found.kind, found.compression) == (kind, compression)


def test_a_tsv_is_separated_by_tabs_unless_its_dialect_says_otherwise(tmp_path: Path) -> None:
    found = package_of(
        descriptor({"path": "a.tsv"}, {"path": "b.tsv", "dialect": {"delimiter": ";"}}), tmp_path
    )
    assert [each.dialect.delimiter for each in found.resources] == ["\t", ";"]


def test_a_dialect_keeps_all_its_properties(tmp_path: Path) -> None:
    dialect = {
        "header": True,
        "headerRows": [1, 2],
        "headerJoin": "-",
        "commentRows": [3],
        "commentChar": "#",
        "delimiter": ";",
        "quoteChar": "'",
        "doubleQuote": False,
        "escapeChar": "\\",
        "nullSequence": "\\N",
        "skipInitialSpace": True,
    }
    found = resource_of(table("a.csv", dialect=dialect), tmp_path)
    assert found.dialect == Dialect(
        True, (1, 2), "-", (3,), "#", ";", "'", False, "\\", "\\N", True
    )


def test_a_dialect_as_frictionless_writes_it_counts(tmp_path: Path) -> None:
    found = resource_of(table("a.csv", dialect={"csv": {"delimiter": "|"}}), tmp_path)
    assert found.dialect.delimiter == "|"


def test_keys_and_null_values_take_one_form(tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "id", "missingValues": [{"value": "-9", "label": "unknown"}, {"value": "x"}]},
        {"name": "up", "type": "integer"},
    ]
    keys = {
        "primaryKey": "id",
        "uniqueKeys": [["id", "up"]],
        "foreignKeys": [{"fields": "up", "reference": {"fields": "id"}}],
        "missingValues": ["", "NA"],
        "fieldsMatch": ["subset"],
    }
    found = resource_of(schema(*fields, **keys), tmp_path).schema
    assert found is not None
    assert found.primary_key == ("id",)
    assert found.unique_keys == (("id", "up"),)
    assert found.fields_match == "subset"
    (key,) = found.foreign_keys
    assert (key.fields, key.resource, key.reference) == (("up",), "", ("id",))
    assert [field.missing_values for field in found.fields] == [{"-9", "x"}, {"", "NA"}]
    assert [(field.type, field.format) for field in found.fields] == [
        ("any", "default"),
        ("integer", "default"),
    ]
    assert found.fields[1].pointer == "/resources/0/schema/fields/1"


def test_schema_and_dialect_stand_in_files_of_their_own_too(tmp_path: Path) -> None:
    found = table("a.csv", schema="s.json", dialect="d.json")
    files = {"s_json": json.dumps({"fields": FIELDS}).encode(), "d_json": b'{"delimiter": ";"}'}
    package = package_of(found, tmp_path, **files)
    (resource,) = package.resources
    assert resource.schema is not None
    assert resource.schema.fields[0].name == "id"
    assert resource.dialect.delimiter == ";"


def test_what_is_wrong_in_a_schema_file_is_placed_in_it(tmp_path: Path) -> None:
    bad = b'{"fields": [\n  {"name": "id", "type": "intger"}]}'
    (issue,) = issues_of(table("a.csv", schema="s.json"), tmp_path, s_json=bad)
    assert (issue.rule, str(issue.places[0])) == ("field-error", "s.json:2:26")
    assert issue.cell == Cell("r0")
    assert 'did you mean "integer"' in issue.message


V1: dict[str, Any] = {
    "profile": "tabular-data-package",
    "name": "old-package",
    "contributors": [{"title": "A. B.", "role": "author", "email": ""}],
    "sources": [{"title": "somewhere"}],
    "licenses": [{"name": "CC-BY-4.0"}],
    "resources": [
        {
            "profile": "tabular-data-resource",
            "name": "r0",
            "path": "a.csv",
            "hash": "",
            "dialect": {"csvddfVersion": 1.2, "caseSensitiveHeader": False, "delimiter": ";"},
            "schema": {
                "fields": [{"name": "id"}, {"name": "up", "type": "string"}],
                "missingValues": ["", "-"],
                "primaryKey": "id",
                "foreignKeys": [{"fields": "up", "reference": {"resource": "", "fields": "id"}}],
            },
        }
    ],
}


def test_a_legal_descriptor_of_version_1_has_no_issue(tmp_path: Path) -> None:
    write(tmp_path / "p", V1)
    package, issues = open_package(tmp_path / "p", tmp_path / "spill")
    assert issues == []
    assert package is not None
    assert package.major == 1
    found = package.resources[0].schema
    assert found is not None
    # Without a type a field is text in version 1, anything in version 2.
    assert [field.type for field in found.fields] == ["string", "string"]


def test_the_schema_of_a_file_that_is_no_table_may_be_anything_in_version_1(
    tmp_path: Path,
) -> None:
    resource = {"name": "r", "path": "a.json", "type": "json", "schema": {"$ref": "#"}}
    issues = issues_of({"resources": [resource]}, tmp_path)
    assert [(issue.rule, issue.severity) for issue in issues] == [("not-checked", "warning")]


@pytest.mark.parametrize(
    ("found", "rule", "pointer", "words"),
    [
        (descriptor(), "package-error", "/resources", "at least one entry"),
        ({"$schema": V2}, "package-error", "", "an object with resources, got one without"),
        (descriptor({"path": "a.csv", "data": []}), "resource-error", "/resources/0", "got both"),
        (descriptor({}), "resource-error", "/resources/0", "an object with path"),
        (
            descriptor({"path": "a.csv", "name": "x"}, {"path": "b.csv", "name": "x"}),
            "package-error",
            "/resources/1/name",
            'got "x" again',
        ),
        (
            descriptor({"path": ["a.csv", "https://example.org/b.csv"]}),
            "resource-error",
            "/resources/0/path",
            "got both",
        ),
        (table("a.csv", type="tabel"), "resource-error", "/resources/0/type", 'mean "table"'),
        (table("a.csv", bytes=-1), "resource-error", "/resources/0/bytes", "-1"),
        (table("a.csv", hash="nothex!"), "resource-error", "/resources/0/hash", "hexadecimal"),
        (
            table("a.csv", dialect={"delimiter": ";;"}),
            "dialect-error",
            "/resources/0/dialect/delimiter",
            "one character",
        ),
        (
            table("a.csv", dialect={"csv": {"header": 1}}),
            "dialect-error",
            "/resources/0/dialect/csv/header",
            "boolean",
        ),
        (
            table("a.csv", dialect={"lineTerminator": ";"}),
            "dialect-error",
            "/resources/0/dialect/lineTerminator",
            "end the lines",
        ),
        (
            table("a.csv", dialect={"csv": {"lineTerminator": "|"}}),
            "dialect-error",
            "/resources/0/dialect/csv/lineTerminator",
            'got "|"',
        ),
        (
            schema({"name": "id", "constraints": {"minLength": 1}}),
            "field-error",
            "/resources/0/schema/fields/0/constraints/minLength",
            "type any, got minLength",
        ),
        (
            version_1(schema({"name": "i", "type": "geojson", "constraints": {"maxLength": 1}})),
            "field-error",
            "/resources/0/schema/fields/0/constraints/maxLength",
            "type geojson",
        ),
        (
            version_1(schema(foreignKeys=[{"fields": "id"}])),
            "schema-error",
            "/resources/0/schema/foreignKeys/0",
            "an object with reference",
        ),
        (
            schema(primaryKey=["idd"]),
            "schema-error",
            "/resources/0/schema/primaryKey/0",
            'did you mean "id"',
        ),
        (
            schema(uniqueKeys=[["id", "no"]]),
            "schema-error",
            "/resources/0/schema/uniqueKeys/0/1",
            '"no"',
        ),
        (
            schema(foreignKeys=[{"fields": "no", "reference": {"fields": "id"}}]),
            "schema-error",
            "/resources/0/schema/foreignKeys/0/fields",
            '"no"',
        ),
        (
            schema(
                *({"name": "id"}, {"name": "up"}),
                foreignKeys=[{"fields": ["id"], "reference": {"fields": ["id", "up"]}}],
            ),
            "schema-error",
            "/resources/0/schema/foreignKeys/0/reference/fields",
            "as many fields",
        ),
        (
            schema(
                foreignKeys=[{"fields": "id", "reference": {"resource": "r-0", "fields": "id"}}]
            ),
            "schema-error",
            "/resources/0/schema/foreignKeys/0/reference/resource",
            'did you mean "r0"',
        ),
        (
            schema(foreignKeys=[{"fields": "id", "reference": {"fields": "no"}}]),
            "schema-error",
            "/resources/0/schema/foreignKeys/0/reference/fields",
            "a field of r0",
        ),
        (
            schema(fieldsMatch="exakt"),
            "schema-error",
            "/resources/0/schema/fieldsMatch",
            'did you mean "exact"',
        ),
        (
            schema({"name": "id", "type": "boolean", "constraints": {"minimum": 1}}),
            "field-error",
            "/resources/0/schema/fields/0/constraints",
            "minimum",
        ),
        (
            schema({"name": "id", "type": "string", "constraints": {"pattern": "("}}),
            "field-error",
            "/resources/0/schema/fields/0/constraints/pattern",
            "regular expression",
        ),
        (
            version_1(
                schema({"name": "i", "type": "integer", "constraints": {"exclusiveMinimum": 1}})
            ),
            "field-error",
            "/resources/0/schema/fields/0/constraints/exclusiveMinimum",
            "version 2.0",
        ),
        (
            version_1(schema(missingValues=[{"value": ""}])),
            "schema-error",
            "/resources/0/schema/missingValues/0",
            "version 2.0",
        ),
        (
            version_1(descriptor({"name": "Upper Case", "path": "a.csv"})),
            "resource-error",
            "/resources/0/name",
            "lower-case",
        ),
        (
            version_1(table("a.csv", profile="tabular-data-resource")),
            "resource-error",
            "/resources/0",
            "an object with schema",
        ),
    ],
)
def test_a_descriptor_that_breaks_the_standard_has_one_issue_at_its_place(
    found: object, rule: str, pointer: str, words: str, tmp_path: Path
) -> None:
    write(tmp_path / "p", found)
    package, issues = open_package(tmp_path / "p", tmp_path / "spill")
    assert package is None
    assert [(issue.rule, issue.places[0].pointer) for issue in issues] == [(rule, pointer)]
    assert words in issues[0].message
    place = issues[0].places[0]
    assert (place.file, place.line > 0, place.column > 0) == ("datapackage.json", True, True)
    if pointer.startswith("/resources/"):
        number = int(pointer.split("/")[2])
        assert issues[0].cell == Cell(json.loads(json.dumps(found))["resources"][number]["name"])


@pytest.mark.parametrize(
    ("members", "rule", "words"),
    [
        ({"encoding": "utf-9"}, "encoding-error", 'did you mean "utf-8"'),
        ({"compression": "rar"}, "compression-error", "gz, zip"),
    ],
)
def test_a_resource_that_nobody_can_read_leaves_the_others_to_be_judged(
    members: dict[str, Any], rule: str, words: str, tmp_path: Path
) -> None:
    found = descriptor({"path": "a.csv", **members}, {"path": "b.csv"})
    write(tmp_path / "p", found, a_csv=CSV, b_csv=CSV)
    package, issues = open_package(tmp_path / "p", tmp_path / "spill")
    (issue,) = issues
    at = f"/resources/0/{next(iter(members))}"
    assert (issue.rule, issue.places[0].pointer, issue.cell) == (rule, at, Cell("r0"))
    assert words in issue.message
    assert package is not None
    assert [len(resource.files) for resource in package.resources] == [0, 1]


def test_fields_of_one_name_are_a_warning_and_keys_mean_the_first(tmp_path: Path) -> None:
    found = schema({"name": "id"}, {"name": "id"}, primaryKey=["id"])
    issues = issues_of(found, tmp_path)
    assert [(i.rule, i.severity, i.places[0].pointer) for i in issues] == [
        ("field-name-repeated", "warning", "/resources/0/schema/fields/1/name")
    ]
    write(tmp_path / "p", found, a_csv=b"id,id\n1,5\n2,5\n2,6\n")
    result = CliRunner().invoke(main, ["validate", str(tmp_path / "p"), "--json"])
    (error,) = json.loads(result.stdout)["tasks"][0]["errors"]
    assert (error["type"], error["rowNumber"]) == ("primary-key", 4)


@pytest.mark.parametrize(("major", "rules"), [(1, []), (2, ["type-error"] * 3)])
def test_a_time_of_version_1_may_have_a_zone(major: int, rules: list[str], tmp_path: Path) -> None:
    found = schema({"name": "id", "type": "time"})
    data = b"id\n15:00:00\n15:00:00Z\n15:00:00+03:00\n15:00:00.5\n"
    write(tmp_path / "p", version_1(found) if major == 1 else found, a_csv=data)
    result = CliRunner().invoke(main, ["validate", str(tmp_path / "p"), "--json"])
    errors = json.loads(result.stdout)["tasks"][0]["errors"]
    assert [error["type"] for error in errors] == rules


def test_times_with_zones_are_one_key_where_they_are_one_moment(tmp_path: Path) -> None:
    found = schema({"name": "id", "type": "time", "constraints": {"unique": True}})
    data = b"id\n15:00:00\n15:00:00Z\n18:00:00+03:00\n15:00:01Z\n"
    write(tmp_path / "p", version_1(found), a_csv=data)
    result = CliRunner().invoke(main, ["validate", str(tmp_path / "p"), "--json"])
    errors = json.loads(result.stdout)["tasks"][0]["errors"]
    assert [(error["type"], error["rowNumber"]) for error in errors] == [("unique-error", 4)]


def field(kind: str, constraint: str, value: object, **members: Any) -> dict[str, Any]:
    return schema({"name": "x", "type": kind, "constraints": {constraint: value}, **members})


@pytest.mark.parametrize(
    ("found", "pointer"),
    [
        (field("integer", "minimum", "one"), "/constraints/minimum"),
        (field("integer", "enum", [1, "2", 2.5]), "/constraints/enum/2"),
        (field("number", "maximum", "1,5"), "/constraints/maximum"),
        (field("date", "minimum", "26.01.2023"), "/constraints/minimum"),
        (field("datetime", "minimum", "tomorrow"), "/constraints/minimum"),
        (field("time", "exclusiveMaximum", "25:00:00"), "/constraints/exclusiveMaximum"),
        (field("year", "minimum", "23"), "/constraints/minimum"),
        (field("yearmonth", "minimum", "2023-13"), "/constraints/minimum"),
        (field("duration", "minimum", "3 days"), "/constraints/minimum"),
        (field("boolean", "enum", ["perhaps"]), "/constraints/enum/0"),
        (field("string", "enum", ["a", 1]), "/constraints/enum/1"),
        (schema({"name": "x", "type": "integer", "categories": ["a"]}), "/categories/0"),
        (schema({"name": "x", "type": "date", "example": "26.1.23"}), "/example"),
    ],
)
def test_a_constraint_no_value_of_the_type_can_keep_is_an_issue(
    found: object, pointer: str, tmp_path: Path
) -> None:
    issues = issues_of(found, tmp_path)
    wanted = ("field-error", "/resources/0/schema/fields/0" + pointer)
    assert [(issue.rule, issue.places[0].pointer) for issue in issues] == [wanted]


@pytest.mark.parametrize(
    "found",
    [
        field("integer", "minimum", "1"),
        field("integer", "enum", [1, "2", 3.0]),
        field("number", "maximum", "1.000,5", decimalChar=",", groupChar="."),
        field("number", "enum", [1.5, "NaN", "INF"]),
        field("number", "minimum", "5 EUR", bareNumber=False),
        field("date", "minimum", "26.01.2023", format="%d.%m.%Y"),
        field("date", "minimum", "2023-01-26", format="%d.%m.%Y"),
        field("datetime", "minimum", "2023-01-26T10:00:00.5Z"),
        field("year", "minimum", "2023"),
        field("yearmonth", "enum", ["2023-01"]),
        field("duration", "minimum", "P1Y2M3DT4H5.5S"),
        field("boolean", "enum", ["yes", True], trueValues=["yes"]),
        field("string", "pattern", r"\p{L}+"),
        field("string", "pattern", r"(?=a)."),
        schema({"name": "x", "type": "date", "example": "26.1.2023", "format": "%d.%m.%Y"}),
        schema({"name": "x", "type": "integer", "categories": [{"value": 1, "label": "one"}]}),
    ],
)
def test_a_constraint_in_any_form_of_its_type_is_no_issue(found: object, tmp_path: Path) -> None:
    assert issues_of(found, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (b'{\n  "resources": [}', "datapackage.json:2:17", "expected a value"),
        (b'{"resources": [],\n "a": "\xe4"}', "datapackage.json:2:8", "UTF-8"),
        (b'{"a": 1,\n "a": 2}', "datapackage.json:2:2", "each key once"),
        (b"[1]", "datapackage.json:1:1", "an object"),
        (b"", "datapackage.json:1:1", "the end of the file"),
    ],
)
def test_a_descriptor_that_is_no_json_object_is_told_where(
    text: bytes, place: str, words: str, tmp_path: Path
) -> None:
    (issue,) = issues_of(text, tmp_path)
    assert (issue.rule, str(issue.places[0])) == ("package-error", place)
    assert words in issue.message


@pytest.mark.parametrize(
    ("found", "pointer"),
    [
        (descriptor({"data": [{"id": 1}]}), "/resources/0"),
        (table("a.xlsx", type="table"), "/resources/0"),
        (table("a.json", schema={"fields": FIELDS}), "/resources/0"),
        (table("a.csv", hash="crc32:00000000"), "/resources/0/hash"),
        (table("a.csv", missingValues=["-"]), "/resources/0/missingValues"),
        (schema({"name": "x", "required": True}), "/resources/0/schema/fields/0/required"),
        ({**table("a.csv"), "$schema": "https://example.org/own.json"}, "/$schema"),
        ({**version_1(table("a.csv")), "profile": "fiscal-data-package"}, "/profile"),
    ],
)
def test_what_is_not_checked_is_said(found: object, pointer: str, tmp_path: Path) -> None:
    (issue,) = issues_of(found, tmp_path)
    assert (issue.rule, issue.severity) == ("not-checked", "warning")
    assert issue.places[0].pointer == pointer


def test_a_foreign_key_into_what_is_not_checked_is_said(tmp_path: Path) -> None:
    key = {"fields": "id", "reference": {"resource": "r1", "fields": "id"}}
    own = {"path": "a.csv", "schema": {"fields": FIELDS, "foreignKeys": [key]}}
    issues = issues_of(descriptor(own, {"path": "b.xlsx", "type": "table"}), tmp_path)
    assert {issue.rule for issue in issues} == {"not-checked"}
    assert "/resources/0/schema/foreignKeys/0/reference" in {i.places[0].pointer for i in issues}


@pytest.mark.parametrize("algorithm", ["", "md5:", "sha1:", "SHA256:", "sha-512:"])
def test_a_digest_is_of_the_file_as_it_is_stored(algorithm: str, tmp_path: Path) -> None:
    packed = gzip.compress(CSV)
    name = algorithm.strip(":").replace("-", "").lower() or "md5"
    hash_ = algorithm + hashlib.new(name, packed).hexdigest()
    found = table("a.csv.gz", bytes=len(packed), hash=hash_)
    write(tmp_path / "p", found, a_csv_gz=packed)
    issues, stored = judged(tmp_path / "p", tmp_path / "spill")
    assert issues == []
    assert stored["r0"] == Stored(True, len(packed), hashlib.sha256(packed).hexdigest())


def test_bytes_and_digest_of_several_files_are_those_of_their_content_in_order(
    tmp_path: Path,
) -> None:
    parts = {"b_csv": b"id\r\n2\r\n", "a_csv": b"id\r\n1\r\n"}
    joined = b"".join(parts.values())
    hash_ = "sha256:" + hashlib.sha256(joined).hexdigest()
    found = descriptor({"path": ["b.csv", "a.csv"], "bytes": len(joined), "hash": hash_})
    write(tmp_path / "p", found, **parts)
    assert judged(tmp_path / "p", tmp_path / "spill")[0] == []
    (tmp_path / "p" / "a.csv").write_bytes(b"id\r\n3\r\n")
    (issue,), _ = judged(tmp_path / "p", tmp_path / "spill2")
    assert issue.rule == "hash-count"


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"bytes": 8}, "byte-count"),
        ({"hash": "0" * 32}, "hash-count"),
        ({"hash": "0" * 64}, "hash-count"),
        ({"bytes": 8, "hash": "0" * 32}, "byte-count"),
    ],
)
def test_a_file_of_another_size_or_digest_has_one_issue(
    members: dict[str, Any], rule: str, tmp_path: Path
) -> None:
    write(tmp_path / "p", table("a.csv", **members), a_csv=CSV)
    (issue,), stored = judged(tmp_path / "p", tmp_path / "spill")
    assert (issue.rule, issue.cell, issue.places[0].file) == (rule, Cell("r0"), "a.csv")
    assert stored["r0"].readable


def test_a_file_that_is_absent_hides_no_other_file(tmp_path: Path) -> None:
    found = descriptor({"path": "a.csv"}, {"path": "sub/b.csv", "bytes": 9})
    write(tmp_path / "p", found, a_csv=CSV)
    (tmp_path / "p" / "sub").mkdir()
    (tmp_path / "p" / "sub" / "b.csv").write_bytes(CSV)
    (tmp_path / "p" / "a.csv").unlink()
    issues, stored = judged(tmp_path / "p", tmp_path / "spill")
    assert [issue.rule for issue in issues] == ["scheme-error", "byte-count"]
    assert "nothing there" in issues[0].message
    assert (stored["r0"].readable, stored["r1"].readable) == (False, True)


@pytest.mark.parametrize(
    "path", ["./a.csv", "a$b.csv", "a%20b.csv", "a..b.csv", "12:30.csv", "ä.csv"]
)
def test_an_odd_name_below_the_package_is_a_file_like_any_other(path: str, tmp_path: Path) -> None:
    write(tmp_path / "p", table(path))
    (tmp_path / "p" / path).write_bytes(CSV)
    with ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.write(tmp_path / "p" / "datapackage.json", "datapackage.json")
        archive.write(tmp_path / "p" / path, path.removeprefix("./"))
    for n, name in enumerate(("p", "p.zip")):
        issues, stored = judged(tmp_path / name, tmp_path / f"spill{n}")
        assert (issues, stored["r0"].bytes) == ([], len(CSV))


def test_a_path_that_does_not_exist_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailure, match="got nothing there"):
        open_package(tmp_path / "no", tmp_path / "spill")


def test_a_folder_without_a_descriptor_is_an_issue(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    package, (issue,) = open_package(tmp_path / "p", tmp_path / "spill")
    assert package is None
    assert (issue.rule, issue.places[0].file) == ("package-error", "datapackage.json")


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and redirects where /to asks it to."""

    def do_GET(self) -> None:
        if not self.path.startswith("/to?"):
            return super().do_GET()
        self.send_response(302)
        self.send_header("Location", self.path.removeprefix("/to?"))
        self.end_headers()
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of a folder, without a slash at its end."""
    handler = partial(_Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_package_at_an_address_is_read_with_all_that_it_names(tmp_path: Path) -> None:
    found = table("data/a b.csv", schema="s.json", bytes=len(CSV))
    folder = write(tmp_path / "p", found, s_json=json.dumps({"fields": FIELDS}).encode())
    (folder / "data").mkdir()
    (folder / "data" / "a b.csv").write_bytes(CSV)
    with ZipFile(folder / "p.zip", "w") as archive:
        for name in ("datapackage.json", "s.json", "data/a b.csv"):
            archive.write(folder / name, name)
    with served(folder) as address:
        for n, end in enumerate(("/datapackage.json", "/", "/p.zip", "/to?/datapackage.json")):
            # A redirect is followed, and paths stay relative to the address that was named.
            package, issues = open_package(address + end, tmp_path / f"s{n}", remote=True)
            assert issues == []
            assert package is not None
            assert package.resources[0].files[0].local.read_bytes() == CSV
            assert file_issues(package)[0] == []


def test_an_address_is_not_fetched_unless_that_is_allowed(tmp_path: Path) -> None:
    with served(tmp_path) as address:
        for n, key in enumerate(("path", "schema", "dialect")):
            resource = {"path": "a.csv", key: f"{address}/x"}
            write(tmp_path / "p", descriptor(resource), a_csv=CSV)
            _, (issue,) = open_package(tmp_path / "p", tmp_path / f"spill{n}")
            assert (issue.rule, issue.places[0].pointer) == ("scheme-error", f"/resources/0/{key}")
            assert "--allow-remote" in issue.message
        with pytest.raises(UsageError, match="--allow-remote"):
            open_package(f"{address}/datapackage.json", tmp_path / "last")


def test_an_address_without_a_file_is_an_issue_of_its_resource(tmp_path: Path) -> None:
    with served(tmp_path) as address:
        found = descriptor({"path": f"{address}/no.csv"}, {"path": "a.csv"})
        write(tmp_path / "p", found, a_csv=CSV)
        package, (issue,) = open_package(tmp_path / "p", tmp_path / "spill", remote=True)
    assert (issue.rule, "404" in issue.message) == ("scheme-error", True)
    assert package is not None
    assert [len(resource.files) for resource in package.resources] == [0, 1]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_a_redirect_leads_to_no_other_scheme(target: str, tmp_path: Path) -> None:
    with served(tmp_path) as address:
        found = descriptor({"path": f"{address}/to?{target}"})
        write(tmp_path / "p", found)
        _, (issue,) = open_package(tmp_path / "p", tmp_path / "spill", remote=True)
    assert issue.rule == "scheme-error"
    assert "edirect" in issue.message


def test_a_file_at_an_address_is_no_larger_than_the_limit(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_bytes(b"x" * 100_000)
    with served(tmp_path) as address:
        write(tmp_path / "p", descriptor({"path": f"{address}/big.csv"}))
        limits = Limits(unpacked_bytes=50_000)
        spill = tmp_path / "spill"
        _, (issue,) = open_package(tmp_path / "p", spill, remote=True, limits=limits)
    assert issue.rule == "package-limit"
    assert list(spill.iterdir()) == []
