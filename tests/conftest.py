"""What several test files share: the command line in a process of its own, the built example."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import servers
from click.testing import CliRunner

from dateline.cli import main

ROOT = Path(__file__).parents[1]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def example_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the repository's example, built once; tests leave it as it is."""
    out = tmp_path_factory.mktemp("example") / "package"
    result = CliRunner().invoke(main, ["build", str(ROOT), "--out", str(out), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `dateline` as a user does: a process of its own, in `tmp_path` unless `cwd` is given."""
    # Absolute: the tests may run from a checkout that is not installed.
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}

    def runs(*arguments: str | Path, cwd: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-P", "-m", "dateline", *map(str, arguments)]
        return subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=120,
        )

    return runs


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of an S3 server with the bucket `servers.BUCKET`."""
    with servers.shared(tmp_path_factory, "seaweedfs", servers.seaweedfs) as facts:
        yield facts["endpoint"]


@pytest.fixture
def s3(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, with the environment of somebody who may write there."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", servers.KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", servers.SECRET)
    return s3_endpoint


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database of a server that runs for all tests."""
    with servers.shared(tmp_path_factory, "postgresql", servers.postgresql) as facts:
        yield f"postgresql://tests@127.0.0.1:{facts['port']}/postgres"


@pytest.fixture
def postgresql(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, with the environment of somebody who may write there."""
    monkeypatch.setenv("PGPASSWORD", servers.PASSWORD)
    return database


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists the damages of a package that were found, with the rules that told them."""
    from test_mutations import MUTATIONS

    reports = terminalreporter.stats.get("passed", [])
    marks = ("test_mutations.py::test_a_damaged_package", "[")
    nodes = [report.nodeid for report in reports if all(mark in report.nodeid for mark in marks)]
    found = sorted(node.partition("[")[2].removesuffix("]") for node in nodes)
    if found:
        terminalreporter.section(f"damaged packages: {len(found)} of {len(MUTATIONS)} found")
        for name in found:
            terminalreporter.write_line(f"{name}: {MUTATIONS[name][1]}")
