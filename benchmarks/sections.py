"""The parts of the page on performance: the words, columns and plot of each benchmark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from measured import Row
from targets import Result

Column = tuple[str, str, str]  # heading, key of the row, format

ARTICLES: Column = ("articles", "articles", ",")
SECONDS: list[Column] = [
    ("seconds", "median_seconds", ".2f"),
    ("processor seconds", "median_cpu_seconds", ".2f"),
]
SPEED: Column = ("articles a second", "articles_per_second", ",.0f")
PEAK: Column = ("peak memory, MB", "peak_bytes", "MB")


def no_facts(_: Result) -> Iterator[str]:
    """Nothing beside the rows."""
    yield from ()


@dataclass(frozen=True)
class Section:
    """What the page says of a benchmark; `value` is the key that is plotted, empty for none."""

    benchmark: str
    title: str
    text: str
    columns: list[Column]
    value: str = "median_seconds"
    axis: str = "seconds"
    facts: Callable[[Result], Iterator[str]] = no_facts

    def plotted(self, results: list[Result]) -> list[Row]:
        """The rows that the plot shows: none where it would compare nothing."""
        rows = [one for each in results for one in each["rows"] if self.value in one]
        return rows if len(rows) > 1 else []


def bar_label(one: Row) -> str:
    """What a bar shows: the side or case, and its size."""
    return f"{one.get('case', one['what'])}, {one.get('articles', one.get('rows')):,}"


def build_facts(result: Result) -> Iterator[str]:
    """The rows compared, and how the plain pipeline was set against more articles."""
    rows = sum(result["rows_compared"].values())
    yield (
        f"Both sides have the same {rows:,} rows and ids from the articles of the plain pipeline, "
        f"whose process takes {result['naive_start_seconds']:.2f} s for one article."
    )


def scaling_facts(result: Result) -> Iterator[str]:
    """The exponent, and what memory is."""
    if result["exponent"] is not None:
        yield f"Exponent of the seconds: {result['exponent']:.3f}."
    yield f"Memory is {result['memory']}."


def engine_facts(result: Result) -> Iterator[str]:
    """Why Dask is left out."""
    if result["left_out"]:
        yield f"Dask is left out: {result['left_out']}."


SECTIONS = (
    Section(
        "build",
        "Build against the plain pipeline",
        "Articles a second of each side at its own number of articles, start included. `ratio` is "
        "that of these figures; `ratio, same size` sets the plain pipeline's start once and the "
        "rest of its seconds in proportion to the articles of `dateline`.",
        [
            *[("side", "what", ""), ARTICLES, *SECONDS, SPEED],
            ("ratio", "ratio", ".1f"),
            ("ratio, same size", "ratio_same_size", ".1f"),
        ],
        value="articles_per_second",
        axis="articles a second",
        facts=build_facts,
    ),
    Section(
        "limits",
        "Build against its limits",
        "`orjson.loads` of each line of the same files and writing the build's own tables as "
        "Parquet with zstd, each alone, in one process, from memory.",
        [
            *[("", "what", ""), ARTICLES, *SECONDS],
            ("times decoding", "ratio_decode", ".1f"),
            ("times Parquet", "ratio_write", ".1f"),
        ],
    ),
    Section(
        "scaling",
        "Growth of the corpus",
        "The exponent is the slope of log seconds on log articles by least squares. Memory is the "
        "sum over the tree of processes, looked at every 0.2 s; the highest of all runs.",
        [ARTICLES, ("input, MB", "bytes", "MB"), *SECONDS, SPEED, PEAK],
        facts=scaling_facts,
    ),
    Section(
        "incremental",
        "A second build after a change",
        "Of many files a few change between the builds. The second build with the cache and one "
        "with `--no-cache` give the same bytes.",
        [("build", "what", ""), ARTICLES, *SECONDS, ("share of the first", "ratio", ".3f")],
    ),
    Section(
        "kinds",
        "Kinds of corpus",
        "One article in 100 is of a rare form that is sound (dirty) or breaks a rule (wrong); the "
        "build of the latter ends with exit code 1, all errors reported and nothing written. In "
        "the shared corpus every article reports an incident that about ten articles share.",
        [
            *[("corpus", "what", ""), ARTICLES, *SECONDS, ("times the clean one", "ratio", ".2f")],
            ("articles with errors", "articles_with_errors", ","),
        ],
    ),
    Section(
        "engines",
        "Dask against local processes",
        "The same build by both; the packages have the same bytes. Without an address a cluster is "
        "started on the machine, which counts.",
        [("engine", "what", ""), ARTICLES, *SECONDS, ("times local", "ratio", ".2f")],
        facts=engine_facts,
    ),
    Section(
        "validate",
        "Validation against frictionless",
        "One table of 20 columns with keys. Both sides give the same list of row, field and rule. "
        "For Parquet, frictionless reads the CSV of the same rows.",
        [
            *[("side", "what", ""), ("case", "case", ""), ("rows", "rows", ","), *SECONDS],
            ("errors", "errors", ","),
            ("ratio", "ratio", ".1f"),
            ("ratio of processor seconds", "ratio_cpu", ".1f"),
        ],
        value="ratio",
        axis="times as fast as frictionless",
    ),
    Section(
        "validate_large",
        "Validation of a large table",
        "One CSV, a primary and a foreign key, in a process of its own.",
        [("", "what", ""), ("rows", "rows", ","), ("input, MB", "bytes", "MB"), *SECONDS, PEAK],
        value="",
    ),
    Section(
        "diff",
        "Diff of two packages",
        "Two packages whose seven tables have so many rows each; and two CSV files of 20 columns, "
        "compared by key, against daff, which counts the same rows. One row in 200 is another, one "
        "in 100 has another value.",
        [
            *[("side", "what", ""), ("case", "case", ""), ("rows", "rows", ","), *SECONDS, PEAK],
            ("ratio", "ratio", ".1f"),
        ],
        value="",
    ),
)
