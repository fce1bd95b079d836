"""What the benchmarks are asked to show, and what results say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Result = dict[str, Any]
Find = Callable[[list[Result]], float | None]


@dataclass(frozen=True)
class Target:
    """A bound on one figure, above or below; `measured` gives the figure, null where unmeasured."""

    text: str
    bound: float
    measured: Find
    at_most: bool = True

    def holds(self, value: float) -> bool:
        """Whether a figure keeps to the bound."""
        return value <= self.bound if self.at_most else value >= self.bound


def figure(benchmark: str, key: str, **where: Any) -> Find:
    """Finds one figure of a benchmark: that of its first row that has these values."""

    def find(results: list[Result]) -> float | None:
        rows = [one for each in results if each["benchmark"] == benchmark for one in each["rows"]]
        found = (one[key] for one in rows if key in one and where.items() <= one.items())
        return next(found, None)

    return find


def exponent(results: list[Result]) -> float | None:
    """The exponent of the time over the sizes asked for."""
    for each in results:
        if each["benchmark"] == "scaling":
            sizes = [one["articles"] for one in each["rows"]]
            if (min(sizes), max(sizes)) == (10_000, 300_000):
                return each["exponent"]
    return None


def peak(benchmark: str, **where: Any) -> Find:
    """Finds a peak of memory, in MB."""
    find_bytes = figure(benchmark, "peak_bytes", **where)

    def find(results: list[Result]) -> float | None:
        value = find_bytes(results)
        return None if value is None else value / 1e6

    return find


def growth(small: int, large: int) -> Find:
    """Finds by how many percent the peak of memory grows from one number of articles to another."""

    def find(results: list[Result]) -> float | None:
        low, high = (peak("scaling", articles=size)(results) for size in (small, large))
        return None if low is None or high is None else 100 * (high / low - 1)

    return find


def naive(jobs: int, articles: int) -> Find:
    """Finds the ratio to the plain pipeline at the same number of articles."""
    return figure("build", "ratio_same_size", what=f"dateline, jobs {jobs}", articles=articles)


def frictionless(case: str, rows: int) -> Find:
    """Finds the ratio to frictionless."""
    return figure("validate", "ratio", case=case, rows=rows)


_LIMIT = figure("limits", "ratio_decode", what="dateline build, jobs 2", articles=100_000)
_SECOND = figure("incremental", "ratio", what="second", articles=100_000)
_DASK = figure("engines", "ratio", what="dask", articles=100_000)
_DIRTY = figure("kinds", "ratio", what="dirty", articles=20_000)
_WRONG = figure("kinds", "ratio", what="wrong", articles=20_000)
_DIFF = figure("diff", "median_seconds", rows=1_000_000)
_DAFF = figure("diff", "ratio", rows=100_000)
_PLAIN = "times the articles a second of the plain pipeline"
_CELLS = "times as fast as frictionless"

TARGETS = (
    Target(f"build of 20,000 articles, two processes: {_PLAIN}", 45, naive(2, 20_000), False),
    Target(f"build of 20,000 articles, one process: {_PLAIN}", 30, naive(1, 20_000), False),
    Target(f"build of 100,000 articles, two processes: {_PLAIN}", 60, naive(2, 100_000), False),
    Target("build of 100,000 articles, two processes: times `orjson.loads` alone", 7, _LIMIT),
    Target("10,000 to 300,000 articles: exponent of the time", 1.08, exponent),
    Target("10,000 to 100,000 articles: growth of memory, percent", 60, growth(10_000, 100_000)),
    Target("100,000 to 300,000 articles: growth of memory, percent", 10, growth(100_000, 300_000)),
    Target("300,000 articles: peak memory, MB", 1200, peak("scaling", articles=300_000)),
    Target("100,000 articles, few files changed: second build, share of the first", 0.1, _SECOND),
    Target("100,000 articles on Dask: times the local processes", 2, _DASK),
    Target("one article in 100 of a rare form: times the clean build", 2, _DIRTY),
    Target("one article in 100 wrong: times the clean build", 2, _WRONG),
    Target(f"validate 100,000 rows of CSV: {_CELLS}", 25, frictionless("csv", 100_000), False),
    Target(f"the same, 0.2 % bad rows: {_CELLS}", 10, frictionless("csv-bad", 100_000), False),
    Target(f"the same as Parquet: {_CELLS}", 40, frictionless("parquet", 100_000), False),
    Target(f"validate 1,000,000 rows of CSV: {_CELLS}", 35, frictionless("csv", 1_000_000), False),
    Target(
        "validate 10,000,000 rows of CSV: peak memory, MB",
        2000,
        peak("validate_large", rows=10_000_000),
    ),
    Target("diff, 1,000,000 rows in each of seven tables: seconds", 10, _DIFF),
    Target("the same: peak memory, MB", 2000, peak("diff", rows=1_000_000)),
    Target("diff of 100,000 rows of CSV: times as fast as daff", 3, _DAFF, False),
)
