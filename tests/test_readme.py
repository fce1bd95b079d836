"""The README says what happens: its commands exist, its examples run, its output is real."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dateline.cli import main
from dateline.schema import load_codebook

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
NAME = "dist/dateline-example-0.1.0"

BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
SHELL = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
# Each program with the block after it, which is what it prints.
PROGRAMS = [
    (text, BLOCKS[number + 1]) for number, (kind, text) in enumerate(BLOCKS) if kind == "python"
]
ARTICLE = next(text for kind, text in BLOCKS if kind == "json" and '"version"' in text)


@pytest.fixture
def folder(example_package: Path, tmp_path: Path) -> Path:
    """A folder in which the example package stands where the README has it."""
    (tmp_path / "dist").mkdir()
    (tmp_path / NAME).symlink_to(example_package)
    return tmp_path


def rows(table: str, folder: Path) -> list[dict[str, str]]:
    """The rows of a table's CSV file."""
    with (folder / NAME / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown_rows(table: str) -> list[dict[str, str]]:
    """The rows of a table as the README shows them: some of its columns."""
    part = README.partition(f"<!-- rows of {table} -->\n")[2].partition("\n\n")[0]
    head, _, *body = ([c.strip() for c in line[1:-1].split("|")] for line in part.splitlines())
    return [dict(zip(head, cells, strict=True)) for cells in body]


@pytest.mark.parametrize(("program", "output"), PROGRAMS, ids=["pandas", "polars", "duckdb"])
def test_a_program_prints_what_the_readme_shows(
    program: str, output: tuple[str, str], folder: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert ("text", run.stdout) == output


@pytest.mark.slow
def test_frictionless_finds_the_package_valid(folder: Path) -> None:
    (line,) = (line for line in SHELL if line.startswith("frictionless"))
    command = [sys.executable, "-m", *line.split()]
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("table", ["incidents", "casualties"])
def test_the_rows_shown_are_rows_of_the_example(table: str, folder: Path) -> None:
    shown = shown_rows(table)
    real = [{name: row[name] for name in shown[0]} for row in rows(table, folder)]
    assert len(shown) > 2
    assert [row for row in shown if row not in real] == []


def test_the_tree_is_that_of_the_example(folder: Path) -> None:
    tree = next(text for _, text in BLOCKS if text.startswith(NAME))
    files = set(re.findall(r"\w+\.(?:json|csv|parquet)", tree))
    data = {path.name for path in (folder / NAME / "data").iterdir()}
    assert files == data | {"datapackage.json"}
    top = {path.name for path in (folder / NAME).iterdir()}
    assert top == {"data", "rules", "vocab", "datapackage.json"}


def test_the_resources_shown_are_those_of_the_descriptor(folder: Path) -> None:
    shown = json.loads(next(text for kind, text in BLOCKS if kind == "json" and "pq" in text))
    descriptor = json.loads((folder / NAME / "datapackage.json").read_text("utf-8"))
    real = {resource["name"]: resource for resource in descriptor["resources"]}
    left_out = {"bytes", "description", "dialect", "schema"}
    for resource in shown:
        full = real[resource["name"]]
        assert list(resource) == [key for key in full if key not in left_out]
        elided = {key for key, value in resource.items() if "…" in str(value)}
        assert elided == {"hash"}
        assert {k: v for k, v in resource.items() if k not in elided}.items() <= _flat(full).items()


def _flat(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if not isinstance(value, (dict, list))}


def test_the_output_of_the_example_is_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = next(text for kind, text in BLOCKS if kind == "text" and "built" in text)
    run = CliRunner().invoke(main, ["build", str(ROOT), "--out", NAME, "--jobs", "1"])
    assert run.stdout == shown


def test_the_first_article_has_ten_lines_and_builds(tmp_path: Path) -> None:
    assert len(ARTICLE.splitlines()) == 10
    (tmp_path / "first.json").write_text(ARTICLE, "utf-8")
    out = tmp_path / "out"
    arguments = ["build", str(tmp_path / "first.json"), "--out", str(out), "--jobs", "1", "--json"]
    report = json.loads(CliRunner().invoke(main, arguments).stdout)
    # It is no project yet, and nothing else is to be said of it.
    assert [issue["rule"] for issue in report["issues"]] == ["project-missing"]
    counts = {name: table["rows"] for name, table in report["tables"].items()}
    assert counts == {
        "articles": 1,
        "incidents": 1,
        "actors": 2,
        "statements": 1,
        "participants": 1,
        "casualties": 1,
        "evidence": 10,
    }
    with (out / "data" / "incidents.csv").open(encoding="utf-8", newline="") as file:
        (incident,) = csv.DictReader(file)
    assert incident["killed_best"] == "3"


def test_each_make_verb_is_a_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    verbs = set(re.findall(r"\bmake ([a-z]+)", "\n".join(SHELL)))
    assert verbs == {"example", "test"}
    assert [verb for verb in verbs if not re.search(rf"^{verb}:", makefile, re.MULTILINE)] == []


def test_the_readme_names_the_commands_that_there_are() -> None:
    listed = re.findall(r"^\| `dateline (\w+)", README, re.MULTILINE)
    assert sorted(listed) == sorted(main.commands)
    assert set(re.findall(r"\bdateline (\w+)", "\n".join(SHELL))) <= set(main.commands)


def test_the_limits_of_own_words_are_those_of_the_schemas() -> None:
    line = README.partition("Own words have limits")[2].partition("Too long")[0]
    limits = {name: int(number) for name, number in re.findall(r"`(\w+)`\s+(\d+)", line)}
    fields = [field for table in load_codebook().tables.values() for field in table.fields]
    real = {f.name: f.descriptor.get("constraints", {}).get("maxLength") for f in fields}
    assert limits == {name: real[name] for name in limits}
    assert len(limits) == 6
