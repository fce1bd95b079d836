"""Workers give results in order, whoever they are; one that dies is replaced."""

import signal
import subprocess
import sys
import time
from itertools import count, islice
from pathlib import Path

import pytest
from projects import COMMAND, ENVIRONMENT, descendants, example_project, lives

from dateline.build.workers import RETRIES, local, windowed

# Workers import this module by its name, as pytest has it on the path of none.
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from dateline.build.issues import EnvironmentFailure
from dateline.build.workers import local

folder = Path(sys.argv[1])

def squared(number):
    marks = sorted(folder.glob(f"{number}.*"))
    if (folder / f"kill-{number}").exists() and len(marks) < int(sys.argv[2]):
        (folder / f"{number}.{len(marks)}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number

def slow(number):
    (folder / f"at-work-{number}").touch()
    time.sleep(60)

if __name__ == "__main__":
    try:
        with local(2) as workers:
            print(*workers.map(globals()[sys.argv[3]], range(20)))
            print(workers.beside(squared, 20).result())
    except EnvironmentFailure as failure:
        print(failure)
"""


def started(folder: Path, deaths: int, function: str = "squared") -> "subprocess.Popen[str]":
    """A process that maps 20 numbers by two workers of its own, and squares 20 beside."""
    (folder / "program.py").write_text(PROGRAM, "utf-8")
    return subprocess.Popen(
        [sys.executable, folder / "program.py", folder, str(deaths), function],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


SQUARES = " ".join(str(n * n) for n in range(20)) + "\n400\n"


@pytest.mark.parametrize("victims", [(0,), (7,), (19,), (0, 1, 2), (3, 4, 11), (20,)])
def test_a_worker_that_dies_is_replaced(victims: tuple[int, ...], tmp_path: Path) -> None:
    for number in victims:
        (tmp_path / f"kill-{number}").touch()
    process = started(tmp_path, deaths=1)
    assert process.communicate(timeout=60) == (SQUARES, "")
    assert sorted(path.name for path in tmp_path.glob("*.0")) == sorted(
        f"{number}.0" for number in victims
    )


def test_a_worker_that_always_dies_ends_the_run_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "kill-7").touch()
    told, noise = started(tmp_path, deaths=99).communicate(timeout=60)
    expected = "a worker process died, perhaps for lack of memory; try again with fewer --jobs\n"
    assert (told, noise) == (expected, "")
    assert len(list(tmp_path.glob("7.*"))) == RETRIES + 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_process_that_they_work_for(number: int, tmp_path: Path) -> None:
    process = started(tmp_path, 0, "slow")
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("at-work-*"))) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    own = descendants(process.pid)
    assert len(own) >= 3
    process.send_signal(number)
    process.communicate(timeout=30)
    while any(map(lives, own)):
        assert time.monotonic() < deadline, own
        time.sleep(0.01)


def squared(number: int) -> int:
    return number * number


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    with local(jobs) as workers:
        assert list(workers.map(abs, range(-50, 0))) == list(range(50, 0, -1))
        assert workers.beside(max, 3, 4).result() == 4
        assert list(workers.mapper(abs, [-1, 2])) == [1, 2]


@pytest.mark.parametrize("jobs", [1, 2])
def test_items_are_taken_only_a_few_ahead(jobs: int) -> None:
    taken = count()
    with local(jobs) as workers:
        assert list(islice(workers.map(abs, taken), 10)) == list(range(10))
        assert next(taken) <= 10 + 4 * jobs + 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_a_function_is_raised_where_its_result_is_read(jobs: int) -> None:
    with local(jobs) as workers:
        results = workers.map(int, ["1", "x", "3"])
        assert next(results) == 1
        with pytest.raises(ValueError, match="invalid literal"):
            next(results)


def test_a_window_holds_so_many_and_no_more() -> None:
    open_items: list[int] = []

    def submit(item: int) -> int:
        open_items.append(item)
        return -item

    for item, result in windowed(submit, range(100), 4):
        assert result == -item
        assert len(open_items) <= 4
        open_items.remove(item)


def always_dying(project: Path) -> str:
    """A program that builds a project with workers that die on any article."""
    return f"""
import os, signal
from pathlib import Path
import dateline.build.mapping as mapping
if __name__ != "__main__":
    mapping.block_records = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
else:
    from dateline.cli import main
    main(["build", {str(project)!r}, "--jobs", "2", "--out", {str(project / "out")!r}])
"""


def test_a_build_whose_workers_always_die_ends_with_exit_code_3(tmp_path: Path) -> None:
    project = example_project(tmp_path / "project")
    (tmp_path / "program.py").write_text(always_dying(project), "utf-8")
    result = subprocess.run(
        [sys.executable, tmp_path / "program.py"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert result.returncode == 3, result.stderr
    assert result.stdout == ""
    assert result.stderr == (
        "Error: a worker process died, perhaps for lack of memory; try again with fewer --jobs\n"
    )
    assert not (project / "out").exists()
    assert list(project.glob(".out.*")) == []


def test_a_long_path_of_temporary_files_is_no_obstacle(tmp_path: Path) -> None:
    """The sockets of a server of processes have short paths only."""
    project = example_project(tmp_path / "project")
    folder = tmp_path / ("long-" * 20)
    folder.mkdir()
    result = subprocess.run(
        [*COMMAND, "build", str(project), "--jobs", "2"],
        env=ENVIRONMENT | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert result.returncode == 0, result.stderr
    assert list(folder.iterdir()) == []
