"""Cells and keys against frictionless: the same files, the same list of errors, the times of both.

    python benchmarks/validate.py --rows 100000

Each case is judged by both sides in one process, in turn: `csv` (all cells valid), `csv-bad` (one
row in 500 breaks a rule), `parquet` (all cells valid; frictionless reads the CSV of the same rows).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cells import columns, write, write_parquet
from measured import Row, Run, conclude, parser, row

from dateline.build.verify import verify

Errors = list[tuple[int, str, str]]
# Case -> the share of rows that break a rule.
CASES = {"csv": 0.0, "csv-bad": 0.002, "parquet": 0.0}


def ours(folder: Path, ending: str) -> Errors:
    """Row, field and rule of every error that this tool finds."""
    issues = verify(folder / f"{ending}.json").issues
    return sorted((i.cell.row, i.cell.field, i.rule) for i in issues if i.cell is not None)


def theirs(folder: Path) -> Errors:
    """The same of frictionless."""
    from frictionless import Package as Reference

    report = Reference(str(folder / "csv.json")).validate(limit_errors=10**9)
    errors = [error.to_descriptor() for task in report.tasks for error in task.errors]
    return sorted((e.get("rowNumber", 0), e.get("fieldName", ""), e["type"]) for e in errors)


def timed(call: Callable[[], Errors]) -> tuple[Errors, Run]:
    """What a call returns, and its seconds."""
    began, before = time.perf_counter(), time.process_time()
    result = call()
    return result, Run(time.perf_counter() - began, time.process_time() - before)


def measure(case: str, given: argparse.Namespace) -> list[Row]:
    """A row for each side; exits where their errors differ."""
    ending = case.partition("-")[0]
    runs: dict[str, list[Run]] = {"frictionless": [], "dateline": []}
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as name:
        folder = Path(name)
        made = columns(given.rows, CASES[case], given.seed)
        write(folder, made)
        if ending == "parquet":
            write_parquet(folder, made)
        del made
        ours(folder, ending)  # imports what it needs
        for _ in range(given.runs):
            found, run = timed(lambda: ours(folder, ending))
            expected, reference = timed(lambda: theirs(folder))
            runs["dateline"].append(run)
            runs["frictionless"].append(reference)
            if found != expected:
                differ = sorted(set(found) ^ set(expected))
                sys.exit(
                    f"{case}: expected the same errors, got {len(differ)} of one: {differ[:5]}"
                )
    facts = {"case": case, "rows": given.rows, "errors": len(found)}
    slow, fast = (row(what, each, **facts) for what, each in runs.items())
    ratios = {
        name: round(slow[f"median_{key}"] / fast[f"median_{key}"], 1)
        for name, key in (("ratio", "seconds"), ("ratio_cpu", "cpu_seconds"))
    }
    return [slow, fast | ratios]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    conclude(given, [one for case in given.cases for one in measure(case, given)])


if __name__ == "__main__":
    main()
