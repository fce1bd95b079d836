"""Primary, unique and foreign keys: what counts as equal, what null means, what is reported."""

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standard_package import Verdict, judged, table

from dateline.build.standard.keys import Keys

INTEGER = {"name": "a", "type": "integer"}
TWO: list[dict[str, Any]] = [INTEGER, {"name": "b", "type": "string"}]


def keyed(folder: Path, kind: dict[str, Any], texts: list[str]) -> list[int]:
    """The rows that repeat a unique value."""
    field = {"name": "a", "constraints": {"unique": True}, **kind}
    quoted = "".join('"' + text.replace('"', '""') + '",1\n' for text in texts)
    found = table(folder, f"a,b\n{quoted}".encode(), [field, {"name": "b"}])
    assert {rule for _, _, rule in found.triples} <= {"unique-error"}
    return [row for row, _, _ in found.triples]


@pytest.mark.parametrize(
    ("kind", "texts", "rows"),
    [
        ({"type": "integer"}, ["1", "01", "+1", "2"], [3, 4]),
        ({"type": "number"}, ["1", "1.0", "1e0", "1.5", "1.50", "-0", "0"], [3, 4, 6, 8]),
        ({"type": "number"}, ["NaN", "nan"], []),
        ({"type": "boolean"}, ["true", "1", "0"], [3]),
        ({"type": "string"}, ["a", "A", "a ", "a"], [5]),
        ({"type": "date"}, ["2024-01-01", "2024-01-02", "2024-01-01"], [4]),
        ({"type": "datetime"}, ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00"], [3]),
        ({"type": "datetime"}, ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00"], []),
        ({"type": "duration"}, ["P1D", "PT24H", "P1M"], [3]),
        ({"type": "object"}, ['{"a":1,"b":2}', '{"b": 2, "a": 1}', "{}"], [3]),
        ({"type": "year"}, ["2024", "2024"], [3]),
        ({"type": "string"}, ["", ""], []),
    ],
)
def test_values_are_compared_not_texts(
    tmp_path: Path, kind: dict[str, Any], texts: list[str], rows: list[int]
) -> None:
    assert keyed(tmp_path, kind, texts) == rows


@pytest.mark.parametrize("size", [8, 1 << 20])
def test_a_repeated_key_names_the_row_before(tmp_path: Path, size: int) -> None:
    found = table(tmp_path, b"a,b\n1,x\n2,y\n01,z\n1,w\n", TWO, size, primaryKey=["a"])
    assert found.triples == [(4, "", "primary-key"), (5, "", "primary-key")]
    assert found.messages == [
        'a: expected it once, got "01" again after row 2',
        'a: expected it once, got "1" again after row 4',
    ]
    assert [issue.places[0].line for issue in found.issues] == [4, 5]


def test_no_part_of_a_primary_key_is_null(tmp_path: Path) -> None:
    found = table(tmp_path, b"a,b\n1,\n1,\n,x\n1,x\n", TWO, primaryKey=["a", "b"])
    assert found.triples == [(row, "", "primary-key") for row in (2, 3, 4)]


def test_a_primary_key_of_the_wrong_type_is_one_issue(tmp_path: Path) -> None:
    found = table(tmp_path, b"a,b\nx,1\nx,1\n", TWO, primaryKey=["a"])
    assert found.triples == [(2, "a", "type-error"), (3, "a", "type-error")]


def test_unique_keys_leave_out_nulls_and_are_a_rule_of_their_own(tmp_path: Path) -> None:
    data = b"a,b\n1,x\n1,y\n1,\n1,\n01,x\n"
    found = table(tmp_path, data, TWO, uniqueKeys=[["a", "b"]])
    assert found.triples == [(6, "", "unique-key")]


def related(folder: Path, child: bytes, parent: bytes, **more: Any) -> Verdict:
    """The verdict on a table whose a, or a and b, refer to those of another."""
    (folder / "child.csv").write_bytes(child)
    (folder / "parent.csv").write_bytes(parent)
    names = more.get("names", ["a"])
    key = {"fields": names, "reference": {"resource": "parent", "fields": names}}
    fields = more.get("fields", TWO)
    return judged(
        folder,
        [
            {"name": "child", "path": "child.csv", "schema": {"fields": TWO, "foreignKeys": [key]}},
            {"name": "parent", "path": "parent.csv", "schema": {"fields": fields}},
        ],
    )


def test_a_foreign_key_is_compared_by_value_and_nulls_refer_to_nothing(tmp_path: Path) -> None:
    found = related(tmp_path, b"a,b\n01,x\n2,x\n,x\n", b"a,b\n1,x\n3,x\n")
    assert found.triples == [(3, "", "foreign-key")]
    (message,) = found.messages
    assert message == 'a: expected a value of a of parent, got "2"; add the row or correct it'


def test_a_composite_key_with_a_null_part_refers_to_nothing(tmp_path: Path) -> None:
    child = b"a,b\n1,x\n1,y\n1,\n"
    found = related(tmp_path, child, b"a,b\n1,x\n2,y\n", names=["a", "b"])
    assert found.triples == [(3, "", "foreign-key")]


def test_values_of_two_kinds_are_never_equal(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}]
    found = related(tmp_path, b"a,b\n1,x\n", b"a,b\n1,x\n", fields=fields)
    assert found.triples == [(2, "", "foreign-key")]


def test_a_table_may_refer_to_itself(tmp_path: Path) -> None:
    fields = [{"name": "id", "type": "integer"}, {"name": "parent", "type": "integer"}]
    key = {"fields": ["parent"], "reference": {"fields": ["id"]}}
    found = table(tmp_path, b"id,parent\n1,\n2,1\n3,9\n", fields, foreignKeys=[key])
    assert found.triples == [(4, "", "foreign-key")]


@pytest.mark.parametrize("parent", [b"a,b\n1,\xff\n", b"a;b\n1;x\n", b""])
def test_of_a_target_that_cannot_be_read_its_own_issue_is_all_that_is_told(
    tmp_path: Path, parent: bytes
) -> None:
    found = related(tmp_path, b"a,b\n1,x\n2,x\n", parent)
    assert len(found.issues) == 1
    assert found.issues[0].rule != "foreign-key"


def test_of_a_target_without_the_column_its_own_issue_is_all_that_is_told(tmp_path: Path) -> None:
    found = related(tmp_path, b"a,b\n1,x\n2,y\n", b"a\n1\n", names=["b"])
    assert [issue.rule for issue in found.issues] == ["missing-label"]


def test_keys_of_parquet_and_csv_are_compared(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2, 2, None]}), tmp_path / "parent.parquet")
    (tmp_path / "child.csv").write_bytes(b"a,b\n1,x\n3,x\n")
    key = {"fields": ["a"], "reference": {"resource": "parent", "fields": ["a"]}}
    found = judged(
        tmp_path,
        [
            {"name": "child", "path": "child.csv", "schema": {"fields": TWO, "foreignKeys": [key]}},
            {
                "name": "parent",
                "path": "parent.parquet",
                "schema": {"fields": [INTEGER], "primaryKey": ["a"]},
            },
        ],
    )
    assert found.triples == [
        (3, "", "foreign-key"),
        (4, "", "primary-key"),
        (5, "", "blank-row"),
        (5, "", "primary-key"),
    ]


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=1, max_size=12)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from([0, 1 << 20]), st.sampled_from([1, 3, 100]))
def test_keys_are_the_same_held_in_memory_or_not_at_once_or_in_parts(
    mine: list[str | None], theirs: list[str | None], held: int, at_once: int
) -> None:
    with tempfile.TemporaryDirectory() as spill, Keys(Path(spill), held, at_once) as keys:
        for number, texts in enumerate((mine, theirs)):
            keys.create(number, ["k"])
            for first in range(0, len(texts), 5):
                keys.add(number, first, [pa.array(texts[first : first + 5], pa.string())])
        repeated = sorted(keys.repeated(0, ["k"]))
        dangling = sorted(row for (row,) in keys.dangling(0, ["k"], 1, ["k"], True))
    known: dict[str, int] = {}
    expected = []
    for row, text in enumerate(mine):
        if text is not None and text in known:
            expected.append((row, known[text]))
        if text is not None:
            known[text] = row
    assert repeated == expected
    assert dangling == [r for r, t in enumerate(mine) if t is not None and t not in theirs]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [("key", [3]), ("other", [2, 3])],
)
def test_a_key_may_refer_to_a_label_of_a_table_without_a_schema(
    tmp_path: Path, labels: str, rows: list[int]
) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,x\n2,y\n")
    (tmp_path / "r.csv").write_bytes(f"{labels}\n1\n".encode())
    key = {"fields": ["a"], "reference": {"resource": "r", "fields": ["key"]}}
    of = {"fields": TWO, "foreignKeys": [key]}
    items: list[dict[str, Any]] = [
        {"name": "t", "path": "t.csv", "schema": of},
        {"name": "r", "path": "r.csv"},
    ]
    found = judged(tmp_path, items)
    assert found.triples == [(row, "", "foreign-key") for row in rows]


def test_rows_of_several_parquet_files_are_counted_in_all(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2], "b": ["x", "y"]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"a": [3, 1], "b": ["x", None]}), tmp_path / "2.parquet")
    fields = [TWO[0], {**TWO[1], "constraints": {"required": True}}]
    item = {
        "name": "t",
        "path": ["1.parquet", "2.parquet"],
        "schema": {"fields": fields, "primaryKey": ["a"]},
    }
    found = judged(tmp_path, [item])
    assert found.triples == [(5, "", "primary-key"), (5, "b", "constraint-error")]
