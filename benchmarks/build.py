"""Articles per second of `dateline build` and of the plain pipeline, on one invented corpus.

python benchmarks/build.py --articles 2000 --runs 3 --jobs 1
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq
from corpus import write_corpus

HERE = Path(__file__).parent
TABLES = {
    "articles": "article_id",
    "incidents": "incident_id",
    "actors": "actor_id",
    "statements": "statement_id",
    "participants": "participant_id",
    "casualties": "casualty_id",
    "evidence": "evidence_id",
}
LIBRARIES = ("jsonschema", "frictionless", "pyarrow", "duckdb", "orjson", "jsonschema-rs")


def dateline(articles: Path, out: Path, jobs: int) -> float:
    """Seconds that `dateline build` takes."""
    command = ["-m", "dateline", "build", str(articles), "--out", str(out)]
    return timed([*command, "--jobs", str(jobs), "--no-cache"])


def naive(articles: Path, out: Path) -> float:
    """Seconds that the plain pipeline takes."""
    return timed([str(HERE / "naive.py"), str(articles), "--out", str(out)])


def timed(arguments: list[str]) -> float:
    """Seconds of a Python process, its start included; exits with its messages where it fails."""
    path = os.pathsep.join(filter(None, (str(HERE.parent / "src"), os.environ.get("PYTHONPATH"))))
    started = time.perf_counter()
    process = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(
            f"{' '.join(arguments)}: exit {process.returncode}\n{process.stdout}{process.stderr}"
        )
    return seconds


def compare(one: Path, other: Path) -> dict[str, int]:
    """Rows of each table; exits where the two packages differ in a count or an id."""
    counts: dict[str, int] = {}
    for table, key in TABLES.items():
        ids, others = (
            pq.read_table(package / f"data/{table}.parquet", columns=[key])[key].to_pylist()
            for package in (one, other)
        )
        if len(ids) != len(others):
            sys.exit(f"{table}: expected one number of rows, got {len(ids)} and {len(others)}")
        if set(ids) != set(others):
            differ = sorted(set(ids) ^ set(others))
            sys.exit(f"{table}: expected the same ids, got {len(differ)} in one only: {differ[:3]}")
        counts[table] = len(ids)
    return counts


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Corpus, rows, seconds of each run and articles per second; the two sides run in turn."""
    small = options.naive_articles or options.articles
    size = write_corpus(options.articles, folder / "articles", options.seed)
    few = folder / "articles"
    if small != options.articles:
        few = folder / "few"
        write_corpus(small, few, options.seed)
    seconds: dict[str, list[float]] = {"dateline": [], "naive": []}
    for run in range(options.runs):
        out = folder / f"dateline-{run}"
        seconds["dateline"].append(dateline(folder / "articles", out, options.jobs))
        seconds["naive"].append(naive(few, folder / f"naive-{run}"))
    if few != folder / "articles":
        out = folder / "dateline-few"
        dateline(few, out, options.jobs)
    rows = compare(out, folder / f"naive-{options.runs - 1}")
    speed = {
        "dateline": options.articles / median(seconds["dateline"]),
        "naive": small / median(seconds["naive"]),
    }
    return {
        "articles": {"dateline": options.articles, "naive": small},
        "bytes": size,
        "jobs": options.jobs,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "rows_compared": rows,
        "seconds": seconds,
        "articles_per_second": speed,
        "ratio": speed["dateline"] / speed["naive"],
    }


def report(result: dict[str, Any]) -> str:
    """The result as a small table."""
    lines = [f"{'':10}{'articles':>10}{'median s':>10}{'articles/s':>12}   all runs, s"]
    for side, seconds in result["seconds"].items():
        runs = " ".join(f"{value:.2f}" for value in seconds)
        lines.append(
            f"{side:10}{result['articles'][side]:>10}{median(seconds):>10.2f}"
            f"{result['articles_per_second'][side]:>12.1f}   {runs}"
        )
    rows = sum(result["rows_compared"].values())
    lines.append(f"ratio {result['ratio']:.1f}; jobs {result['jobs']}, cores {result['cores']}")
    lines.append(f"the same {rows} rows and ids in {len(TABLES)} tables")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20000)
    parser.add_argument("--naive-articles", type=int, help="fewer for the plain pipeline")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        result = measure(Path(folder), options)
    print(report(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
