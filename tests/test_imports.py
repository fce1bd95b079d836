"""`dateline import` as a command: formats, mappings, tables of documents, reports, folders."""

import csv
import json
import sys
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from imports import run, valid, written
from jsonschema import Draft202012Validator

from dateline.build.formats.mapping import load_mapping, shipped
from dateline.build.formats.reading import formats
from dateline.cli import main
from dateline.schema import read_json

TEXT = "The army left Orra."
FILES = {
    "a.txt": TEXT,
    "a.ann": "T1\tArmy 0 8\tThe army\nT2\tTown 14 18\tOrra\nR1\tIn Arg1:T1 Arg2:T2\n",
}
MAPPING = {
    "version": 1,
    "marks": {
        "Army": {
            "makes": "actor",
            "fields": {
                "entity_kind": "organization",
                "actor_type": {"from": "@label", "values": {"Army": "state_military"}},
            },
        },
        "T*": {"skip": "towns are no actors"},
    },
}


def invoked(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["import", *arguments])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path / "src", FILES)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(MAPPING), "utf-8")
    return path


def test_the_formats_are_listed_with_their_options() -> None:
    found = json.loads(invoked("--list", "--json").stdout)
    assert [each["name"] for each in found] == [
        "brat",
        "cas",
        "doccano",
        "label-studio",
        "muc",
        "rams",
        "w3c",
        "wikievents",
    ]
    assert found[0]["options"][0]["name"] == "annotators"
    told = invoked("--list").stdout
    assert all(f"{name}: {form.meaning}" in told for name, form in formats().items())


def test_another_distribution_can_add_a_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "lines-1.0.dist-info"
    written(
        tmp_path,
        {
            "lines_format.py": (
                "from dateline.build.formats.source import Document, Mark\n"
                "class Lines:\n"
                "    name, meaning, mapping, options = 'lines', 'a text alone', 'brat', ()\n"
                "    def find(self, paths): return list(paths)\n"
                "    def read(self, path, files, options):\n"
                "        text = path.read_text()\n"
                "        mark = Mark('m', 'Source', ((0, 3),))\n"
                "        yield Document('one', text, (mark,), file=str(path))\n"
                "FORMAT = Lines()\n"
            ),
            f"{info.name}/METADATA": "Name: lines\nVersion: 1.0\n",
            f"{info.name}/entry_points.txt": "[dateline.formats]\nlines = lines_format:FORMAT\n",
            "a.txt": TEXT,
        },
    )
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    assert PathDistribution(info).name == "lines"
    assert run("lines", tmp_path / "a.txt", tmp_path / "into").article["actors"][0]["name"] == "The"


@pytest.mark.parametrize("name", shipped())
def test_shipped_mappings_keep_to_the_schema(name: str) -> None:
    content = read_json(f"mappings/{name}.json")
    assert list(Draft202012Validator(read_json("mapping.schema.json")).iter_errors(content)) == []
    assert load_mapping(name).marks


def test_the_mapping_of_the_docs_keeps_to_the_schema(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "importing.md").read_text("utf-8")
    (tmp_path / "mapping.json").write_text(page.split("```json")[1].split("```")[0], "utf-8")
    assert "Attack" in load_mapping(tmp_path / "mapping.json").marks


def test_a_mapping_says_what_labels_make(source: Path, mapping: Path, tmp_path: Path) -> None:
    found = run("brat", source, tmp_path / "into", "--mapping", str(mapping))
    (actor,) = found.article["actors"]
    assert (actor["entity_kind"], actor["actor_type"]) == ("organization", "state_military")
    assert found.values["marks"]["Town"]["skipped"] == {"towns are no actors": 1}
    assert found.values["links"]["In"]["skipped"] == {
        "the mapping has no rule for such a link of Army": 1
    }
    valid(tmp_path / "into")


def test_a_description_has_labels_and_a_mapping_to_begin_with(source: Path, tmp_path: Path) -> None:
    found = json.loads(invoked("brat", str(source), "--describe", "--json").stdout)
    assert found["labels"]["Army"] == {
        "count": 1,
        "example": "The army",
        "attributes": {},
        "links": [{"label": "In", "to": "Town", "count": 1}],
    }
    path = tmp_path / "first.json"
    path.write_text(json.dumps(found["mapping"]), "utf-8")
    assert run("brat", source, tmp_path / "into", "--mapping", str(path)).code == 0
    assert "Army: 1, such as 'The army'" in invoked("brat", str(source), "--describe").stdout


def test_a_description_says_what_cannot_be_read(source: Path, tmp_path: Path) -> None:
    written(source, {"orphan.ann": ""})
    told = invoked("brat", str(source), "--describe")
    assert told.exit_code == 0
    assert (
        f"cannot be read: {source / 'orphan.ann'}: expected the text in orphan.txt" in told.stdout
    )
    found = json.loads(invoked("brat", str(source), "--describe", "--json").stdout)
    assert (found["documents"], len(found["unreadable"])) == (1, 1)
    alone = written(tmp_path / "alone", {"orphan.ann": ""})
    result = invoked("brat", str(alone), "--describe")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "orphan.ann: expected the text in orphan.txt" in result.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "expected JSON, which breaks off at column 2"),
        ("", "expected JSON, got an empty file"),
        (b"\xe4", "expected UTF-8"),
        ([], "the whole: expected object, got a list of 0; `dateline import --describe`"),
        ({"version": 1}, "'marks' is a required property; `dateline import --describe`"),
        ({"version": 1, "marks": {"A": 5}}, "/marks/A: expected object, got 5"),
        ({"version": 1, "marks": {"A": "x"}}, '/marks/A: expected object, got "x"'),
        ({"version": 1, "marks": {"A": [5]}}, "/marks/A/0: expected object, got 5"),
        ({"version": 1, "marks": {"A": []}}, "/marks/A"),
        ({"version": 2, "marks": {}}, "/version: expected 1, got 2"),
        ({"version": 1, "marks": {"A": {"make": "actor"}}}, 'got "make"; did you mean "makes"?'),
        ({"version": 1, "marks": {"A": {"makes": "actr"}}}, 'got "actr"; did you mean "actor"?'),
        (
            {"version": 1, "marks": {"A": {"makes": "actor", "skip": "x"}}},
            "/marks/A: expected either makes or skip, got both",
        ),
        (
            {"version": 1, "marks": {"A": {"span": "cue"}}},
            "/marks/A: expected either makes or skip, got neither",
        ),
        (
            {"version": 1, "marks": {"A": {"makes": "actor", "span": "x"}}},
            "expected one of mention",
        ),
        (
            {"version": 1, "marks": {"A": {"makes": "actor", "fields": {"name.x": "x"}}}},
            'expected the name of a field, such as location.country_code; got "name.x"',
        ),
        (
            {
                "version": 1,
                "marks": {
                    "A": {"makes": "actor", "fields": {"x": {"from": "y", "label_of": "rol"}}}
                },
            },
            'got "rol"; did you mean "role"?',
        ),
        ({"version": 1, "marks": {}, "sme": []}, 'got "sme"; did you mean "same"?'),
    ],
)
def test_a_wrong_mapping_is_told(content: Any, expected: str, source: Path, tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    result = invoked("brat", str(source), "--into", str(tmp_path / "into"), "--mapping", str(path))
    assert result.exit_code == 1
    assert expected in result.stderr
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_a_table_of_documents_fills_the_source(kind: str, source: Path, tmp_path: Path) -> None:
    rows = [
        ["\ufefffilename", "publisher", "publication_date", "title", "wire", "wordcount"],
        ["texts/a.txt", "Sade Herald", "2024-03-05", "Orra, again", "None", "4"],
        ["b", "Nobody", "", "", "", ""],
    ]
    table = tmp_path / f"table.{kind}"
    table.write_text("\n".join({"csv": ",", "tsv": "\t"}[kind].join(row) for row in rows), "utf-8")
    if kind == "csv":
        table.write_text(table.read_text("utf-8").replace("Orra, again", '"Orra, again"'), "utf-8")
    found = run("brat", source, tmp_path / "into", "--metadata", str(table), "--language", "en")
    assert found.article["source"] == {
        "language": "en",
        "publisher": "Sade Herald",
        "published_at": "2024-03-05",
        "headline": "Orra, again",
    }
    assert found.values["metadata_columns_unused"] == ["wordcount"]
    valid(tmp_path / "into")


def test_a_cell_that_does_not_end_is_told(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('id,title\na,"' + "x" * 2000, "utf-8")
    # Other libraries of this process may have raised it.
    before = csv.field_size_limit(1000)
    try:
        result = invoked(
            "brat", str(source), "--into", str(tmp_path / "a"), "--metadata", str(path)
        )
    finally:
        csv.field_size_limit(before)
    assert result.exit_code == 1
    assert "table.csv:2: expected the row of a table, got none" in result.stderr
    assert "mend its quotation marks" in result.stderr


def test_documents_that_the_table_lacks_are_named(source: Path, tmp_path: Path) -> None:
    written(source, {"b.txt": TEXT, "b.ann": ""})
    table = tmp_path / "table.csv"
    table.write_text("id,publisher\na,Sade Herald\nz,Nobody\n", "utf-8")
    options = ("--into", str(tmp_path / "a"), "--metadata", str(table))
    assert (
        "1 not in the table of documents, such as b\n"
        in invoked("brat", str(source), *options).stdout
    )
    found = run("brat", source, tmp_path / "b", "--metadata", str(table))
    assert found.values["metadata_rows_missing"] == ["b"]


@pytest.mark.parametrize(
    ("form", "files"),
    [
        ("doccano", {"a.jsonl": ""}),
        ("label-studio", {"a.json": "[]"}),
        ("rams", {"a.jsonlines": "\n"}),
        ("wikievents", {"coref.jsonl": '{"doc_key": "a", "clusters": []}'}),
        ("w3c", {"a.json": "[]"}),
    ],
)
def test_files_without_a_document_are_no_success(
    form: str, files: dict[str, str], tmp_path: Path
) -> None:
    folder = written(tmp_path / "s", files)
    result = invoked(form, str(folder), "--into", str(tmp_path / "into"))
    assert result.exit_code == 1
    assert f"{folder}: expected {formats()[form].meaning}; got files without" in result.stderr
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("publisher\nHerald\n", "expected a column that names the document"),
        ("id,publisher\na,x\na,y\n", "table.csv:3: expected each document once, got a again"),
    ],
)
def test_a_wrong_table_is_told(table: str, expected: str, source: Path, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(table, "utf-8")
    result = invoked("brat", str(source), "--into", str(tmp_path / "into"), "--metadata", str(path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert expected in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        ([], 2, "expected a FORMAT and its files; --list shows the formats"),
        (["brt", "SRC", "--into", "INTO"], 2, 'got brt; did you mean "brat"?'),
        (["brat", "SRC"], 2, "name it with --into"),
        (["brat", "nowhere", "--into", "INTO"], 3, "expected a file or folder, got nothing there"),
        (["brat", "SRC", "--into", "INTO", "--option", "x"], 2, "expected --option NAME=VALUE"),
        (["brat", "SRC", "--into", "INTO", "--option", "x=y"], 2, "which has annotators; got x"),
        (["brat", "SRC", "--into", "INTO", "--option", "annotators=y"], 2, "one of names, folders"),
        (["brat", "SRC", "--into", "INTO", "--annotator", "x"], 2, "none is named; got x"),
        (
            ["brat", "SRC", "--into", "INTO", "--annotator", "x", "--adjudicated"],
            2,
            "expected one of",
        ),
        (["rams", "SRC", "--into", "INTO"], 1, "got no such file"),
    ],
)
def test_wrong_usage_is_told(
    arguments: list[str], code: int, expected: str, source: Path, tmp_path: Path
) -> None:
    places = {"SRC": str(source), "INTO": str(tmp_path / "into"), "nowhere": str(tmp_path / "no")}
    result = invoked(*(places.get(each, each) for each in arguments))
    assert result.exit_code == code, result.stderr
    assert expected in result.stderr
    assert not (tmp_path / "into").exists()


def test_a_folder_with_files_is_left_as_it_is(source: Path, tmp_path: Path) -> None:
    into = written(tmp_path / "into", {"mine.txt": "mine"})
    result = invoked("brat", str(source), "--into", str(into))
    assert result.exit_code == 2
    assert [path.name for path in into.iterdir()] == ["mine.txt"]
    assert invoked("brat", str(source), "--into", str(into), "--force").exit_code == 0
    assert [path.name for path in into.iterdir()] == ["a.json"]


def test_the_same_files_give_the_same_bytes(source: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("brat", source, tmp_path / name)
    assert (tmp_path / "one/a.json").read_bytes() == (tmp_path / "two/a.json").read_bytes()


def test_names_of_files_are_ids_and_differ(tmp_path: Path) -> None:
    files = {f"{folder}/{name}": text for folder in ("x", "y") for name, text in FILES.items()}
    files["y/a.txt"] = TEXT + " And more."
    files |= {"Ünter Tag.txt": TEXT, "Ünter Tag.ann": ""}
    found = run("brat", written(tmp_path / "s", files), tmp_path / "into")
    assert sorted(found.articles) == ["x-nter-Tag", "x/a/a", "y/a/a"]


def test_the_report_says_what_became_of_each_label(source: Path, tmp_path: Path) -> None:
    told = invoked("brat", str(source), "--into", str(tmp_path / "into")).stdout
    assert told.split("\n") == [
        "Army: 1 read; nothing",
        "    1 skipped: the mapping has no rule for it",
        "Town: 1 read; nothing",
        "    1 skipped: the mapping has no rule for it",
        "link In: 1 read; nothing",
        "    1 skipped: Army, which it begins at, is skipped",
        "",
        "1 article; offsets in code-points (1)",
        f"imported into {tmp_path / 'into'}",
        f"next: `dateline validate {tmp_path / 'into'}`",
        "",
    ]
