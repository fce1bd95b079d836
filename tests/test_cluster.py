"""Builds on a Dask cluster: the same bytes, also when workers die; told in a line when it fails."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from projects import (
    CACHE,
    COMMAND,
    ENVIRONMENT,
    ROOT,
    change_settings,
    digests,
    example_project,
    generated,
)

pytest.importorskip("distributed", reason="builds on a cluster need the extra dask")
pytestmark = pytest.mark.slow

Process = subprocess.Popen[str]
FILES = 60


@contextmanager
def running(
    module: str, *arguments: str, cwd: Path, path: Path = ROOT / "src"
) -> Iterator[Process]:
    """A process of Dask's own, in a folder of its own; killed at the end."""
    cwd.mkdir()
    with (cwd / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"distributed.cli.{module}", *arguments],
            cwd=cwd,
            env={**ENVIRONMENT, "PYTHONPATH": str(path)},
            stdout=log,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)


def waited_for(log: Path, words: str) -> str:
    """The line of a log that has these words, once it is there."""
    deadline = time.monotonic() + 60
    while True:
        for line in log.read_text("utf-8").splitlines():
            if words in line:
                return line
        assert time.monotonic() < deadline, log.read_text("utf-8")
        time.sleep(0.05)


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """The address of a scheduler."""
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with running("dask_scheduler", *options, cwd=folder):
        yield waited_for(folder / "log", "Scheduler at:").split()[-1]


@contextmanager
def worker(address: str, folder: Path, path: Path = ROOT / "src") -> Iterator[Process]:
    """A worker of a scheduler, of one thread, that works in a folder of its own."""
    options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
    where = ("--local-directory", str(folder / "local"))
    with running("dask_worker", address, *options, *where, cwd=folder, path=path) as process:
        waited_for(folder / "log", "Registered to:")
        yield process


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, with its codebook and texts, and more articles; in many blocks."""
    project = example_project(tmp_path_factory.mktemp("cluster") / "project")
    generated(project / "many", 900, FILES, 8_000_000)
    change_settings(project, lambda settings: settings["articles"].append("many/*.jsonl"))
    return project


@pytest.fixture(scope="module")
def expected(project: Path) -> dict[str, str]:
    """The digests of the files that one process makes of the project."""
    built(project, project.parent / "expected", "--jobs", "1", "--no-cache")
    return digests(project.parent / "expected")


def started(project: Path, out: Path, *options: str) -> Process:
    command = [*COMMAND, "build", ".", "--out", str(out), *options]
    return subprocess.Popen(
        command,
        cwd=project,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def built(project: Path, out: Path, *options: str) -> None:
    """A build that says nothing on stderr and leaves nothing beside its output."""
    process = started(project, out, *options)
    told, noise = process.communicate(timeout=240)
    assert (process.returncode, noise) == (0, ""), (told, noise)
    assert list(out.parent.glob(f".{out.name}.*")) == []


def dask(address: str) -> tuple[str, ...]:
    return ("--engine", "dask", "--scheduler", address)


@pytest.fixture
def cold(project: Path) -> Path:
    """The project without a cache."""
    shutil.rmtree(project / ".dateline", ignore_errors=True)
    return project


def test_a_cluster_gives_the_bytes_of_one_process(
    cold: Path, expected: dict[str, str], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        address = stack.enter_context(scheduler(tmp_path / "scheduler"))
        for number in range(3):
            stack.enter_context(worker(address, tmp_path / f"worker-{number}"))
        built(cold, tmp_path / "out", *dask(address))
        assert digests(tmp_path / "out") == expected
        # Workers know the parts of the build before, and definitions that have changed since.
        kept = set((cold / CACHE).glob("*/*.part"))
        assert len(kept) > 20
        built(cold, tmp_path / "out", *dask(address))
        assert set((cold / CACHE).glob("*/*.part")) == kept
        assert digests(tmp_path / "out") == expected
        built(cold, tmp_path / "full", *dask(address), "--no-cache")
        assert digests(tmp_path / "full") == expected
        changed = codebook_changed(cold, tmp_path / "changed")
        built(changed, tmp_path / "out", *dask(address))
        built(changed, tmp_path / "local", "--jobs", "2", "--no-cache")
        assert digests(tmp_path / "out") == digests(tmp_path / "local") != expected


def test_two_of_three_workers_may_be_killed(
    cold: Path, expected: dict[str, str], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        address = stack.enter_context(scheduler(tmp_path / "scheduler"))
        workers = [
            stack.enter_context(worker(address, tmp_path / f"worker-{number}"))
            for number in range(3)
        ]
        process = started(cold, tmp_path / "out", *dask(address))
        deadline = time.monotonic() + 60
        for number, victim in enumerate(workers[:2]):
            while len(list((cold / CACHE).glob("*/*.part"))) < 2 + 3 * number:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.002)
            victim.send_signal(signal.SIGKILL)
        made = len(list((cold / CACHE).glob("*/*.part")))
        told, noise = process.communicate(timeout=240)
        assert (process.returncode, noise) == (0, ""), told
        assert made < len(list((cold / CACHE).glob("*/*.part"))) - 3
        assert workers[2].poll() is None
    assert digests(tmp_path / "out") == expected
