"""The benchmarks run at any size: generators keep their word, commands give what the page shows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dateline.build.check import ArticleCheck
from dateline.build.issues import Issue
from dateline.build.read import Record
from dateline.cli import main

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "benchmarks"
RESULTS = BENCHMARKS / "results"
KINDS = ("clean", "dirty", "wrong", "shared")
MACHINE = {"cores", "memory_bytes", "system", "python", "dateline", "libraries"}

# Command -> options of a small run, and the rows that it has to give.
COMMANDS: dict[str, tuple[str, list[str]]] = {
    "build": (
        "--articles 30 --naive-articles 20 --jobs 1 2",
        ["naive", "dateline, jobs 1", "dateline, jobs 2"],
    ),
    "limits": (
        "--articles 30 --jobs 1",
        ["orjson.loads alone", "dateline build, jobs 1", "Parquet alone"],
    ),
    "scaling": ("--articles 20 40 --jobs 1", ["dateline build"] * 2),
    "incremental": (
        "--articles 30 --files 5 --changed 2 --jobs 1",
        ["first", "second", "second, no cache"],
    ),
    "kinds": ("--articles 200 --jobs 1", list(KINDS)),
    "engines": ("--articles 30 --jobs 1", ["local"]),
    "validate": ("--rows 1000", ["frictionless", "dateline"] * 3),
    "validate_large": ("--rows 2000", ["dateline validate"]),
    "diff": ("--rows 500 --daff-rows 500", ["dateline diff", "daff", "dateline diff"]),
}

# Keys of a row that only this command gives, and those beside the rows.
KEYS: dict[str, tuple[set[str], set[str]]] = {
    "build": (
        {"articles_per_second", "ratio", "ratio_same_size"},
        {"bytes", "naive_start_seconds", "rows_compared"},
    ),
    "limits": ({"ratio_decode", "ratio_write"}, {"bytes"}),
    "scaling": ({"articles_per_second", "bytes", "peak_bytes"}, {"exponent", "memory"}),
    "incremental": ({"ratio"}, set()),
    "kinds": ({"articles_with_errors", "errors", "ratio", "warnings"}, set()),
    "engines": ({"ratio"}, {"left_out"}),
    "validate": ({"case", "errors", "ratio", "ratio_cpu"}, set()),
    "validate_large": ({"bytes", "peak_bytes"}, {"memory"}),
    "diff": ({"case", "peak_bytes", "ratio"}, {"memory"}),
}
HEAD = {"benchmark", "command", "machine", "runs", "rows"}
ROW = {"what", "seconds", "median_seconds", "median_cpu_seconds"}


def run(script: str, *arguments: str | Path, **environment: str) -> str:
    """What a script of the benchmarks prints."""
    command = [sys.executable, str(BENCHMARKS / f"{script}.py"), *map(str, arguments)]
    done = subprocess.run(
        command,
        env=os.environ | environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def corpus(kind: str, count: int, out: Path, **environment: str) -> list[str]:
    """The lines of a generated corpus, which stays in `out`."""
    run("corpus", str(count), "--kind", kind, "--out", out, **environment)
    return [line for file in sorted(out.iterdir()) for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_corpus_is_the_same_each_time(kind: str, tmp_path: Path) -> None:
    first = corpus(kind, 250, tmp_path / "first", PYTHONHASHSEED="1")
    assert first == corpus(kind, 250, tmp_path / "second", PYTHONHASHSEED="2")
    assert len({json.loads(line)["id"] for line in first}) == 250


@pytest.mark.parametrize("kind", ["dirty", "wrong"])
def test_one_article_in_a_hundred_is_changed(kind: str, tmp_path: Path) -> None:
    clean = corpus("clean", 700, tmp_path / "clean")
    changed = corpus(kind, 700, tmp_path / kind)
    assert len(changed) == 700
    assert sum(one != other for one, other in zip(clean, changed, strict=True)) == 7


@pytest.mark.parametrize(("kind", "share", "reports"), [("clean", 0.2, 2.5), ("shared", 1, 10)])
def test_incidents_are_shared_by_as_many_articles_as_promised(
    kind: str, share: float, reports: float, tmp_path: Path
) -> None:
    firsts = [json.loads(line)["incidents"][0] for line in corpus(kind, 500, tmp_path)]
    keys = [first["key"] for first in firsts if "key" in first]
    assert len(keys) / 500 == pytest.approx(share, abs=0.01)
    assert len(keys) / len(set(keys)) == pytest.approx(reports, rel=0.1)


def test_dirty_articles_are_sound_and_each_is_checked_on_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone: list[str] = []
    check = ArticleCheck.check

    def counted(self: ArticleCheck, record: Record) -> tuple[Any, list[Issue]]:
        alone.append(json.loads(record.data)["id"])
        return check(self, record)

    monkeypatch.setattr(ArticleCheck, "check", counted)
    clean = corpus("clean", 700, tmp_path / "clean")
    dirty = corpus("dirty", 700, tmp_path / "dirty")
    command = ["build", str(tmp_path / "dirty"), "--out", str(tmp_path / "out"), "--jobs", "1"]
    built = CliRunner().invoke(main, [*command, "--json"])
    assert built.exit_code == 0
    assert json.loads(built.stdout)["errors"] == []
    changed = {json.loads(new)["id"] for new, old in zip(dirty, clean, strict=True) if new != old}
    assert sorted(alone) == sorted(changed)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_gives_its_table_and_the_page_shows_it(name: str, tmp_path: Path) -> None:
    options, expected = COMMANDS[name]
    file = tmp_path / "results" / f"{name}.json"
    file.parent.mkdir()
    run(name, *options.split(), "--runs", "1", "--json", file)
    result = json.loads(file.read_text("utf-8"))
    assert (result["benchmark"], result["runs"]) == (name, 1)
    assert result["command"].startswith(f"python benchmarks/{name}.py --runs 1 ")
    assert set(result["machine"]) == MACHINE
    own, beside = KEYS[name]
    assert set(result) == HEAD | beside
    rows = result["rows"]
    left_out = name == "engines" and result["left_out"] is None
    assert [row["what"] for row in rows] == expected + ["dask"] * left_out
    for row in rows:
        assert len(row["seconds"]) == 1
        assert row["median_seconds"] == row["seconds"][0] > 0
        assert row["median_cpu_seconds"] > 0
    size = "rows" if name in ("diff", "validate", "validate_large") else "articles"
    assert set().union(*rows) == ROW | own | {size}
    page = reported(file.parent, tmp_path / "page.md")
    assert f"`{result['command']}`: 1 run" in page
    shown = page.rpartition("\n## ")[2]
    assert sum(line.startswith("| ") for line in shown.splitlines()) == len(rows) + 2


@pytest.mark.slow
def test_the_memory_of_a_tree_counts_its_children(tmp_path: Path) -> None:
    child = "import time; held = bytearray(b'x') * 200_000_000; time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    program = f"from measured import python; print(python('-c', {parent!r}, memory=True).peak)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=BENCHMARKS, capture_output=True, check=True
    )
    assert 200e6 < int(done.stdout) < 300e6


def reported(results: Path, out: Path) -> str:
    """The page that the results give; its plots stand beside it."""
    run("report", "--results", results, "--out", out)
    return out.read_text("utf-8")


def scaling(sizes: dict[int, tuple[float, int]]) -> dict[str, Any]:
    """A result of `scaling.py` with these seconds and megabytes by number of articles."""
    libraries = {"orjson": "3"}
    machine = {"cores": 2, "memory_bytes": 2**34, "system": "Linux", "python": "3", "dateline": "1"}
    rows = [
        {
            "what": "dateline build",
            "articles": articles,
            "bytes": articles * 15_000,
            "median_seconds": seconds,
            "median_cpu_seconds": seconds,
            "peak_bytes": peak * 10**6,
            "articles_per_second": articles / seconds,
        }
        for articles, (seconds, peak) in sizes.items()
    ]
    head = {"benchmark": "scaling", "command": "python", "runs": 5, "memory": "PSS"}
    return {**head, "machine": {**machine, "libraries": libraries}, "exponent": 1.1, "rows": rows}


def test_the_page_says_what_was_asked_and_measured(tmp_path: Path) -> None:
    sizes = {10_000: (4.0, 600), 100_000: (44.0, 900), 300_000: (150.0, 945)}
    (tmp_path / "scaling.json").write_text(json.dumps(scaling(sizes)), "utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[2:-1]]
        for line in reported(tmp_path, tmp_path / "page.md").splitlines()
        if "at least" in line or "at most" in line
    ]
    measured = [row for row in rows if row[1] != "not measured"]
    assert measured == [
        ["at most 1.08", "1.1", "no"],
        ["at most 60", "50", "yes"],
        ["at most 10", "5", "yes"],
        ["at most 1,200", "945", "yes"],
    ]
    assert all(row[2] == "" for row in rows if row not in measured)


def test_the_same_results_give_the_same_page_and_plots(tmp_path: Path) -> None:
    (tmp_path / "scaling.json").write_text(json.dumps(scaling({10: (1, 1), 20: (2, 2)})), "utf-8")
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        page = reported(tmp_path, tmp_path / name / "performance.md")
        plot = (tmp_path / name / "performance" / "scaling.svg").read_text("utf-8")
        made.append((page, plot))
    assert made[0] == made[1]
    assert "(performance/scaling.svg)" in made[0][0]
    assert "<dc:date>" not in made[0][1]


@pytest.mark.skipif(not RESULTS.exists(), reason="no results are kept")
def test_the_page_is_that_of_the_results(tmp_path: Path) -> None:
    page = reported(RESULTS, tmp_path / "performance.md")
    assert (ROOT / "docs" / "performance.md").read_text("utf-8") == page


def test_every_command_and_module_is_explained() -> None:
    text = (BENCHMARKS / "README.md").read_text("utf-8")
    scripts = [path.name for path in BENCHMARKS.glob("*.py")]
    assert sorted(name for name in scripts if f"`{name}`" not in text) == []
