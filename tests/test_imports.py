"""The command line starts light: heavy libraries are imported by the commands that need them."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"pyarrow", "duckdb", "frictionless", "jsonschema", "jsonschema_rs", "rich", "orjson"}


def imported(*arguments: str, folder: Path) -> set[str]:
    """Top-level names of all that a fresh interpreter imports when run with these arguments."""
    run = subprocess.run(
        [sys.executable, "-P", "-X", "importtime", *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    modules = [line.rpartition("|")[2].strip() for line in run.stderr.splitlines()]
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", "import dateline.cli"),
        ("-m", "dateline", "--help"),
        ("-m", "dateline", "build", "--help"),
    ],
    ids=" ".join,
)
def test_no_heavy_library_is_imported(arguments: tuple[str, ...], tmp_path: Path) -> None:
    names = imported(*arguments, folder=tmp_path)
    assert "click" in names
    assert sorted(names & HEAVY) == []
