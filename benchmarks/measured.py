"""Running commands and measuring them: seconds, processor seconds, memory; results as JSON.

A result has the keys `benchmark`, `command`, `machine`, `runs` and `rows`; what one benchmark adds
stands beside them. A row has `what`, `seconds` of every run and their medians.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import IO, Any

import psutil

HERE = Path(__file__).parent
# Reading the memory of a process takes time from it: often enough to see a peak of a second.
INTERVAL = 0.2
# From Linux' prctl.h.
_CHILD_SUBREAPER = 36
LIBRARIES = (
    *("distributed", "duckdb", "frictionless", "jsonschema", "jsonschema-rs"),
    *("orjson", "pyarrow"),
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A process that has ended: its seconds, start included, and those of processors.

    `peak` is the largest sum over the tree of its processes, in bytes; null where not asked for.
    """

    seconds: float
    cpu_seconds: float
    stdout: str = ""
    peak: int | None = None


def python(
    *arguments: str | Path, cwd: Path | None = None, expected: int = 0, memory: bool = False
) -> Run:
    """A Python process, run to its end; exits with its messages where its code is another."""
    path = os.pathsep.join(filter(None, (str(HERE.parent / "src"), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": path}
    _adopt_orphans()
    # Files, since nobody reads a pipe while the process runs.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        before, began = _children_seconds(), time.perf_counter()
        process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=out, stderr=err)
        peak = _peak(process) if memory else None
        code = process.wait()
        seconds = time.perf_counter() - began
        _wait_for_orphans()
        busy = _children_seconds() - before
        told, errors = map(_text, (out, err))
    if code != expected:
        sys.exit(f"{' '.join(command[1:])}: exit {code}\n{told}{errors}")
    return Run(seconds, busy, told, peak)


def _text(file: IO[bytes]) -> str:
    """All that a process has written."""
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def build(articles: Path, out: Path, *options: str, cwd: Path | None = None, **how: Any) -> Run:
    """`dateline build` of some articles into a folder."""
    return python("-m", "dateline", "build", articles, "--out", out, *options, cwd=cwd, **how)


def _adopt_orphans() -> None:
    """Makes processes whose parent has ended children of this one, where the system can do it."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans() -> None:
    """Waits until all have ended: the server of a pool's processes ends after who started it."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _children_seconds() -> float:
    """Processor seconds of all processes started here that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(process: subprocess.Popen[bytes]) -> int:
    """The largest memory of a process and all below it, looked at until it ends."""
    peak, root = 0, psutil.Process(process.pid)
    while True:
        peak = max(peak, _memory(root))
        try:
            process.wait(INTERVAL)
        except subprocess.TimeoutExpired:
            continue
        return peak


def _memory(root: psutil.Process) -> int:
    """Bytes that a process and all below it hold now."""
    held = 0
    try:
        for process in (root, *root.children(recursive=True)):
            try:
                full = process.memory_full_info()
                held += getattr(full, "pss", full.rss)
            except psutil.Error:  # ended since it was listed
                continue
    except psutil.Error:
        return held
    return held


def memory_measure() -> str:
    """What the memory of a process is here: shared pages by their share, or in full."""
    return "PSS" if hasattr(psutil.Process().memory_full_info(), "pss") else "RSS"


def row(what: str, runs: Sequence[Run], **more: Any) -> Row:
    """One row of a table: each run's seconds and the medians; the highest peak of memory."""
    found = {
        "what": what,
        **more,
        "seconds": [round(run.seconds, 4) for run in runs],
        "median_seconds": round(median(run.seconds for run in runs), 4),
        "median_cpu_seconds": round(median(run.cpu_seconds for run in runs), 4),
    }
    peaks = [run.peak for run in runs if run.peak is not None]
    return found | ({"peak_bytes": max(peaks)} if peaks else {})


def machine() -> dict[str, Any]:
    """What the figures depend on: cores, memory, system, versions; nothing that names it."""
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "dateline": version("dateline"),
        "libraries": versions,
    }


def parser(text: str, runs: int = 5) -> argparse.ArgumentParser:
    """The options that all benchmarks have."""
    made = argparse.ArgumentParser(description=text.splitlines()[0])
    made.add_argument("--runs", type=int, default=runs, help="of each side; medians are reported")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the result there as well")
    return made


def conclude(given: argparse.Namespace, rows: list[Row], **facts: Any) -> None:
    """Prints a benchmark's rows and facts, and writes its result where a file is given."""
    name = Path(sys.argv[0]).stem
    options = [
        f" --{key.replace('_', '-')} {_shown(value)}"
        for key, value in vars(given).items()
        if key != "json" and value is not None
    ]
    command = f"python benchmarks/{name}.py{''.join(options)}"
    head = {"benchmark": name, "command": command, "machine": machine(), "runs": given.runs}
    for each in rows:
        print("  ".join(f"{key} {value}" for key, value in each.items() if key != "seconds"))
    for key, value in facts.items():
        print(f"{key}: {value}")
    if given.json is not None:
        result = {**head, **facts, "rows": rows}
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


def _shown(value: Any) -> str:
    """An option's value as the command line has it."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
