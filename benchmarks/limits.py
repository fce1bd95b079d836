"""`dateline build` against what it cannot do without: decoding the JSON, writing the Parquet.

    python benchmarks/limits.py --articles 100000 --jobs 2

Both limits are timed in one process: `orjson.loads` of each line of the same files, read before;
writing the build's own tables, in memory already, as Parquet with zstd.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import orjson
import pyarrow.parquet as pq
from corpus import write_corpus
from measured import Row, Run, build, conclude, parser, row


def timed(parts: Iterable[Callable[[], object]]) -> Run:
    """Calls one after the other; what happens between them does not count."""
    seconds = busy = 0.0
    for call in parts:
        began, before = time.perf_counter(), time.process_time()
        call()
        seconds += time.perf_counter() - began
        busy += time.process_time() - before
    return Run(seconds, busy)


def decoding(files: Iterable[Path]) -> Iterator[Callable[[], object]]:
    """For each file the decoding of its lines, read before."""
    for file in files:
        yield partial(decode, file.read_bytes().splitlines())


def decode(lines: list[bytes]) -> None:
    for line in lines:
        orjson.loads(line)


def writing(data: Path, out: Path) -> Iterator[Callable[[], object]]:
    """For each table of a package its writing as Parquet, read before."""
    for file in sorted(data.glob("*.parquet")):
        yield partial(pq.write_table, pq.read_table(file), out, compression="zstd")


def measure(folder: Path, articles: int, jobs: list[int], runs: int, seed: int) -> list[Row]:
    """A row for each limit and for each number of processes, which run in turn."""
    write_corpus(articles, folder / "articles", seed)
    files = sorted((folder / "articles").iterdir())
    found: dict[str, list[Run]] = {}
    for _ in range(runs):
        found.setdefault("orjson.loads alone", []).append(timed(decoding(files)))
        for number in jobs:
            shutil.rmtree(folder / "out", ignore_errors=True)
            made = build(folder / "articles", folder / "out", "--jobs", str(number), "--no-cache")
            found.setdefault(f"dateline build, jobs {number}", []).append(made)
        written = timed(writing(folder / "out" / "data", folder / "alone.parquet"))
        found.setdefault("Parquet alone", []).append(written)
    rows = [row(what, each, articles=articles) for what, each in found.items()]
    medians = {one["what"]: one["median_seconds"] for one in rows}
    return [one | ratios(one, medians) for one in rows]


def ratios(one: Row, medians: dict[str, float]) -> Row:
    """How many times as long as each limit a build takes; nothing for the limits."""
    if "build" not in one["what"]:
        return {}
    return {
        f"ratio_{name}": round(one["median_seconds"] / medians[limit], 1)
        for name, limit in (("decode", "orjson.loads alone"), ("write", "Parquet alone"))
    }


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as name:
        folder = Path(name)
        rows = measure(folder, given.articles, given.jobs, given.runs, given.seed)
        size = sum(file.stat().st_size for file in (folder / "articles").iterdir())
    conclude(given, rows, bytes=size)


if __name__ == "__main__":
    main()
