"""Projects of several blocks that are quick to build, and what builds of them say and make."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from click.testing import CliRunner
from tables import files

from dateline.cli import main

Json = dict[str, Any]

ROOT = Path(__file__).parents[1]
# As a user's process has it; absolute, since the tests may run from another folder.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
COMMAND = (sys.executable, "-P", "-m", "dateline")
CACHE = Path(".dateline", "cache")


def example_project(folder: Path) -> Path:
    """The repository's example with its codebook, registry and texts, as a project to change."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    content = json.loads((ROOT / "datapackage.json").read_bytes())
    # After the day of any article that may be added.
    content["created"] = "2030-01-01T00:00:00Z"
    (folder / "datapackage.json").write_text(json.dumps(content), "utf-8")
    return folder


def generated(folder: Path, articles: int, count: int, padding: int, kind: str = "clean") -> None:
    """Articles in `count` files of lines, each with a blank line of `padding` bytes at its end.

    Blocks are cut by bytes: the blank line makes a file large without work for anybody.
    """
    each = str(-(-articles // count))
    program = str(ROOT / "benchmarks" / "corpus.py")
    command = [sys.executable, program, str(articles), "--kind", kind, "--articles-per-file", each]
    subprocess.run([*command, "--out", str(folder)], check=True, capture_output=True)
    for path in folder.iterdir():
        with path.open("ab") as file:
            file.write(b" " * padding)


def change_settings(project: Path, change: Callable[[Json], object]) -> None:
    """Changes the tool's settings in a project's file in place."""
    path = project / "datapackage.json"
    content = json.loads(path.read_bytes())
    change(content["dateline"])
    path.write_text(json.dumps(content), "utf-8")


def digests(package: Path) -> dict[str, str]:
    """The SHA-256 of each file of a package."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in files(package)}


@dataclass(frozen=True)
class Built:
    """What a command said and made: exit code, report, digests of the package (none: no files)."""

    code: int
    report: Json
    package: dict[str, str]


def build(project: Path, out: Path, *options: str) -> Built:
    """A build of a project in this process, from its folder, which has to be the current one."""
    command = ["build", ".", "--out", str(out), "--jobs", "1", "--json", *options]
    result = CliRunner().invoke(main, command)
    assert result.exit_code in (0, 1), result.output
    report: Json = json.loads(result.stdout)
    assert Path.cwd() == project
    # The only thing that says where it was written.
    report.pop("package", None)
    return Built(result.exit_code, report, digests(out))


def parts(project: Path) -> dict[str, int]:
    """The parts that a project's cache holds: their names and inodes."""
    return {path.name: path.stat().st_ino for path in (project / CACHE).glob("*/*.part")}


def descendants(pid: int) -> list[psutil.Process]:
    """The processes that a process has started, and those that they have."""
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def lives(process: psutil.Process) -> bool:
    """Whether a process is still at work; nobody may be there to ask how it ended."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
