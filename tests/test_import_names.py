"""Imports: ids, files and tables of documents, whatever the files of the source are called."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from imports import run, valid, written

from dateline.cli import main

TEXT = "The army left Orra."


def test_names_of_another_script_give_ids_that_differ(tmp_path: Path) -> None:
    files = {"一.txt": TEXT, "一.ann": "", "二.txt": f"{TEXT} It came back.", "二.ann": ""}
    found = run("brat", written(tmp_path / "s", files), tmp_path / "into")
    assert sorted(found.articles) == ["x-", "x--2"]
    valid(tmp_path / "into")


def test_files_may_be_named_from_here_and_from_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, {"s/a.txt": TEXT, "s/a.ann": "", "t/a.txt": "Other.", "t/a.ann": ""})
    monkeypatch.chdir(tmp_path)
    arguments = ["import", "brat", "s/a.ann", str(tmp_path / "t/a.ann"), "--into", "into"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.exception
    found = [json.loads(path.read_text("utf-8"))["id"] for path in Path("into").rglob("*.json")]
    assert sorted(found) == ["s/a/a", "t/a/a"]


def test_a_path_that_goes_up_leads_to_no_place_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, {"s/a.txt": TEXT, "s/a.ann": "", "t/u/b": ""})
    monkeypatch.chdir(tmp_path / "t")
    arguments = ["import", "brat", "u/../../s/a.ann", "--into", "into"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.exception
    assert [path.as_posix() for path in Path("into").rglob("*.json")] == ["into/a.json"]
    assert [path.name for path in tmp_path.rglob("*.json")] == ["a.json"]


@pytest.mark.parametrize("options", [(), ("--each-annotator",)])
def test_a_row_of_the_table_finds_its_text_by_the_name_of_the_file(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "table.csv").write_text("file,publisher\ntexts/a.txt,Sade Herald\n", "utf-8")
    source = {"source": "https://example.org/a.txt", "selector": []}
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://example.org/1",
        "type": "Annotation",
        "target": source,
    }
    files = {"p.json": json.dumps(page), "a.txt": TEXT}
    if options:
        files["q.json"] = json.dumps({**page, "id": "https://example.org/2"})
    folder = written(tmp_path / "s", files)
    table = ("--metadata", str(tmp_path / "table.csv"))
    found = run("w3c", folder, tmp_path / "into", *table, *options)
    assert len(found.articles) == 1 + len(options)
    assert all(a["source"]["publisher"] == "Sade Herald" for a in found.articles.values())
