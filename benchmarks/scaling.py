"""Time and memory of `dateline build` as the corpus grows.

    python benchmarks/scaling.py --articles 10000 30000 100000 300000 --jobs 2

`exponent` is the slope of the logarithm of the seconds on that of the articles, by least squares.
Memory is the sum over the tree of processes, looked at five times a second; a row has the highest.
"""

from __future__ import annotations

import shutil
import tempfile
from math import log
from pathlib import Path
from statistics import linear_regression

from corpus import write_corpus
from measured import Row, build, conclude, memory_measure, parser, row


def measure(folder: Path, articles: int, jobs: int, runs: int, seed: int) -> Row:
    """Seconds and memory of the builds of one corpus; nothing of it is left on the disk."""
    size = write_corpus(articles, folder / "articles", seed)
    made = []
    for _ in range(runs):
        options = ("--jobs", str(jobs), "--no-cache")
        made.append(build(folder / "articles", folder / "out", *options, memory=True))
        shutil.rmtree(folder / "out")
    shutil.rmtree(folder / "articles")
    one = row("dateline build", made, articles=articles, bytes=size)
    return one | {"articles_per_second": round(articles / one["median_seconds"], 1)}


def exponent(rows: list[Row]) -> float | None:
    """The slope of log seconds on log articles; null where there is one size only."""
    if len(rows) < 2:
        return None
    sizes = [log(one["articles"]) for one in rows]
    return linear_regression(sizes, [log(one["median_seconds"]) for one in rows]).slope


def main() -> None:
    options = parser(__doc__)
    sizes = [10_000, 30_000, 100_000, 300_000]
    options.add_argument("--articles", type=int, nargs="+", default=sizes)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        for articles in given.articles:
            rows.append(measure(Path(folder), articles, given.jobs, given.runs, given.seed))
    slope = exponent(rows)
    facts = {"exponent": None if slope is None else round(slope, 3), "memory": memory_measure()}
    conclude(given, rows, **facts)


if __name__ == "__main__":
    main()
