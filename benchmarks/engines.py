"""`dateline build` on a Dask cluster against the local processes.

    python benchmarks/engines.py --articles 100000 --jobs 2
    python benchmarks/engines.py --articles 100000 --jobs 2 --scheduler ADDRESS

Without an address a local cluster is started, which counts. The packages have to be the same, byte
by byte. Where Dask or the option is not installed the row is left out, and `left_out` says so.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

from corpus import write_corpus
from incremental import differing
from measured import Row, Run, build, conclude, parser, python, row


def missing() -> str | None:
    """Why there is nothing to measure; null where there is."""
    if "--engine" not in python("-m", "dateline", "build", "--help").stdout:
        return "`dateline build` has no option --engine"
    return None if find_spec("distributed") else "Dask distributed is not installed"


def measure(folder: Path, given: argparse.Namespace, left_out: str | None) -> list[Row]:
    """A row for each engine; the engines run in turn."""
    write_corpus(given.articles, folder / "articles", given.seed)
    address = ("--scheduler", given.scheduler) if given.scheduler else ()
    engines = {"local": ()} if left_out else {"local": (), "dask": ("--engine", "dask", *address)}
    made: dict[str, list[Run]] = defaultdict(list)
    for _ in range(given.runs):
        for name, options in engines.items():
            shutil.rmtree(folder / name, ignore_errors=True)
            options = ("--jobs", str(given.jobs), "--no-cache", *options)
            made[name].append(build(folder / "articles", folder / name, *options))
        if "dask" in made and (differ := differing(folder / "local", folder / "dask")):
            sys.exit(f"expected the same bytes of both engines, got others in {differ}")
    rows = [row(what, each, articles=given.articles) for what, each in made.items()]
    local = rows[0]["median_seconds"]
    return [one | {"ratio": round(one["median_seconds"] / local, 2)} for one in rows]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--scheduler", metavar="ADDRESS", help="of a cluster that runs")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    left_out = missing()
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        rows = measure(Path(folder), given, left_out)
    # The address names a machine.
    given.scheduler = given.scheduler and "ADDRESS"
    conclude(given, rows, left_out=left_out)


if __name__ == "__main__":
    main()
