"""Articles per second of `dateline build` and of the plain pipeline, on one invented corpus.

python benchmarks/build.py --articles 2000 --runs 3 --jobs 1 2
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq
from corpus import write_corpus
from measured import HERE, Row, Run, build, conclude, parser, python, row

TABLES = {
    "articles": "article_id",
    "incidents": "incident_id",
    "actors": "actor_id",
    "statements": "statement_id",
    "participants": "participant_id",
    "casualties": "casualty_id",
    "evidence": "evidence_id",
}
NAIVE = "naive"


def naive(articles: Path, out: Path) -> Run:
    """The plain pipeline."""
    return python(HERE / "naive.py", articles, "--out", out)


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


def measure(folder: Path, given: argparse.Namespace) -> tuple[list[Row], dict[str, Any]]:
    """A row for each side, and what they share; the sides run in turn."""
    few = given.naive_articles or given.articles
    size = write_corpus(given.articles, folder / "all", given.seed)
    write_corpus(few, folder / "few", given.seed)
    write_corpus(1, folder / "one", given.seed)
    starts, runs = [], defaultdict(list)
    for number in range(given.runs):
        starts.append(naive(folder / "one", folder / f"start-{number}"))
        runs[NAIVE].append(naive(folder / "few", folder / f"naive-{number}"))
        for jobs in given.jobs:
            out = folder / "out"
            made = build(folder / "all", out, "--jobs", str(jobs), "--no-cache")
            runs[f"dateline, jobs {jobs}"].append(made)
            shutil.rmtree(out)
    build(folder / "few", folder / "compared", "--no-cache")
    rows = compare(folder / "compared", folder / "naive-0")
    start = median(run.seconds for run in starts)
    facts = {"bytes": size, "naive_start_seconds": round(start, 3), "rows_compared": rows}
    return table(runs, {NAIVE: few}, given.articles, start), facts


def table(
    runs: dict[str, list[Run]], fewer: dict[str, int], articles: int, start: float
) -> list[Row]:
    """The rows with articles per second at each side's own size, and the ratios to `NAIVE`.

    `ratio_same_size` is that of seconds at the size of `dateline`: the plain pipeline's start once,
    and the rest of its seconds in proportion to the articles.
    """
    rows = []
    for what, each in runs.items():
        count = fewer.get(what, articles)
        one = row(what, each, articles=count)
        speed = count / one["median_seconds"]
        rows.append(one | {"articles_per_second": round(speed, 1)})
    slow = next(one for one in rows if one["what"] == NAIVE)
    rest = (slow["median_seconds"] - start) * articles / slow["articles"]
    for one in rows:
        if one is not slow:
            ratio = one["articles_per_second"] / slow["articles_per_second"]
            same = (start + rest) / one["median_seconds"]
            one |= {"ratio": round(ratio, 1), "ratio_same_size": round(same, 1)}
    return rows


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--articles", type=int, default=20000)
    options.add_argument("--naive-articles", type=int, help="fewer for the plain pipeline")
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        rows, facts = measure(Path(folder), given)
    conclude(given, rows, **facts)


if __name__ == "__main__":
    main()
