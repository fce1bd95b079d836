"""An output folder appears whole or not at all, whatever ends the run."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dateline.build.issues import EnvironmentFailure, UsageError
from dateline.build.staging import clean, scratch, staged

ROOT = Path(__file__).parents[1]
MARK = json.dumps({"dateline:version": "0.1.0"})


def package(folder: Path, text: str) -> Path:
    """A folder that this tool could have written."""
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(MARK)
    (folder / "data.csv").write_text(text)
    return folder


def build(out: Path, text: str, *, force: bool = False) -> None:
    with staged(out, force=force) as folder:
        (folder / "data").mkdir()
        (folder / "datapackage.json").write_text(MARK)
        (folder / "data.csv").write_text(text)


def interrupted(out: Path, error: type[BaseException]) -> None:
    with staged(out, force=False) as folder:
        (folder / "half.csv").write_text("half")
        raise error


def taken_meanwhile(out: Path) -> None:
    with staged(out, force=False):
        out.mkdir()
        (out / "notes.txt").write_text("mine")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def started(script: str, *arguments: Path) -> "subprocess.Popen[str]":
    """A process of its own that runs the script with `staged` at hand and says when it waits."""
    head = (
        "import os, sys, time; from pathlib import Path;"
        "from dateline.build import folders; from dateline.build.staging import staged\n"
        "def wait():\n    print('waiting', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", head + script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    return process


def killed(script: str, *arguments: Path) -> None:
    process = started(script, *arguments)
    process.send_signal(signal.SIGKILL)
    process.communicate()


IN_THE_BLOCK = """
with staged(Path(sys.argv[1]), force=False) as folder:
    (folder / "half.csv").write_text("half")
    wait()
"""
BETWEEN_TWO_RENAMES = """
rename = Path.rename
def then_wait(path, target):
    moved = rename(path, target)
    if str(target).endswith(".old"):
        wait()
    return moved
folders._exchange = folders._exchange_in_two_steps
Path.rename = then_wait
with staged(Path(sys.argv[1]), force=False) as folder:
    (folder / "new.csv").write_text("new")
"""


def test_a_new_folder_appears_at_the_end_with_all_that_was_written(tmp_path: Path) -> None:
    out = tmp_path / "dist" / "p"
    with staged(out, force=False) as folder:
        (folder / "a.csv").write_text("a")
        assert not out.exists()
        assert folder.parent == out.parent
    assert names(out) == ["a.csv"]
    assert names(out.parent) == ["p"]


def test_a_package_of_this_tool_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = package(tmp_path / "p", "old")
    (out / "gone.csv").write_text("old")
    build(out, "new")
    assert (out / "data.csv").read_text() == "new"
    assert names(out) == ["data", "data.csv", "datapackage.json"]
    assert names(tmp_path) == ["p"]


def test_an_empty_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    build(tmp_path / "p", "new")
    assert (tmp_path / "p/data.csv").read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_the_old_folder_and_nothing_else(
    error: type[BaseException], tmp_path: Path
) -> None:
    out = package(tmp_path / "p", "old")
    with pytest.raises(error):
        interrupted(out, error)
    assert (out / "data.csv").read_text() == "old"
    assert names(tmp_path) == ["p"]


def test_a_killed_run_leaves_the_old_folder_and_the_next_run_cleans_up(tmp_path: Path) -> None:
    out = package(tmp_path / "p", "old")
    killed(IN_THE_BLOCK, out)
    assert (out / "data.csv").read_text() == "old"
    assert len(names(tmp_path)) == 2
    build(out, "new")
    assert (out / "data.csv").read_text() == "new"
    assert names(tmp_path) == ["p"]


def test_a_first_run_that_is_killed_leaves_no_folder_of_that_name(tmp_path: Path) -> None:
    out = tmp_path / "p"
    killed(IN_THE_BLOCK, out)
    assert not out.exists()
    build(out, "new")
    assert names(tmp_path) == ["p"]


def test_a_folder_that_a_killed_run_had_moved_away_is_put_back(tmp_path: Path) -> None:
    out = package(tmp_path / "p", "old")
    killed(BETWEEN_TWO_RENAMES, out)
    assert not out.exists()
    clean(out)
    assert (out / "data.csv").read_text() == "old"
    assert names(tmp_path) == ["p"]


def test_a_live_run_is_not_cleaned_up(tmp_path: Path) -> None:
    out = package(tmp_path / "p", "old")
    process = started(IN_THE_BLOCK, out)
    try:
        build(out, "new")
        assert (out / "data.csv").read_text() == "new"
        (other,) = (name for name in names(tmp_path) if name != "p")
        assert (tmp_path / other / "half.csv").read_text() == "half"
    finally:
        process.kill()
        process.communicate()


def test_a_folder_that_a_live_run_has_moved_away_is_left_to_it(tmp_path: Path) -> None:
    out = package(tmp_path / "p", "old")
    process = started(BETWEEN_TWO_RENAMES, out)
    try:
        clean(out)
        assert not out.exists()
    finally:
        process.kill()
        process.communicate()


def test_the_last_of_two_runs_at_once_wins_and_both_are_whole(tmp_path: Path) -> None:
    out = tmp_path / "p"
    with staged(out, force=False) as first:
        (first / "datapackage.json").write_text(MARK)
        (first / "data.csv").write_text("first")
        build(out, "second")
        assert (out / "data.csv").read_text() == "second"
    assert (out / "data.csv").read_text() == "first"
    assert names(tmp_path) == ["p"]


def test_folders_of_other_names_are_left_alone(tmp_path: Path) -> None:
    others = [".p.0123abcd.tmp.x", ".p2.0123abcd.tmp", ".p.notes.tmp", ".p.0123abcd.bak"]
    for name in others:
        (tmp_path / name).mkdir()
    build(tmp_path / "p", "new")
    assert names(tmp_path) == sorted([*others, "p"])


@pytest.mark.parametrize(
    "files",
    [
        {"notes.txt": "mine"},
        {"datapackage.json": "{}"},
        {"datapackage.json": '{"dateline": {}}'},
        {"datapackage.json": "not JSON"},
        {"datapackage.json": "[]"},
    ],
)
def test_a_folder_that_this_tool_did_not_write_is_refused(
    files: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "p"
    out.mkdir()
    for name, text in files.items():
        (out / name).write_text(text)
    with pytest.raises(UsageError, match="--force"):
        build(out, "new")
    assert {name: (out / name).read_text() for name in names(out)} == files
    assert names(tmp_path) == ["p"]
    build(out, "new", force=True)
    assert (out / "data.csv").read_text() == "new"


def test_a_folder_that_became_foreign_meanwhile_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "p"
    with pytest.raises(UsageError, match="--force"):
        taken_meanwhile(out)
    assert names(out) == ["notes.txt"]
    assert names(tmp_path) == ["p"]


def test_a_file_in_the_place_is_refused_even_with_force(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("mine")
    with pytest.raises(UsageError, match="got a file"):
        build(tmp_path / "p", "new", force=True)


def test_the_current_folder_and_those_above_it_are_refused_even_with_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = package(tmp_path / "p", "old") / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    for out in (Path(), Path(".."), tmp_path):
        with pytest.raises(UsageError, match="current folder"):
            build(out, "new", force=True)


def test_a_link_stays_and_what_it_names_is_replaced(tmp_path: Path) -> None:
    target = package(tmp_path / "store" / "p", "old")
    (tmp_path / "p").symlink_to(target)
    build(tmp_path / "p", "new")
    assert (tmp_path / "p").is_symlink()
    assert (target / "data.csv").read_text() == "new"


def test_a_folder_below_a_file_is_a_failure_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentFailure, match="cannot be written to: File exists"):
        build(tmp_path / "file" / "p", "new")


def test_a_full_disk_is_a_failure_of_the_environment(tmp_path: Path) -> None:
    out = package(tmp_path / "p", "old")
    with (
        pytest.raises(EnvironmentFailure, match="No space left on device"),
        staged(out, force=False),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    assert (out / "data.csv").read_text() == "old"
    assert names(tmp_path) == ["p"]


def test_a_full_disk_under_a_folder_on_the_way_is_told_by_its_place(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    told = pytest.raises(EnvironmentFailure, match="out: cannot be written to: No space left")
    with told, scratch(tmp_path / "out"):
        raise error
    assert names(tmp_path) == []


def test_a_failure_to_read_something_else_is_not_blamed_on_the_output(tmp_path: Path) -> None:
    missing = tmp_path / "articles.json"
    with pytest.raises(FileNotFoundError), staged(tmp_path / "p", force=False):
        missing.read_text()


def test_a_failure_in_the_folder_is_one_of_the_environment(tmp_path: Path) -> None:
    with (
        pytest.raises(EnvironmentFailure, match="cannot be written to"),
        staged(tmp_path / "p", force=False) as folder,
    ):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder / "a"))


def test_the_umask_decides_who_may_read_and_not_what_is_written(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        build(tmp_path / "p", "new")
    finally:
        os.umask(old)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "p").iterdir()}
    assert modes == {"data": 0o750, "data.csv": 0o640, "datapackage.json": 0o640}
    assert (tmp_path / "p").stat().st_mode & 0o777 == 0o750
