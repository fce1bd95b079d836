"""`dateline init` writes a project that builds at once, whole or not at all."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from dateline.build.scaffold import TEMPLATE, dataset_name, move, scaffold
from dateline.cli import main

Run = Callable[..., "subprocess.CompletedProcess[str]"]

FILES = [
    ".github/workflows/dateline.yml",
    ".gitignore",
    "README.md",
    "articles/example.json",
    "articles/example.txt",
    "codebook/README.md",
    "codebook/vocab/README.md",
    "datapackage.json",
    "registry/actors.jsonl",
    "registry/incidents.jsonl",
]


def files(folder: Path) -> list[str]:
    """Paths of all files below a folder, sorted."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found)


def builds(folder: Path) -> bool:
    """Whether `dateline build FOLDER` succeeds without a word on stderr."""
    built = CliRunner().invoke(main, ["build", str(folder), "--jobs", "1"])
    return (built.exit_code, built.stderr) == (0, "")


def test_a_new_project_validates_and_builds_with_no_issue(run: Run, tmp_path: Path) -> None:
    made = run("init", "news")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines()[0] == "created news"
    assert made.stdout.splitlines()[-1] == "next: cd news && dateline build"
    assert files(tmp_path / "news") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["news"]

    valid = run("validate", "news", "--strict")
    assert (valid.returncode, valid.stdout, valid.stderr) == (0, "news: valid\n", "")
    built = run("build", "--json", cwd=tmp_path / "news")
    report = json.loads(built.stdout)
    assert (built.returncode, report["issues"]) == (0, [])
    assert report["package"] == "dist/news-0.1.0"
    rows = {name: table["rows"] for name, table in report["tables"].items()}
    assert min(rows.values()) > 0
    assert run("validate", "news/dist/news-0.1.0").returncode == 0


def test_the_template_holds_nothing_else() -> None:
    assert files(TEMPLATE) == FILES


def test_the_example_shows_every_kind_of_item_with_quotes_alone() -> None:
    article = json.loads((TEMPLATE / "articles" / "example.json").read_text("utf-8"))
    incident = article["incidents"][0]
    parts = [*incident["participants"], *incident["casualties"]]
    items = [*article["actors"], incident, *article["statements"], *parts]
    assert min(map(len, (incident["participants"], incident["casualties"]))) > 0
    assert all(span["quote"] for item in items for span in item["evidence"])
    assert not any("start" in span for item in items for span in item["evidence"])


STEPS = re.findall(
    r"^    dateline (.*?) *(?:#.*)?$", (TEMPLATE / "README.md").read_text("utf-8"), re.M
)


@pytest.mark.parametrize("step", STEPS)
def test_the_commands_of_its_readme_work(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scaffold(tmp_path / "news")
    monkeypatch.chdir(tmp_path / "news")
    assert CliRunner().invoke(main, step.split()).exit_code == 0


@pytest.mark.parametrize("name", [".hidden", "datapackage.json"])
def test_a_folder_with_anything_in_it_is_refused_and_left_alone(
    name: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / name).write_text("mine")
    refused = run("init", "news")
    assert refused.returncode == 2
    assert refused.stderr == (
        f"Error: news: expected a new or an empty folder, got one with {name} in it; "
        "choose another name\n"
    )
    assert files(tmp_path) == [f"news/{name}"]


def test_a_second_init_is_refused(run: Run) -> None:
    assert run("init", "news").returncode == 0
    assert run("init", "news").returncode == 2


@pytest.mark.parametrize("folder", ["file", "file/news"])
def test_a_file_in_the_way_is_left_alone(folder: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    refused = run("init", folder)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr.endswith("file: expected a folder, got a file; move it away\n")
    assert (tmp_path / "file").read_text() == "mine"
    assert files(tmp_path) == ["file"]


def test_links_in_a_circle_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("link")
    refused = run("init", "link/news")
    assert refused.returncode == 3
    assert refused.stderr.startswith("Error: link/news: cannot be created")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    refused = run("init", "closed/news")
    assert refused.returncode == 3
    assert refused.stderr == "Error: closed/news: cannot be created: Permission denied\n"


def test_missing_parents_are_made(run: Run, tmp_path: Path) -> None:
    assert run("init", "a/b/news").returncode == 0
    assert files(tmp_path / "a" / "b" / "news") == FILES


def test_an_empty_current_folder_becomes_the_project(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    before = folder.stat().st_ino
    made = run("init", ".", cwd=folder)
    assert made.stdout.splitlines()[-1] == "next: dateline build"
    assert files(folder) == FILES
    assert folder.stat().st_ino == before
    assert builds(folder)


def test_a_failure_half_way_leaves_nothing(tmp_path: Path) -> None:
    staged, folder = tmp_path / "staged", tmp_path / "news"
    (staged / "articles").mkdir(parents=True)
    (staged / "registry").mkdir()
    folder.mkdir()
    (folder / "registry").write_text("mine")
    with pytest.raises(OSError, match="registry"):
        move(sorted(staged.iterdir()), folder)
    assert files(folder) == ["registry"]


@pytest.mark.parametrize(
    "name",
    [
        "two words",
        "it's [2024] *?",
        "München",
        "新聞",
        "#1 %41",
        "s3:bucket",
        "-dash",
        "line\nbreak",
    ],
)
def test_a_folder_may_have_an_odd_name(name: str, run: Run, tmp_path: Path) -> None:
    made = run("init", "--", name)
    assert (made.returncode, made.stderr) == (0, "")
    command = made.stdout.partition("\nnext: ")[2].strip().removesuffix("&& dateline build")
    # A shell understands the first step as it is printed.
    entered = subprocess.run(
        ["sh", "-c", f"{command} && pwd"], cwd=tmp_path, capture_output=True, check=True
    )
    assert entered.stdout == os.fsencode(tmp_path / name) + b"\n"
    assert builds(tmp_path / name)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("News 2024", "news-2024"),
        ("München", "munchen"),
        ("a_b.c-d", "a_b.c-d"),
        ("新聞", "dataset"),
        ("..", "dataset"),
        ("", "dataset"),
    ],
)
def test_the_dataset_is_named_after_the_folder(folder: str, name: str) -> None:
    assert dataset_name(folder) == name
