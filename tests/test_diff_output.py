"""What `dateline diff` prints and writes: a text of 80 columns, JSON, a page, files of changes."""

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from diffs import ID, NAME, package, table

from dateline.cli import main

NASTY = "<b>\x1b[31m" + "x" * 200 + " שלום 漢字" * 30
KIND = {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b"]}}

GOLDEN = """\
small 1.0.0 -> small 1.1.0

things: 7 -> 8 rows; 2 added, 1 removed, 6 changed
  added    8
  added    9
  removed  1
  name: 1 changed
    2  "old" -> null
  kind: 6 changed
    2  "a" -> "b"
    3  "a" -> "b"
    4  "a" -> "b"
    5  "a" -> "b"
    6  "a" -> "b"
    … and 1 more
  kind "a": 100.0% -> 0.0% (7 -> 0)
  kind "b": 0.0% -> 100.0% (0 -> 8)
  name null: 0.0% -> 12.5% (0 -> 1)

loose: 2 -> 2 rows; 1 added, 1 removed
  KEY_MISSING  loose: no primary key that both packages have: rows are compared
    as a whole; a changed one is one removed and one added
  added    y
  removed  x

1 of 3 tables have the same rows

minor   ROWS_ADDED  things: 2 rows added
minor   ROWS_ADDED  loose: 1 row added
patch   METADATA_CHANGED  package: title was none, is "Small"
patch   ROWS_REMOVED  things: 1 row removed
patch   VALUES_CHANGED  things: 6 rows changed, in name, kind
patch   ROWS_REMOVED  loose: 1 row removed

bump required: minor (1.0.0 -> at least 1.1.0; 1.1.0 is enough): ROWS_ADDED
    things: 2 rows added, and 1 more
"""


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two packages with a table that has a key, one that has none, and one that is the same."""
    loose = {"name": "x", "type": "string"}
    old_rows = [["1", "n", "a"], ["2", "old", "a"], *([str(n), "n", "a"] for n in range(3, 8))]
    new_rows = [["2", "", "b"], *([str(n), "n", "b"] for n in range(3, 10))]
    sides = []
    for name, rows, cells, members in (
        ("old", old_rows, [["x"], ["z"]], {}),
        ("new", new_rows, [["z"], ["y"]], {"version": "1.1.0", "title": "Small"}),
    ):
        tables = (
            table(ID, NAME, KIND, rows=rows),
            table(loose, rows=cells, name="loose"),
            table(ID, rows=[["1"]], name="same"),
        )
        sides.append(package(tmp_path / name, *tables, **members))
    return sides[0], sides[1]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


def test_the_text_says_what_changed_and_which_bump_that_asks_for(pair: tuple[Path, Path]) -> None:
    result = run(*pair)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == GOLDEN


def test_the_same_package_asks_for_nothing(pair: tuple[Path, Path]) -> None:
    assert run(pair[0], pair[0]).stdout == (
        "small 1.0.0 -> small 1.0.0\n\n3 of 3 tables have the same rows\n\n"
        "no bump required: nothing has changed\n"
    )


def test_json_is_one_object(pair: tuple[Path, Path]) -> None:
    found = json.loads(run(*pair, "--json").stdout)
    assert (found["bump"], found["at_least"], found["enough"]) == ("minor", "1.1.0", True)
    assert found["refused"] is False
    assert [note["table"] for note in found["notes"]] == ["loose"]
    things = found["tables"][0]
    assert things["rows"] == [7, 8]
    assert things["columns"][2]["categories"] == {"a": [7, 0], "b": [0, 8]}
    assert things["columns"][1]["samples"] == [{"key": ["2"], "old": "old", "new": None}]


@pytest.fixture
def nasty(tmp_path: Path) -> tuple[Path, Path]:
    """Two packages whose names and values hold markup, control characters and long words."""
    field = {**NAME, "name": NASTY}
    old = package(tmp_path / "old", table(ID, field, rows=[["1", NASTY], ["2", "a"]]))
    new = package(
        tmp_path / "new",
        table(ID, field, rows=[["1", "b" + NASTY], ["2", NASTY * 2]]),
        title=NASTY,
        version="1.0.1",
    )
    return old, new


def test_no_line_is_wider_than_a_terminal(nasty: tuple[Path, Path]) -> None:
    from rich.cells import cell_len

    text = run(*nasty).stdout
    assert "\x1b" not in text
    assert [line for line in text.splitlines() if cell_len(line) > 80] == []


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def page(result: Result, path: Path) -> Page:
    assert (result.exit_code, result.stderr) == (0, "")
    text = path.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>\n")
    made = Page(text)
    assert made.open == []
    return made


def test_the_page_says_what_the_text_says(pair: tuple[Path, Path], tmp_path: Path) -> None:
    found = page(run(*pair, "--html", tmp_path / "page.html"), tmp_path / "page.html")
    for words in ("7 → 8 rows; 2 added", "ROWS_REMOVED", "1 row removed", "no primary key", "same"):
        assert words in found.text
    links = [link["href"] for link in found.all("a")]
    assert links == [f"#{each['id']}" for each in found.all("h2") if "id" in each]
    assert len(links) == 2


def test_the_page_needs_nothing_else_and_is_used_by_keyboard(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    found = page(run(*pair, "--html", tmp_path / "page.html"), tmp_path / "page.html")
    assert {tag for tag, _ in found.elements} & {"script", "link", "img", "iframe"} == set()
    assert not any("src" in each or "onclick" in each for _, each in found.elements)
    for word in ("url(", "@import", "http"):
        assert word not in found.text
    for word in (
        "color-scheme: dark",
        "@media print",
        "max-width: 40rem",
        ":focus-visible",
    ):
        assert word in found.text
    assert found.all("html") == [{"lang": "en"}]
    grids = [each for each in found.all("div") if each.get("class") == "grid"]
    assert [(each["tabindex"], each["role"]) for each in grids] == [("0", "region")] * 2
    assert all(each["aria-label"] for each in grids)
    assert all(each["data-head"] for each in found.all("td"))


def test_what_packages_hold_is_no_markup(nasty: tuple[Path, Path], tmp_path: Path) -> None:
    found = page(run(*nasty, "--html", tmp_path / "page.html"), tmp_path / "page.html")
    assert found.all("b") == []
    assert "<b>\\u001b[31mxxx" in found.text
    assert "\x1b" not in found.text


def test_files_of_changes_replace_only_what_may_be_replaced(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    refused = run(*pair, "--changes", mine)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]
    assert run(*pair, "--changes", mine, "--force").exit_code == 0
    assert sorted(path.name for path in mine.iterdir()) == ["loose.parquet", "things.parquet"]


def test_files_of_changes_never_replace_a_package(
    pair: tuple[Path, Path], example_package: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(example_package, mine)
    files = sorted(mine.rglob("*"))
    refused = run(*pair, "--changes", mine)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "expected a folder for changes, got a data package" in refused.stderr
    for folder in (mine, mine.parent):
        refused = run(mine, pair[1], "--changes", folder, "--force")
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "holds a package that is compared" in refused.stderr
    assert sorted(mine.rglob("*")) == files


@pytest.mark.parametrize("name", ["", "nowhere/page.html", "file/page.html", "n" * 256])
def test_a_page_that_cannot_be_written_is_told(
    name: str, pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    before = sorted(tmp_path.iterdir())
    result = run(*pair, "--html", name, "--changes", "changes")
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"Error: {Path(name)}: cannot be written to: " in result.stderr
    assert result.stderr.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_page_stands_outside_of_the_files_of_changes(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    refused = run(*pair, "--changes", out, "--html", out / "page.html")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "is inside the folder of changes" in refused.stderr
    assert not out.exists()


def test_names_of_tables_are_shown_as_they_can_be_seen(tmp_path: Path) -> None:
    old, new = (
        package(
            tmp_path / side,
            table(ID, NAME, rows=[["1", side]], name="t", resource={"name": 't\x1b"<b>'}),
        )
        for side in ("old", "new")
    )
    found = page(run(old, new, "--html", tmp_path / "page.html"), tmp_path / "page.html")
    assert "\x1b" not in (tmp_path / "page.html").read_text("utf-8")
    assert 'Changed values of t\\u001b"<b>' in [each.get("aria-label") for each in found.all("div")]


def test_the_same_packages_give_the_same_bytes(pair: tuple[Path, Path], tmp_path: Path) -> None:
    made: list[dict[str, Any]] = []
    for name in ("one", "two"):
        out = tmp_path / name
        assert run(*pair, "--changes", out, "--html", tmp_path / f"{name}.html").exit_code == 0
        files = [*out.iterdir(), tmp_path / f"{name}.html"]
        made.append({path.name.replace(name, ""): path.read_bytes() for path in files})
    assert made[0] == made[1]
