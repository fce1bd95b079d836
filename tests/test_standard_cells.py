"""Cells by type, format and constraint: text of CSV files, and columns of Parquet files."""

import datetime
import http.server
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standard_package import Verdict, judged, table

from dateline.build.standard.columns import proof
from dateline.build.standard.judge import judge
from dateline.build.standard.model import Field

# Type and further properties, texts that are valid, texts that are of another type.
TYPES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({"type": "string"}, ["a", " ", "1"], []),
    ({"type": "string", "format": "email"}, ["a@example.org"], ["a", "a@", "@b.org"]),
    ({"type": "string", "format": "uri"}, ["https://a.org/b", "urn:x:y"], ["a b", "a.org"]),
    ({"type": "string", "format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["1"]),
    ({"type": "string", "format": "binary"}, ["YQ==", "AAAA"], ["$$$$", "YQ"]),
    ({"type": "integer"}, ["1", "-1", "+1", "007", "9" * 30], ["1_0", " 5", "٣", "1.0", "0x1F"]),
    ({"type": "integer", "bareNumber": False}, ["95%", "EUR 95", "-3 m"], ["many"]),
    ({"type": "integer", "groupChar": ","}, ["1,234", "12"], ["1.234"]),
    ({"type": "number"}, ["1", "-1.5", ".5", "5.", "1E3", "nan", "INF", "-inf"],
     ["infinity", "1_0", " 5", "sNaN", "1,5", "٣", "+-5", "e5"]),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.234,5", "3"], ["1;5"]),
    ({"type": "number", "decimalChar": ","}, ["1,5"], ["1.5"]),
    ({"type": "number", "bareNumber": False}, ["95%", "$.5", "€ 3.50"], ["x"]),
    ({"type": "boolean"}, ["true", "True", "TRUE", "1", "false", "0"], ["yes", "tRUE"]),
    ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}, ["ja", "nein"], ["true"]),
    ({"type": "object"}, ["{}", '{"a": 1}'], ["[]", "x", '{"a": NaN}', "[" * 9999]),
    ({"type": "array"}, ["[]", "[1]"], ["{}", "x", "[Infinity]"]),
    ({"type": "list"}, ["a", "a,b"], []),
    ({"type": "list", "delimiter": ";", "itemType": "integer"}, ["1;2", "3"], ["1,2", "1;"]),
    ({"type": "list", "itemType": "date"}, ["2024-01-01,2024-01-02"], ["2024-1-1"]),
    ({"type": "date"}, ["2024-01-31", "0001-01-01"],
     ["2024-02-30", "2023-1-5", "26.01.2024", "0000-01-01", "2024-01-31 "]),
    ({"type": "date", "format": "%d/%m/%Y"}, ["31/01/2024"], ["2024-01-31"]),
    ({"type": "date", "format": "any"}, ["31 Jan 2024"], ["soon"]),
    ({"type": "datetime"}, ["2024-01-31T10:00:00Z", "2024-01-31T10:00:00.300-05:00"],
     ["2024-01-31 10:00:00", "2024-01-31", "2024-01-31T25:00:00"]),
    ({"type": "datetime", "format": "%d.%m.%Y %H:%M"}, ["31.01.2024 10:00"], ["x"]),
    ({"type": "time"}, ["10:00:00"], ["10:00", "10:00:00Z", "25:00:00"]),
    ({"type": "time", "format": "%H.%M"}, ["10.30"], ["10:30"]),
    ({"type": "year"}, ["2024", "20245", "-0044"], ["24", "0000", " 202", "+202"]),
    ({"type": "yearmonth"}, ["2024-01"], ["2024-1", "2024-13", "0000-01"]),
    ({"type": "duration"}, ["P1D", "-PT1.5S", "P1Y2M"], ["P", "PT", "P1W", "1 day", "P1.5D"]),
    ({"type": "geopoint"}, ["90.5, 45.5", "1,2"], ["181,0", "0,91", "1", "1_0,2"]),
    ({"type": "geopoint", "format": "array"}, ["[1, 2.5]"], ['["1", "2"]', "1,2", "[1]"]),
    ({"type": "geopoint", "format": "object"}, ['{"lon": 1, "lat": 2}'], ["{}", "[1,2]"]),
    ({"type": "geojson"}, ['{"type": "Point", "coordinates": [1, 2]}'], ["{}", "x", "[]"]),
    ({"type": "any"}, ["a", "1"], []),
]  # fmt: skip
# Type, constraints, valid texts, texts that break one constraint.
CONSTRAINTS: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    ("string", {"required": True}, ["a"], [""]),
    ("string", {"minLength": 2}, ["ab", "éé"], ["é"]),
    ("string", {"maxLength": 2}, ["éé"], ["abc"]),
    ("array", {"minLength": 1, "maxLength": 2}, ["[1]"], ["[]", "[1, 2, 3]"]),
    ("object", {"minLength": 1}, ['{"a": 1}'], ["{}"]),
    ("list", {"maxLength": 2}, ["a,b"], ["a,b,c"]),
    ("integer", {"minimum": 2, "maximum": "3"}, ["2", "03"], ["1", "4", "-999999999"]),
    ("integer", {"exclusiveMinimum": 2, "exclusiveMaximum": 4}, ["3"], ["2", "4"]),
    ("number", {"minimum": 0.1}, ["0.1", "0.10", "1"], ["0.09999999999999999999", "NaN"]),
    ("number", {"maximum": 0}, ["0", "-1e-400"], ["1e-400", "0.5"]),
    ("date", {"minimum": "2024-01-01"}, ["2024-01-01"], ["2023-12-31"]),
    ("datetime", {"maximum": "2024-01-01T00:00:00"}, ["2023-12-31T00:00:00"],
     ["2024-01-01T00:00:01", "2023-01-01T00:00:00Z"]),
    ("time", {"exclusiveMaximum": "12:00:00"}, ["11:59:59"], ["12:00:00"]),
    ("year", {"minimum": 2000}, ["2000"], ["1999"]),
    ("yearmonth", {"maximum": "2024-06"}, ["2024-06"], ["2024-07"]),
    ("duration", {"minimum": "P1M"}, ["P31D", "P1M"], ["P27D", "P30D"]),
    ("object", {"jsonSchema": {"required": ["a"]}}, ['{"a": 1}'], ["{}"]),
    ("string", {"pattern": "a|b"}, ["a", "b"], ["ab", "a\n", "ac"]),
    ("string", {"pattern": "^a.*$"}, ["a", "abc"], ["b", "a\n"]),
    ("string", {"pattern": r"\d+"}, ["12", "٣"], ["x", "1x"]),
    ("string", {"pattern": r"(?=a).+"}, ["ab"], ["b"]),
    ("string", {"pattern": r"(a)\1"}, ["aa"], ["a"]),
    ("string", {"enum": ["a", "b"]}, ["a"], ["c", "A"]),
    ("integer", {"enum": [1, "2"]}, ["1", "02"], ["3"]),
    ("number", {"enum": [1.5]}, ["1.5", "1.50"], ["1"]),
    ("boolean", {"enum": [True]}, ["true", "1"], ["false"]),
    ("object", {"enum": [{"a": 1}]}, ['{"a":1}'], ["{}"]),
]  # fmt: skip


def verdict(folder: Path, field: dict[str, Any], texts: list[str]) -> Verdict:
    """The verdict on a column of texts, beside a column that keeps rows from being blank."""
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    data = "f,n\n" + "".join(f"{text},1\n" for text in quoted)
    fields = [{"name": "f", **field}, {"name": "n", "type": "integer"}]
    return table(folder, data.encode(), fields)


@pytest.mark.parametrize(("field", "valid", "wrong"), TYPES)
def test_text_is_judged_as_the_standard_writes_a_type(
    tmp_path: Path, field: dict[str, Any], valid: list[str], wrong: list[str]
) -> None:
    found = verdict(tmp_path, field, [*valid, *wrong])
    first = len(valid) + 2
    expected = [(first + at, "f", "type-error") for at in range(len(wrong))]
    assert found.triples == expected


@pytest.mark.parametrize(("kind", "constraints", "valid", "wrong"), CONSTRAINTS)
def test_text_is_judged_by_its_constraints(
    tmp_path: Path, kind: str, constraints: dict[str, Any], valid: list[str], wrong: list[str]
) -> None:
    found = verdict(tmp_path, {"type": kind, "constraints": constraints}, [*valid, *wrong])
    first = len(valid) + 2
    expected = [(first + at, "f", "constraint-error") for at in range(len(wrong))]
    assert found.triples == expected


@pytest.mark.parametrize("kind", ["string", "integer"])
def test_a_value_has_to_be_one_of_the_categories(tmp_path: Path, kind: str) -> None:
    field = {"type": kind, "categories": [{"value": "1", "label": "low"}, {"value": "2"}]}
    assert verdict(tmp_path, field, ["1", "3", "2"]).triples == [(3, "f", "constraint-error")]


def test_missing_values_of_a_field_stand_before_those_of_the_schema(tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "a", "type": "integer", "missingValues": ["-"]},
        {"name": "b", "type": "integer"},
        {"name": "n", "type": "integer"},
    ]
    data = b"a,b,n\n-,NA,1\nNA,-,1\n,1,1\n1,,1\n"
    found = table(tmp_path, data, fields, missingValues=["", "NA"])
    assert found.triples == [(3, "a", "type-error"), (3, "b", "type-error"), (4, "a", "type-error")]


def test_a_hostile_pattern_takes_no_time(tmp_path: Path) -> None:
    field = {"type": "string", "constraints": {"pattern": "^(a+)+$"}}
    begin = time.monotonic()
    found = verdict(tmp_path, field, ["a" * 50 + "!", "a"])
    assert found.triples == [(2, "f", "constraint-error")]
    assert time.monotonic() - begin < 2


def test_a_hostile_pattern_that_needs_backtracking_is_given_up(tmp_path: Path) -> None:
    field = {"type": "string", "constraints": {"pattern": r"(?=a)(a|a)+(b|b)*\Z(?<!c)(?<=x)"}}
    begin = time.monotonic()
    found = verdict(tmp_path, field, ["a" * 40 + f"!{n}" for n in range(20)])
    assert {rule for _, _, rule in found.triples} == {"constraint-error"}
    assert time.monotonic() - begin < 5


def test_a_hostile_pattern_in_a_json_schema_takes_no_time(tmp_path: Path) -> None:
    schema = {"properties": {"a": {"pattern": "^(a+)+$"}}}
    field = {"type": "object", "constraints": {"jsonSchema": schema}}
    begin = time.monotonic()
    found = verdict(tmp_path, field, ['{"a": "' + "a" * 50 + '!"}', '{"a": "a"}'])
    assert found.triples == [(2, "f", "constraint-error")]
    assert time.monotonic() - begin < 2


def test_nothing_is_fetched_for_a_json_schema(tmp_path: Path) -> None:
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        schema = {"$ref": f"http://127.0.0.1:{server.server_port}/schema.json"}
        field = {"type": "object", "constraints": {"jsonSchema": schema}}
        found = verdict(tmp_path, field, ['{"a": 1}'])
        server.shutdown()
    assert {rule for _, _, rule in found.triples} == {"constraint-error"}
    assert asked == []


def test_a_pattern_that_nobody_can_read_is_one_issue(tmp_path: Path) -> None:
    field = {"type": "string", "constraints": {"pattern": "(a"}}
    found = verdict(tmp_path, field, ["a", "b"])
    assert [(i.rule, i.cell.row) for i in found.issues if i.cell] == [("constraint-error", 0)]


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ({"type": "date"}, "26.01.2023", "write dates as YYYY-MM-DD, e.g. 2023-01-26"),
        ({"type": "date"}, "1/26/2023", "write dates as YYYY-MM-DD, e.g. 2023-01-26"),
        ({"type": "date"}, "44952", "here 2023-01-26"),
        ({"type": "date"}, "2023-01-26T00:00:00", "write 2023-01-26"),
        ({"type": "datetime"}, "2023-01-26 10:00", "e.g. 2023-01-26T10:00:00"),
        ({"type": "integer"}, "1,234", 'write 1234, or declare "groupChar": ","'),
        ({"type": "integer"}, "1.234.567", 'write 1234567, or declare "groupChar": "."'),
        ({"type": "integer"}, "5.0", "write 5"),
        ({"type": "number"}, "1.234,5", '"groupChar": "." and "decimalChar": ","'),
        ({"type": "number"}, "3,5", 'write 3.5, or declare "decimalChar": ","'),
        ({"type": "number"}, "95%", 'declare "bareNumber": false'),
        ({"type": "number"}, "€ 3.50", 'declare "bareNumber": false'),
        ({"type": "integer"}, "N/A", 'leave the cell empty, or declare "missingValues"'),
        ({"type": "integer"}, "5 ", "remove the space around it"),
        ({"type": "integer"}, "\u00a05", "remove the space around it"),
        ({"type": "boolean"}, "yes", 'write true, or declare "trueValues": ["yes"]'),
        ({"type": "string", "constraints": {"enum": ["support"]}}, "suport", "did you mean"),
    ],
)
def test_a_message_says_what_to_do(
    tmp_path: Path, field: dict[str, Any], text: str, said: str
) -> None:
    found = verdict(tmp_path, field, [text])
    assert [message for message in found.messages if said not in message] == []
    assert len(found.messages) == 1
    assert found.messages[0].startswith("f: expected ")


SEEDS = [text for _, valid, wrong in TYPES for text in [*valid, *wrong] if len(text) < 50]
ALPHABET = "0123456789-+.:TZeExaé @/_\n٣"


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    st.sampled_from(
        [(f, {}) for f, _, _ in TYPES] + [({"type": k}, c) for k, c, _, _ in CONSTRAINTS]
    ),
    st.lists(st.sampled_from(SEEDS) | st.text(ALPHABET, max_size=12), min_size=1, max_size=8),
)
def test_what_is_proved_is_valid(made: tuple[dict[str, Any], Any], texts: list[str]) -> None:
    descriptor = {"name": "f", **made[0], "constraints": made[1]}
    form = descriptor.get("format", "default")
    field = Field("f", descriptor["type"], form, frozenset({""}), descriptor, "")
    of = judge(field)
    prove = proof(of)
    if prove is None:
        return
    proved = prove(pa.array([text or None for text in texts], pa.string())).to_pylist()
    wrong = [t for t, sure in zip(texts, proved, strict=True) if sure and of.problems_of(t)]
    assert wrong == []


def parquet(folder: Path, fields: list[dict[str, Any]], columns: Any, **schema: Any) -> Verdict:
    """The verdict on one Parquet file."""
    pq.write_table(pa.table(columns), folder / "t.parquet")
    item = {"name": "t", "path": "t.parquet", "schema": {"fields": fields, **schema}}
    return judged(folder, [item])


DAY = datetime.date(2024, 1, 31)
MOMENT = datetime.datetime(2024, 1, 31, 10)
WRONG, BROKEN = ["type-error"], ["constraint-error"]
COLUMNS: list[tuple[dict[str, Any], pa.Array, list[str]]] = [
    ({"type": "integer"}, pa.array([1, None, 3]), []),
    ({"type": "integer"}, pa.array([1.0, 1.5, None]), WRONG),
    ({"type": "integer", "constraints": {"minimum": 2}}, pa.array([1, 2, None]), BROKEN),
    ({"type": "integer", "constraints": {"enum": [1]}}, pa.array([1, 2, None]), BROKEN),
    ({"type": "integer", "constraints": {"required": True}}, pa.array([1, None]), BROKEN),
    ({"type": "integer"}, pa.array([2**64 - 1], pa.uint64()), []),
    ({"type": "number"}, pa.array([1.5, None]), []),
    ({"type": "number", "constraints": {"maximum": 0.1}}, pa.array([0.1, 0.2]), BROKEN),
    ({"type": "number"}, pa.array([Decimal("1.50"), None]), []),
    ({"type": "boolean"}, pa.array([True, None]), []),
    ({"type": "boolean"}, pa.array([1, 0]), WRONG),
    ({"type": "string"}, pa.array(["a", None], pa.large_string()), []),
    ({"type": "string"}, pa.array(["a", "b"]).dictionary_encode(), []),
    ({"type": "string"}, pa.array([1, 2]), WRONG),
    ({"type": "date"}, pa.array([DAY, None]), []),
    ({"type": "date"}, pa.array(["2024-01-31", "26.01.2024"]), WRONG),
    ({"type": "date"}, pa.array([MOMENT]), WRONG),
    ({"type": "datetime"}, pa.array([MOMENT], pa.timestamp("us", "UTC")), []),
    ({"type": "datetime"}, pa.array([DAY]), WRONG),
    ({"type": "time"}, pa.array([datetime.time(10)]), []),
    ({"type": "duration", "constraints": {"minimum": "PT2H"}},
     pa.array([datetime.timedelta(hours=1), datetime.timedelta(hours=3)]), BROKEN),
    ({"type": "array"}, pa.array([["a"], [], None]), []),
    ({"type": "array", "constraints": {"minLength": 1}}, pa.array([["a"], []]), BROKEN),
    ({"type": "list", "itemType": "integer"}, pa.array([[1], [1, None]]), WRONG),
    ({"type": "list", "itemType": "integer"}, pa.array([["a"]]), WRONG),
    ({"type": "object"}, pa.array([{"a": 1}, None]), []),
    ({"type": "object"}, pa.array([["a"]]), WRONG),
    ({"type": "geopoint"}, pa.array([[1.5, 2.0], [200.0, 0.0]]), WRONG),
    ({"type": "year"}, pa.array([2024, None]), []),
    ({"type": "any"}, pa.array([b"x"]), []),
]  # fmt: skip


@pytest.mark.parametrize(("field", "column", "expected"), COLUMNS)
def test_a_parquet_column_is_judged_by_its_type_and_values(
    tmp_path: Path, field: dict[str, Any], column: pa.Array, expected: list[str]
) -> None:
    fields = [{"name": "f", **field}, {"name": "n", "type": "integer"}]
    found = parquet(tmp_path, fields, {"f": column, "n": pa.array([1] * len(column))})
    assert [rule for _, _, rule in found.triples] == expected


def test_rows_of_parquet_are_numbered_as_frictionless_does(tmp_path: Path) -> None:
    fields = [{"name": "f", "type": "integer", "constraints": {"minimum": 2}}]
    found = parquet(tmp_path, fields, {"f": pa.array([2, 1])})
    assert [(i.cell.row, i.places[0].row) for i in found.issues if i.cell] == [(3, 2)]


@pytest.mark.parametrize("damage", ["cut", "empty", "text"])
def test_a_file_that_is_no_parquet_is_one_issue(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"f": list(range(1000))}), path)
    data = path.read_bytes()
    path.write_bytes({"cut": data[:-20], "empty": b"", "text": b"f\n1\n"}[damage])
    item = {"name": "t", "path": "t.parquet", "schema": {"fields": [{"name": "f"}]}}
    assert [issue.rule for issue in judged(tmp_path, [item]).issues] == ["source-error"]


def test_damage_within_a_parquet_file_is_one_issue(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"f": [f"x{n}" for n in range(9000)]}), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[4:60] = bytes(56)
    path.write_bytes(data)
    item = {"name": "t", "path": "t.parquet", "schema": {"fields": [{"name": "f"}]}}
    assert [issue.rule for issue in judged(tmp_path, [item]).issues] == ["source-error"]
