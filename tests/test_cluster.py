"""Builds on a Dask cluster: the same bytes, also when workers die; told in a line when it fails."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
from projects import (
    CACHE,
    COMMAND,
    ENVIRONMENT,
    ROOT,
    change_settings,
    descendants,
    digests,
    example_project,
    generated,
    lives,
)

pytest.importorskip("distributed", reason="builds on a cluster need the extra dask")
pytestmark = pytest.mark.slow

Process = subprocess.Popen[str]
FILES = 40
SOURCE = ROOT / "src"


@contextmanager
def running(module: str, *arguments: str, cwd: Path, path: Path = SOURCE) -> Iterator[Process]:
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
def scheduler(folder: Path, path: Path = SOURCE) -> Iterator[str]:
    """The address of a scheduler."""
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with running("dask_scheduler", *options, cwd=folder, path=path):
        yield waited_for(folder / "log", "Scheduler at:").split()[-1]


@contextmanager
def worker(address: str, folder: Path, path: Path = SOURCE) -> Iterator[Process]:
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
    generated(project / "many", 600, FILES, 8_000_000)
    change_settings(project, lambda settings: settings["articles"].append("many/*.jsonl"))
    return project


@pytest.fixture(scope="module")
def expected(project: Path) -> dict[str, str]:
    """The digests of the files that one process makes of the project."""
    built(project, project.parent / "expected", "--jobs", "1", "--no-cache")
    return digests(project.parent / "expected")


def started(project: Path, out: Path, *options: str) -> Process:
    command = [*COMMAND, "build", ".", "--out", str(out), "--json", *options]
    return subprocess.Popen(
        command,
        cwd=project,
        env={**ENVIRONMENT, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"},
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
        kept = set((cold / CACHE).glob("*/*.part"))
        assert len(kept) > 10
        built(cold, tmp_path / "out", *dask(address))
        assert set((cold / CACHE).glob("*/*.part")) == kept
        assert digests(tmp_path / "out") == expected
        assert_codebook_is_read_again(cold, tmp_path / "out", address)
        assert digests(tmp_path / "out") == expected


def assert_codebook_is_read_again(project: Path, out: Path, address: str) -> None:
    """Workers that outlive a build go by the codebook of the next, which lacks a value."""
    path = project / "examples" / "codebook" / "vocab" / "infrastructure.csv"
    before = path.read_bytes()
    path.write_bytes(b"".join(line for line in before.splitlines(True) if b"road_b" not in line))
    ways = [dask(address), ("--jobs", "1", "--no-cache")]
    told = [started(project, out, *way).communicate(timeout=240)[0] for way in ways]
    path.write_bytes(before)
    assert told[0] == told[1]
    assert "road_bridge" in told[0]


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


def test_a_cluster_is_started_here_where_none_is_named(
    cold: Path, expected: dict[str, str], tmp_path: Path
) -> None:
    before = {each.pid for each in psutil.process_iter()}
    process = started(cold, tmp_path / "out", "--engine", "dask", "--jobs", "2")
    own: set[psutil.Process] = set()
    while process.poll() is None:
        own.update(descendants(process.pid))
        time.sleep(0.05)
    told, noise = process.communicate()
    assert (process.returncode, noise) == (0, ""), told
    assert digests(tmp_path / "out") == expected
    assert len({each.pid for each in own} - before) >= 3
    assert list(filter(lives, own)) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


# How it fails


def failed(project: Path, out: Path, *options: str) -> tuple[int, str]:
    """The exit code and the messages of a build that makes nothing."""
    process = started(project, out, *options)
    told, noise = process.communicate(timeout=240)
    assert told == ""
    assert not out.exists()
    assert list(out.parent.glob(f".{out.name}.*")) == []
    return process.returncode, noise


def test_no_scheduler_at_the_address_is_a_failure_in_one_line(
    project: Path, tmp_path: Path
) -> None:
    code, noise = failed(project, tmp_path / "out", *dask("tcp://127.0.0.1:9"))
    assert code == 3
    assert noise.count("\n") == 1
    assert noise.startswith("Error: tcp://127.0.0.1:9: no Dask scheduler with workers answers")


@pytest.mark.parametrize("address", ["nowhere", "no://127.0.0.1:9", "tcp://", "tcp://[x:1"])
def test_what_is_no_address_is_a_failure_in_one_line(
    address: str, project: Path, tmp_path: Path
) -> None:
    code, noise = failed(project, tmp_path / "out", *dask(address))
    assert code == 3
    assert noise.count("\n") == 1
    assert address in noise


def test_an_address_without_the_engine_is_wrong_usage(project: Path, tmp_path: Path) -> None:
    code, noise = failed(project, tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert code == 2
    assert "--scheduler is for --engine dask" in noise


def other_code(folder: Path) -> Path:
    """A copy of this tool in which a line of one file is another."""
    for name in ("build", "schema", "src"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True)
    (folder / "cli.py").write_bytes((ROOT / "cli.py").read_bytes())
    with (folder / "build" / "numbers.py").open("a") as file:
        file.write("# Another version.\n")
    return folder / "src"


def test_a_worker_with_other_code_is_refused(cold: Path, tmp_path: Path) -> None:
    with (
        scheduler(tmp_path / "scheduler") as address,
        worker(address, tmp_path / "worker", other_code(tmp_path / "other")),
    ):
        code, noise = failed(cold, tmp_path / "out", *dask(address))
    assert code == 3
    assert noise.count("\n") == 1
    assert "another version" in noise
    assert list((cold / CACHE).glob("*/*.part")) == []


@pytest.mark.parametrize("who", ["worker", "scheduler"])
def test_a_machine_without_this_tool_is_refused(who: str, cold: Path, tmp_path: Path) -> None:
    empty = tmp_path / "none" / "dateline"
    empty.mkdir(parents=True)
    (empty / "__init__.py").write_text("")
    paths = {"worker": SOURCE, "scheduler": SOURCE, who: empty.parent}
    with (
        scheduler(tmp_path / "scheduler", paths["scheduler"]) as address,
        worker(address, tmp_path / "worker", paths["worker"]),
    ):
        code, noise = failed(cold, tmp_path / "out", *dask(address))
    assert code == 3
    assert noise.count("\n") == 1
    assert "install the same" in noise


def test_a_scheduler_that_dies_is_a_failure_in_one_line(cold: Path, tmp_path: Path) -> None:
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with running("dask_scheduler", *options, cwd=tmp_path / "scheduler") as head:
        address = waited_for(tmp_path / "scheduler" / "log", "Scheduler at:").split()[-1]
        with worker(address, tmp_path / "worker"):
            process = started(cold, tmp_path / "out", *dask(address))
            while not list((cold / CACHE).glob("*/*.part")):
                assert process.poll() is None
                time.sleep(0.01)
            head.kill()
            _, noise = process.communicate(timeout=120)
    assert process.returncode == 3
    assert noise.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_build_whose_workers_have_all_gone_fails(cold: Path, tmp_path: Path) -> None:
    with (
        scheduler(tmp_path / "scheduler") as address,
        worker(address, tmp_path / "worker") as only,
    ):
        process = started(cold, tmp_path / "out", *dask(address))
        while not list((cold / CACHE).glob("*/*.part")):
            assert process.poll() is None
            time.sleep(0.01)
        only.kill()
        _, noise = process.communicate(timeout=120)
    assert (process.returncode, noise) == (3, "Error: the cluster has no workers any more\n")
