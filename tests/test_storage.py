"""Builds on a cluster whose workers share a storage alone: a folder, or S3 served on loopback."""

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from projects import (
    CACHE,
    COMMAND,
    ENVIRONMENT,
    change_settings,
    digests,
    example_project,
    generated,
)
from test_cluster import SOURCE, Process, dask, scheduler, waited_for, worker

from dateline.build.batch import BatchSettings
from dateline.build.mapping import Task
from dateline.build.read import Limits, blocks
from dateline.build.shipping import shipped, shipped_part, storage

pytest.importorskip("distributed", reason="builds on a cluster need the extra dask")
pytestmark = pytest.mark.slow

KEY = "a-key-to-hide"
SECRET = "a/secret+to/hide"
BUCKET = "shared"
FOLDER = "some/folder"


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[str]:
    """The host and port of an S3 server, a process of its own in a new folder."""
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-P", "-m", "moto.server", "-H", "127.0.0.1", "-p", port]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=log, stderr=log
        )
    try:
        waited_for(folder / "log", "Running on")
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The host and port of an S3 server with a bucket."""
    with serving(tmp_path_factory.mktemp("s3") / "server") as address:
        client(address).create_bucket(Bucket=BUCKET)
        yield address


def client(server: str) -> Any:
    """What asks an S3 server, apart from the library that is tested."""
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=f"http://{server}",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )


def s3(server: str, path: str = f"{BUCKET}/{FOLDER}") -> str:
    options = f"endpoint_override={server}&scheme=http&region=us-east-1"
    return f"s3://{KEY}:{quote(SECRET, safe='')}@{path}?{options}"


def objects(server: str) -> dict[str, int]:
    """The keys of all objects in the bucket, with their sizes."""
    found = client(server).list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {each["Key"]: each["Size"] for each in found}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, with its codebook and texts, and more articles; in many blocks.

    Some are in packed files, one of which ends with an article whose text is in a file.
    """
    project = example_project(tmp_path_factory.mktemp("storage") / "project")
    generated(project / "many", 300, 6, 3_000_000)
    large = project / "many" / "part-00002.jsonl"
    lines = large.read_bytes().splitlines(keepends=True)
    blank = (b" " * 1_000_000 + b"\n") * 20
    large.write_bytes(b"".join([b"\n", *lines[:2], blank, blank, *lines[2:]]))
    articles = project / "examples" / "articles"
    with_text = articles / "northline-2024-03-06-tarvel.json"
    bridge = (articles / "bridge.jsonl").read_bytes()
    packed = gzip.compress(bridge + json.dumps(json.loads(with_text.read_bytes())).encode())
    (articles / "bridge.jsonl.gz").write_bytes(packed)
    (articles / "bridge.jsonl").unlink()
    with_text.unlink()
    first = project / "many" / "part-00000.jsonl"
    (project / "many" / "part-00000.jsonl.gz").write_bytes(gzip.compress(first.read_bytes()))
    first.unlink()
    change_settings(project, lambda s: s["articles"].append("many/*.jsonl*"))
    return project


@pytest.fixture(scope="module")
def expected(project: Path) -> dict[str, str]:
    """The digests of the files that one process makes of the project."""
    out = project.parent / "expected"
    assert told(started(project, out, "--jobs", "1", "--no-cache"))[0] == 0
    return digests(out)


def started(project: Path, out: Path, *options: str) -> Process:
    return subprocess.Popen(
        [*COMMAND, "build", ".", "--out", str(out), *options],
        cwd=project,
        env={**ENVIRONMENT, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: Process) -> tuple[int, str, str]:
    """How a build ended, which has shown no secret: exit code, stdout, stderr."""
    out, noise = process.communicate(timeout=240)
    assert_no_secret((out + noise).encode())
    return process.returncode, out, noise


def assert_no_secret(data: bytes) -> None:
    for word in (KEY, SECRET, quote(SECRET, safe="")):
        assert word.encode() not in data


# Runs when a worker starts.
GUARD = """
import sys

def guard(event, arguments):
    if event == "open" and str(arguments[0]).startswith({folder!r}):
        raise PermissionError(13, "not this worker's", str(arguments[0]))

sys.addaudithook(guard)
"""


@pytest.fixture
def workers(project: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a cluster of two workers that can open no file of the project."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD.format(folder=str(project)))
    path = Path(f"{tmp_path / 'guard'}{os.pathsep}{SOURCE}")
    with ExitStack() as stack:
        address = stack.enter_context(scheduler(tmp_path / "scheduler"))
        for number in range(2):
            stack.enter_context(worker(address, tmp_path / f"worker-{number}", path))
        yield address
    for log in (tmp_path / name / "log" for name in ("scheduler", "worker-0", "worker-1")):
        assert_no_secret(log.read_bytes())


@pytest.fixture
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A storage of the kind that the test names; nothing is in it before or after."""
    if request.param == "folder":
        folder = tmp_path / "a shared?folder%20#é"
        folder.mkdir()
        yield str(folder)
        assert list(folder.iterdir()) == []
    else:
        server = request.getfixturevalue("server")
        yield s3(server)
        # What stands for the folder itself.
        assert set(objects(server).items()) <= {(f"{FOLDER}/", 0)}


both = pytest.mark.parametrize("shared", ["folder", "s3"], indirect=True)


@both
def test_a_storage_gives_the_bytes_of_one_process(
    shared: str, project: Path, expected: dict[str, str], workers: str, tmp_path: Path
) -> None:
    options = (*dask(workers), "--storage", shared, "--json")
    code, out, noise = told(started(project, tmp_path / "out", *options))
    assert (code, noise) == (0, ""), out
    assert digests(tmp_path / "out") == expected
    assert list((project / CACHE).glob("*/*.part")) == []
    for path in (tmp_path / "out").rglob("*"):
        assert_no_secret(b"" if path.is_dir() else path.read_bytes())


def test_workers_without_a_storage_need_the_files(
    project: Path, workers: str, tmp_path: Path
) -> None:
    code, _, noise = told(started(project, tmp_path / "out", *dask(workers), "--no-cache"))
    assert code == 3
    assert "cannot be read" in noise


@both
def test_what_is_wrong_with_articles_is_told_as_without_a_storage(
    shared: str, project: Path, workers: str, tmp_path: Path
) -> None:
    faulty = shutil.copytree(project / "many", tmp_path / "faulty")
    lines = (faulty / "part-00001.jsonl").read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"language"', b'"langage"', 1)
    lines[4] = lines[4][:300] + b"\n"
    (faulty / "part-00001.jsonl").write_bytes(b"".join(lines))
    packed = (faulty / "part-00000.jsonl.gz").read_bytes()
    (faulty / "part-00000.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (faulty / "blank.jsonl").write_bytes(b"\n")
    (faulty / "empty.json").write_bytes(b"")
    (faulty / "wide.jsonl").write_bytes(lines[0].decode().encode("utf-16"))
    (faulty / "wide.json").write_bytes(lines[0].decode().encode("utf-16"))
    away = json.dumps({**json.loads(lines[0]), "id": "away", "text": None, "text_file": "none"})
    (faulty / "zz.jsonl").write_bytes(away.encode() + b"\n" + lines[1][:-3] + b"\n")
    ways = [("--jobs", "1"), (*dask(workers), "--storage", shared)]
    found = []
    for way in ways:
        command = [*COMMAND, "build", "faulty", "--out", "out", "--json", *way]
        found.append(subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True))
    assert (found[1].returncode, found[1].stdout) == (1, found[0].stdout)
    assert_no_secret(found[1].stdout + found[1].stderr)
    rules = {issue["rule"] for issue in json.loads(found[1].stdout)["issues"]}
    assert {"json-syntax", "json-encoding", "input-empty", "text-file-missing"} < rules
    assert "input-unreadable" in rules


@both
def test_a_build_that_fails_leaves_nothing_in_the_storage(
    shared: str, project: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    def is_at_work() -> bool:
        if not shared.startswith("s3:"):
            return any(Path(shared).glob("*/*.articles"))
        return any(key.endswith(".articles") for key in objects(request.getfixturevalue("server")))

    with (
        scheduler(tmp_path / "scheduler") as address,
        worker(address, tmp_path / "worker") as only,
    ):
        options = (*dask(address), "--storage", shared)
        process = started(project, tmp_path / "out", *options)
        while not is_at_work():
            assert process.poll() is None
            time.sleep(0.01)
        only.kill()
        code, _, noise = told(process)
    assert (code, noise) == (3, "Error: the cluster has no workers any more\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("shared", ["folder"], indirect=True)
def test_a_worker_that_is_late_leaves_nothing_in_the_storage(
    shared: str, project: Path, tmp_path: Path
) -> None:
    (block,) = blocks([project / "examples" / "articles" / "radio-sade-2023-11-18.json"])
    settings = BatchSettings("quotes", (), Limits())
    with storage(shared) as folder:
        late = shipped(Task(0, block, settings, folder))
        assert isinstance(late, Task)
        (path,) = Path(shared).iterdir()
        (path / "open").unlink()
        shipped_part(late)
        assert not path.exists()


# How it fails


def refused(storage: str, project: Path, tmp_path: Path) -> tuple[int, str]:
    """The exit code and the line on stderr of a build that makes nothing."""
    options = ("--engine", "dask", "--jobs", "1", "--storage", storage)
    code, out, noise = told(started(project, tmp_path / "out", *options))
    assert out == ""
    assert not (tmp_path / "out").exists()
    return code, noise


def assert_failure_in_a_line(found: tuple[int, str], shown: str) -> None:
    code, noise = found
    assert code == 3
    assert noise.count("\n") == 1
    assert noise.startswith(f"Error: {shown}")
    assert "cannot be used as storage: " in noise


def test_a_storage_that_nobody_serves_is_a_failure_in_one_line(
    project: Path, tmp_path: Path
) -> None:
    found = refused(s3("127.0.0.1:9"), project, tmp_path)
    assert_failure_in_a_line(found, f"s3://{BUCKET}/{FOLDER}")


def test_a_bucket_that_is_not_there_is_a_failure_in_one_line(
    server: str, project: Path, tmp_path: Path
) -> None:
    found = refused(s3(server, "another/folder"), project, tmp_path)
    assert_failure_in_a_line(found, "s3://another/folder")


def test_a_storage_that_refuses_the_key_is_a_failure_in_one_line(
    project: Path, tmp_path: Path
) -> None:
    # All but the first request, which makes the bucket, need a key that was given out.
    with serving(tmp_path / "server", INITIAL_NO_AUTH_ACTION_COUNT="1") as address:
        client(address).create_bucket(Bucket=BUCKET)
        found = refused(s3(address), project, tmp_path)
    assert_failure_in_a_line(found, f"s3://{BUCKET}/{FOLDER}")
    assert "AWS Error" in found[1]


def test_a_folder_that_is_not_there_is_a_failure_in_one_line(project: Path, tmp_path: Path) -> None:
    found = refused(str(tmp_path / "none"), project, tmp_path)
    assert found == (3, f"Error: {tmp_path}/none: cannot be used as storage: no such folder\n")


@pytest.mark.parametrize(
    "address",
    [
        f"s3://{KEY}:{SECRET}@{BUCKET}/{FOLDER}",
        f"s3://{KEY}:x@{BUCKET}/{FOLDER}?{KEY}=x",
        f"s3://{KEY}:x@",
        f"s3:///{FOLDER}",
        "s3://",
        f"ftp://{KEY}:x@host/{FOLDER}",
    ],
)
def test_what_is_no_address_of_a_storage_is_wrong_usage(
    address: str, project: Path, tmp_path: Path
) -> None:
    code, noise = refused(address, project, tmp_path)
    assert code == 2
    assert noise.count("\n") == 1
    assert "--storage: expected a folder or an address" in noise


def test_a_storage_without_the_engine_is_wrong_usage(project: Path, tmp_path: Path) -> None:
    code, _, noise = told(started(project, tmp_path / "out", "--storage", str(tmp_path)))
    assert code == 2
    assert "--storage is for --engine dask" in noise
