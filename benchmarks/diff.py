"""The diff of two packages with every table large, and of one table of CSV against daff.

    python benchmarks/diff.py --rows 1000000 --daff-rows 100000

Both sides compare the same two CSV files of 20 columns by their primary key, in turn, each in a
process of its own, and count the same rows added, removed and changed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from cells import columns, write
from measured import HERE, Row, Run, conclude, memory_measure, parser, python, row
from pairs import CHANGED, GONE, packages

Counts = list[int]


def large(given: argparse.Namespace) -> Row:
    """The row of the packages of this tool."""
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as name:
        old, new = packages(Path(name), given.rows)
        runs = [ours(old, new) for _ in range(given.runs)]
    return row("dateline diff", runs, case="seven tables as Parquet", rows=given.rows)


def ours(old: Path, new: Path) -> Run:
    """One run of `dateline diff`."""
    return python("-m", "dateline", "diff", old, new, "--json", memory=True)


def theirs(old: Path, new: Path) -> Run:
    """One run of daff."""
    return python(HERE / "daff_diff.py", old / "events.csv", new / "events.csv", memory=True)


def counts(told: str) -> Counts:
    """The rows that `dateline` counts as added, removed and changed."""
    (table,) = (each for each in json.loads(told)["tables"] if each["name"] == "events")
    return [table[name] for name in ("added", "removed", "changed")]


def against_daff(given: argparse.Namespace) -> list[Row]:
    """A row for each side; exits where they count other rows."""
    runs: dict[str, list[Run]] = {"daff": [], "dateline diff": []}
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as name:
        old, new = (Path(name) / side for side in ("old", "new"))
        made = columns(given.daff_rows, 0, given.seed)
        for folder in (old, new):
            folder.mkdir()
            write(folder, made)
            (folder / "csv.json").rename(folder / "datapackage.json")
            made = changed(made)
        for _ in range(given.runs):
            reference, run = theirs(old, new), ours(old, new)
            runs["daff"].append(reference)
            runs["dateline diff"].append(run)
            expected, found = json.loads(reference.stdout), counts(run.stdout)
            if found != expected:
                sys.exit(f"expected the rows that daff counts, {expected}, got {found}")
    facts = {"case": "20 columns of CSV", "rows": given.daff_rows}
    slow, fast = (row(what, each, **facts) for what, each in runs.items())
    return [slow, fast | {"ratio": round(slow["median_seconds"] / fast["median_seconds"], 1)}]


def changed(made: dict[str, list[str]]) -> dict[str, list[str]]:
    """The cells of the new table: few rows have another id or another note."""
    count = len(made["id"])
    ids = [str(n + count) if n % GONE == 0 else text for n, text in enumerate(made["id"], 1)]
    notes = ["new" if n % CHANGED == 1 else text for n, text in enumerate(made["note"], 1)]
    return {**made, "id": ids, "note": notes}


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--rows", type=int, default=1_000_000, help="of each of the seven tables")
    options.add_argument("--daff-rows", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    conclude(given, [large(given), *against_daff(given)], memory=memory_measure())


if __name__ == "__main__":
    main()
