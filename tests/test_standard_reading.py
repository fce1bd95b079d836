"""Delimited text as people and spreadsheets write it: dialects, odd records, places, encodings."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standard_package import PLAIN, by_frictionless, judged, table

from dateline.build.standard.blocks import blocks
from dateline.build.standard.model import Dialect
from dateline.build.standard.rows import rows_of
from dateline.build.standard.text import Text

AB: list[dict[str, Any]] = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]


def read(data: bytes, width: int, size: int, empty_is_null: bool) -> list[list[str | None]]:
    """The records of a text, in rows of `width`, by way of blocks."""
    text = Text(io.BytesIO(data), "utf-8")
    found: list[list[str | None]] = []
    for block in blocks(text, Dialect(), not empty_is_null, size):
        rows = rows_of(block, Dialect(), width, empty_is_null)
        found += map(list, zip(*(column.to_pylist() for column in rows.columns), strict=True))
    return found


PIECES = ['"', '""', ",", "\n", "\r\n", "\r", "a", "é", "\u2028", "b c", "\x0b", ' "', "\x00"]


@settings(max_examples=250, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.integers(1, 3), st.booleans())
def test_blocks_of_any_size_hold_the_records_of_the_csv_reader(
    pieces: list[str], width: int, empty_is_null: bool
) -> None:
    data = "".join(pieces).encode()
    lines = (line.decode() for line in data.splitlines(keepends=True))
    expected = []
    for cells in csv.reader(lines):
        row: list[str | None] = [*cells, *[None] * width][:width]
        expected.append([cell or None for cell in row] if empty_is_null else row)
    for size in (1, 7, 1 << 20):
        assert read(data, width, size, empty_is_null) == expected, size


@pytest.mark.parametrize(
    ("dialect", "data"),
    [
        ({"delimiter": ";"}, b"a;b\n1;x\nx;y\n"),
        ({"delimiter": "\t"}, b"a\tb\n1\tx\nx\ty\n"),
        ({"quoteChar": "'"}, b"a,b\n'1','x,y'\nx,y\n"),
        ({"skipInitialSpace": True}, b"a, b\n 1, x\nx, y\n"),
        ({"escapeChar": "\\", "doubleQuote": False}, b'a,b\n1,"x\\"y"\nx,y\n'),
        ({"commentChar": "#"}, b"a,b\n#note\n1,x\n# other, one\nx,y\n"),
        ({"commentRows": [2]}, b"a,b\nnote\n1,x\nx,y\n"),
        ({"headerRows": [2]}, b"title\na,b\n1,x\nx,y\n"),
        ({"headerRows": [1, 2], "headerJoin": ""}, b"a,b\n,\n1,x\nx,y\n"),
        ({"header": False}, b"1,x\nx,y\n"),
        ({"header": False, "commentRows": [1]}, b"note\n1,x\nx,y\n"),
    ],
)
@pytest.mark.parametrize("size", [8, 1 << 20])
def test_a_dialect_is_read_as_frictionless_reads_it(
    tmp_path: Path, dialect: dict[str, Any], data: bytes, size: int
) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    item = {"name": "t", "path": "t.csv", "dialect": {**PLAIN, **dialect}, "schema": {"fields": AB}}
    found = judged(tmp_path, [item], size)
    assert found.triples == by_frictionless(tmp_path, [item])
    assert [rule for _, _, rule in found.triples] == ["type-error"]
    places = [issue.places[0] for issue in found.issues]
    assert [place.line for place in places] == [data.count(b"\n")]


def test_the_null_sequence_of_a_dialect_is_null(tmp_path: Path) -> None:
    found = table(tmp_path, b"a,b\n\\N,x\n", AB, dialect={"nullSequence": "\\N"})
    assert found.triples == []


def test_a_delimiter_of_two_characters_is_one_issue(tmp_path: Path) -> None:
    found = table(tmp_path, b"a||b\n1||x\n", AB, dialect={"delimiter": "||"})
    assert [(i.rule, i.places[0].file) for i in found.issues] == [("source-error", "t.csv")]


@pytest.mark.parametrize("size", [10, 1 << 20])
def test_places_count_lines_and_characters_also_after_cells_of_several_lines(
    tmp_path: Path, size: int
) -> None:
    data = 'a,b\n1,"été\nzwei"\nx,y\n2,"é","z"\n"x","y"\n'.encode()
    found = table(tmp_path, data, AB, size)
    places = [(i.rule, *_numbers(i.places[0])) for i in found.issues]
    assert sorted(places) == [
        ("extra-cell", 5, 7, 3),
        ("type-error", 4, 1, 2),
        ("type-error", 6, 1, 4),
    ]
    assert found.tasks[0].rows == 4


def _numbers(place: Any) -> tuple[int, int, int]:
    return place.line, place.column, place.row


@pytest.mark.parametrize("size", [12, 1 << 20])
@pytest.mark.parametrize("stray", [b'2,5" wide\n', b'2,"a"b\n', b'2, "a,b"\n'])
def test_a_stray_quote_is_read_as_the_csv_reader_does_and_what_follows_too(
    tmp_path: Path, stray: bytes, size: int
) -> None:
    data = b"a,b\n1,x\n" + stray + b'3,"y"\nx,z\n' * 3
    (tmp_path / "t.csv").write_bytes(data)
    item = {"name": "t", "path": "t.csv", "dialect": PLAIN, "schema": {"fields": AB}}
    found = judged(tmp_path, [item], size)
    assert found.triples == by_frictionless(tmp_path, [item])
    assert [i.places[0].line for i in found.issues if i.rule == "type-error"] == [5, 7, 9]


def test_a_quote_that_never_closes_takes_the_rest_of_the_file(tmp_path: Path) -> None:
    found = table(tmp_path, b'a,b\n1,"x\n2,y\n3,z\n', AB)
    assert found.triples == []
    assert found.tasks[0].rows == 1


def test_a_byte_order_mark_is_a_warning_with_the_way_to_save_without(tmp_path: Path) -> None:
    found = table(tmp_path, b"\xef\xbb\xbfa,b\n1,x\n", AB)
    assert [(i.rule, i.severity) for i in found.issues] == [("csv-bom", "warning")]
    assert "without BOM" in found.messages[0]


@pytest.mark.parametrize(
    "data",
    [b"a,b\n1,x\n2,\xe9\n3,z\n", b'a,b\n1,"x"\n2,"\xe9"\n3,z\n', b"a,b\n1,x\n2,\xe9,q\n3,z\n"],
)
@pytest.mark.parametrize("size", [9, 1 << 20])
def test_bytes_that_are_no_utf8_are_one_issue_at_their_line(
    tmp_path: Path, data: bytes, size: int
) -> None:
    found = table(tmp_path, data, AB, size)
    assert [(i.rule, i.places[0].line) for i in found.issues] == [("encoding-error", 3)]
    assert found.messages == [
        "expected text in utf-8, got the byte 0xe9; save the file as UTF-8, or name its "
        'encoding in the descriptor, as in "encoding": "cp1252"'
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "latin-1", "utf-8-sig"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    fields = [AB[0], {"name": "b", "constraints": {"enum": ["été"]}, "type": "string"}]
    found = table(tmp_path, "a,b\n1,été\nx,été\n".encode(encoding), fields, encoding=encoding)
    errors = [i for i in found.issues if i.severity == "error"]
    assert [(i.rule, i.places[0].line) for i in errors] == [("type-error", 3)]


def test_bytes_that_are_not_in_the_encoding_named_are_one_issue(tmp_path: Path) -> None:
    found = table(tmp_path, b"a,b\n1,x\n2,\x81\n", AB, encoding="cp1252")
    assert [(i.rule, i.places[0].line) for i in found.issues] == [("encoding-error", 3)]


def test_an_unknown_encoding_is_one_issue(tmp_path: Path) -> None:
    found = table(tmp_path, b"a,b\n1,x\n", AB, encoding="klingon")
    assert [issue.rule for issue in found.issues] == ["encoding-error"]


def test_an_empty_file_is_one_issue(tmp_path: Path) -> None:
    assert [i.rule for i in table(tmp_path, b"", AB).issues] == ["source-error"]


def test_a_spreadsheet_with_semicolons_is_one_issue_that_names_both_ways_out(
    tmp_path: Path,
) -> None:
    found = table(tmp_path, b"a;b\n1;x\n2;y\n", AB)
    assert found.messages == [
        'expected cells with "," between, got ";" between; save the file with ",", or declare '
        '"dialect": {"delimiter": ";"}'
    ]


@pytest.mark.parametrize(
    ("labels", "match", "expected"),
    [
        ("a,b", "exact", []),
        ("b,a", "exact", ["incorrect-label", "incorrect-label"]),
        ("A,b", "exact", ["incorrect-label"]),
        ("a", "exact", ["missing-label"]),
        ("a,b,c", "exact", ["extra-label"]),
        ("a,a", "exact", ["duplicate-label"]),
        (",b", "exact", ["blank-label"]),
        ("b,a", "equal", []),
        ("b", "equal", ["missing-label"]),
        ("b,a,c", "equal", ["extra-label"]),
        ("c,b,a", "subset", []),
        ("c,b", "subset", ["missing-label"]),
        ("b", "superset", []),
        ("b,c", "superset", ["extra-label"]),
        ("c,b", "partial", []),
        ("c,d", "partial", ["unmatched-header"]),
        ("b,b", "equal", ["duplicate-label", "missing-label"]),
    ],
)
def test_labels_match_the_fields_as_the_schema_asks(
    tmp_path: Path, labels: str, match: str, expected: list[str]
) -> None:
    found = table(tmp_path, f"{labels}\n".encode(), AB, fieldsMatch=match)
    assert sorted(rule for _, _, rule in found.triples) == expected


def test_an_empty_line_for_a_header_is_one_issue(tmp_path: Path) -> None:
    found = table(tmp_path, b"\n1,x\ny,z\n", AB)
    assert found.triples == [(0, "", "blank-header"), (3, "a", "type-error")]


def test_columns_matched_by_name_are_judged_by_their_own_field(tmp_path: Path) -> None:
    found = table(tmp_path, b"b,a\nx,1\n2,y\n", AB, fieldsMatch="equal")
    assert found.triples == [(3, "a", "type-error")]


def test_a_renamed_column_is_named_with_the_label_it_should_have(tmp_path: Path) -> None:
    fields = [{"name": "deaths", "type": "integer"}, {"name": "place", "type": "string"}]
    found = table(tmp_path, b"Deaths,plcae\n1,x\n", fields)
    assert found.messages == [
        'expected the label deaths, got "Deaths"; it differs in case or spaces: write deaths',
        'expected the label place, got "plcae"; rename the column: did you mean "place"?',
    ]


@pytest.mark.parametrize(
    ("dialect", "first", "second"),
    [
        ({}, b"a,b\n1,x\n2,y\n", b"a,b\n3,x\n1,y\nz,y\n"),
        ({}, b"a,b\n1,x\n2,y\n", b"3,x\n1,y\nz,y\n"),
        ({"header": False}, b"0,h\n1,x\n2,y\n", b"3,x\n1,y\nz,y\n"),
        ({"commentRows": [2]}, b"a,b\nnote\n1,x\n", b"3,x\n1,y\nz,y\n"),
        ({"commentRows": [2]}, b"a,b\n#,#\n1,x\n", b"a,b\nnote\n1,y\nz,y\n"),
    ],
)
def test_several_files_are_one_table_whose_header_may_be_repeated(
    tmp_path: Path, dialect: dict[str, Any], first: bytes, second: bytes
) -> None:
    (tmp_path / "1.csv").write_bytes(first)
    (tmp_path / "2.csv").write_bytes(second)
    item = {
        "name": "t",
        "path": ["1.csv", "2.csv"],
        "dialect": dialect,
        "schema": {"fields": AB, "primaryKey": ["a"]},
    }
    found = judged(tmp_path, [item])
    assert found.triples == [(5, "", "primary-key"), (6, "a", "type-error")]
    lines = second.count(b"\n")
    places = [(issue.places[0].file, issue.places[0].line) for issue in found.issues]
    assert places == [("2.csv", lines), ("2.csv", lines - 1)]
    row = 2 + ("commentRows" in dialect)
    assert f"again after row {row} of 1.csv" in found.messages[1]


def test_a_header_is_repeated_only_where_it_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_bytes(b"a,b\n1,x\n")
    (tmp_path / "2.csv").write_bytes(b"b,a\n2,y\n")
    found = judged(tmp_path, [{"name": "t", "path": ["1.csv", "2.csv"], "schema": {"fields": AB}}])
    assert found.triples == [(3, "a", "type-error")]
    assert found.tasks[0].rows == 3


@pytest.mark.parametrize("first", [b"", b"#, note\n"])
def test_columns_that_neither_a_header_nor_a_schema_names_are_counted(
    tmp_path: Path, first: bytes
) -> None:
    (tmp_path / "t.csv").write_bytes(first + b"1,x\n2,y,z\n3\n")
    dialect = {"header": False, "commentChar": "#"} if first else {"header": False}
    found = judged(tmp_path, [{"name": "t", "path": "t.csv", "dialect": dialect}])
    row = 3 if first else 2
    assert found.triples == [(row, "", "extra-cell"), (row + 1, "field2", "missing-cell")]
    assert (found.tasks[0].fields, found.tasks[0].rows) == (2, 3)


def test_a_table_without_a_schema_has_a_label_for_each_column_and_each_once(
    tmp_path: Path,
) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,,a\n1,x,2\n")
    found = judged(tmp_path, [{"name": "t", "path": "t.csv"}])
    numbers = [(issue.rule, issue.cell.number) for issue in found.issues if issue.cell]
    assert numbers == [("blank-label", 2), ("duplicate-label", 3)]


def test_missing_labels_are_numbered_after_those_that_are_there(tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [{"name": name} for name in "abcd"]
    for match in ("exact", "equal"):
        found = table(tmp_path, b"a,b\n1,2\n", fields, fieldsMatch=match)
        numbers = [(issue.rule, issue.cell.number) for issue in found.issues if issue.cell]
        assert numbers == [("missing-label", 3), ("missing-label", 4)]


def test_a_column_that_is_left_out_is_the_one_to_be_named(tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [{"name": name} for name in "abc"]
    found = table(tmp_path, b"b,c\n1,2\n", fields)
    assert found.messages == [
        "expected 3 columns, c the last of them, got 2",
        'expected the label a, got "b"; is the column a missing?',
        'expected the label b, got "c"; is the column a missing?',
    ]


def test_a_byte_that_is_no_text_in_an_uneven_row_is_one_issue(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = table(tmp_path, b"a,b\n1,a\n2,\xf2\xe9,x\n3,b\n", AB)
    assert [(i.rule, i.places[0].line) for i in found.issues] == [("encoding-error", 3)]
    assert capfd.readouterr() == ("", "")


def test_a_table_without_a_schema_is_read_for_its_shape_alone(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,x\n2\n")
    found = judged(tmp_path, [{"name": "t", "path": "t.csv"}])
    assert [rule for _, _, rule in found.triples] == ["missing-cell"]
