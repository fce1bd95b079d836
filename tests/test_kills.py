"""A build that is killed at any moment leaves the old output; the next one is right and tidy."""

import atexit
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from projects import (
    CACHE,
    COMMAND,
    ENVIRONMENT,
    change_settings,
    descendants,
    digests,
    example_project,
    generated,
    lives,
)

KILLS = 20
# What a killed process leaves in the folder for such files goes with the tests. The path is
# short: the name of a socket in it has at most a hundred characters.
TEMPORARY = tempfile.mkdtemp(prefix="kills-")
atexit.register(shutil.rmtree, TEMPORARY, ignore_errors=True)


def started(project: Path, out: Path, *options: str) -> "subprocess.Popen[bytes]":
    """A build in two processes, in a process group of its own."""
    command = [*COMMAND, "build", ".", "--out", str(out), "--jobs", "2", "--quiet", *options]
    return subprocess.Popen(
        command,
        cwd=project,
        env={**ENVIRONMENT, "TMPDIR": TEMPORARY},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def finished(project: Path, out: Path, *options: str) -> float:
    """How many seconds a build took that was not killed."""
    began = time.monotonic()
    assert started(project, out, *options).wait(120) == 0
    return time.monotonic() - began


def killed(process: "subprocess.Popen[bytes]", delay: float, *, whole: bool) -> None:
    """Kills a build after a while, with all its processes or alone; returns when all have ended."""
    time.sleep(delay)
    others = descendants(process.pid)
    if whole:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait(10)
    deadline = time.monotonic() + 20
    while any(map(lives, others)):
        assert time.monotonic() < deadline, others
        time.sleep(0.01)


def project_of(folder: Path) -> Path:
    """The example and 240 more articles in 40 files, in several blocks."""
    project = example_project(folder)
    generated(project / "many", 240, 40, 1_500_000)
    change_settings(project, lambda settings: settings["articles"].append("many/*.jsonl"))
    return project


@pytest.mark.slow
def test_a_build_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    project = project_of(tmp_path / "project")
    full = finished(project, tmp_path / "full", "--no-cache")
    expected = digests(tmp_path / "full")
    old = shutil.copytree(tmp_path / "full", tmp_path / "old")
    (old / "data" / "notes.txt").write_text("of an earlier build")
    out = shutil.copytree(old, tmp_path / "place" / "out")
    chance = random.Random(4)
    delays = [full * (n + chance.random()) / KILLS for n in range(KILLS)]
    chance.shuffle(delays)
    untouched = 0
    for number, delay in enumerate(delays):
        if number % 4 == 0:
            # The map step is to be killed too, which has little to do where all is kept.
            shutil.rmtree(project / CACHE, ignore_errors=True)
        killed(started(project, out), delay, whole=number % 2 == 0)
        if digests(out) == expected:
            # It was done before it was killed.
            shutil.rmtree(out)
            shutil.copytree(old, out)
        else:
            assert digests(out) == digests(old)
            untouched += 1
    assert untouched >= KILLS / 2
    finished(project, out)
    assert digests(out) == expected
    assert sorted(path.name for path in out.parent.iterdir()) == ["out", "tmp"]
