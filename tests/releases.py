"""Releases to publish: the example as its release is, under other versions, with other bytes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projects import ENVIRONMENT

from dateline.build.publish import Published, published
from dateline.build.sums import SUMS, sums
from dateline.build.targets.registry import opened
from dateline.build.targets.releases import release_of

NAME = "dateline-example"


def release(
    package: Path,
    folder: Path,
    version: str = "0.1.0",
    *,
    title: str | None = None,
    name: str = NAME,
    large: int = 0,
) -> Path:
    """A release of a package in `folder`, with another name, version and title if given.

    `large` are the bytes of a file that it has beside.
    """
    out = folder / f"{name}-{version}"
    shutil.copytree(package, out)
    change_descriptor(
        out, lambda d: d.update(name=name, version=version, title=title or d["title"])
    )
    if large:
        (out / "large.bin").write_bytes(bytes(range(256)) * (large // 256))
    return summed(out)


def small(package: Path, folder: Path) -> Path:
    """Tables and descriptor of a package in `folder`, which take little time to send."""
    shutil.copytree(package / "data", folder / "data")
    shutil.copy(package / "datapackage.json", folder)
    return folder


def change_descriptor(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Changes a package's descriptor in place."""
    path = folder / "datapackage.json"
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def summed(folder: Path) -> Path:
    """The folder with the sums of its files as they are now."""
    (folder / SUMS).write_text(sums(folder), "utf-8")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """The bytes of all files below a folder, hidden ones included."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def publish(folder: Path, dest: str) -> Published:
    """Publishes a release in this process, without asking whether its package is valid."""
    with opened(dest) as target:
        return published(release_of(folder, folder), target, lambda *_: None)


# Publishes as `publish` does, and kills its own process when a share of the bytes has gone: of 0
# when the first item is there, of 1 before the pointer moves.
_KILLED = """
import os, signal, sys
from pathlib import Path
from dateline.build.publish import published
from dateline.build.targets.registry import opened
from dateline.build.targets.releases import release_of

folder, dest, share = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
last = -1

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def told(step, done, total):
    global last
    # The same number again says that an item is there.
    if (done == last or share) and share * total <= done < total:
        killed()
    last = done

with opened(dest) as target:
    target.point = killed
    published(release_of(folder, folder), target, told)
"""


def publish_killed(folder: Path, dest: str, share: float) -> None:
    """Publishes a release in a process that SIGKILL ends when a share of its bytes has gone."""
    command = [sys.executable, "-P", "-c", _KILLED, str(folder), dest, str(share)]
    environment = {**os.environ, "PYTHONPATH": ENVIRONMENT["PYTHONPATH"]}
    run = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
    assert (run.returncode, run.stderr) == (-signal.SIGKILL, b"")
