"""Parts that are kept between builds, so that files that have not changed are not parsed again.

A part's name is the digest of all that it depends on, so that nothing in the folder is ever out of
date; what has not been used for a while is taken away.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

import dateline.schema
from dateline.build.batch import BatchSettings

FOLDER = Path(".dateline", "cache")
# Days after which a part that no build has used is taken away.
KEPT_DAYS = 7
_LOCK = "lock"
# What reads, judges and holds articles.
_LIBRARIES = ("jsonschema", "jsonschema_rs", "langcodes", "orjson", "pyarrow", "text2num")
_SOURCES = frozenset({".py", ".json", ".csv", ".sql"})


@contextlib.contextmanager
def kept(root: Path, digest: str) -> Iterator[Path | None]:
    """The folder of the parts of one digest of settings; null where `root` cannot be written to.

    No part is taken away while any build is at work here.
    """
    folder = root / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield None
        return
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield _writable(folder / digest)
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _tidy(folder)
    finally:
        os.close(handle)


def _writable(folder: Path) -> Path | None:
    """The absolute path of a folder, made if need be; null where nothing can be written there."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    return folder.absolute() if os.access(folder, os.W_OK | os.X_OK) else None


def _tidy(folder: Path) -> None:
    """Takes away what has not been used for KEPT_DAYS, and folders that are empty then."""
    oldest = time.time() - KEPT_DAYS * 24 * 3600
    for each in folder.iterdir():
        if not each.is_dir():
            continue
        for entry in list(os.scandir(each)):
            if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < oldest:
                Path(entry.path).unlink()
        with contextlib.suppress(OSError):
            # Only an empty one goes.
            each.rmdir()


def digest_of(settings: BatchSettings) -> str:
    """The digest of what a part depends on beside its articles: code, definitions, settings."""
    limits = settings.limits
    about: list[Any] = [settings.profile, limits.nesting, limits.line_bytes, limits.unpacked_bytes]
    about.append(code_digest())
    about += [(name, sha256(data).hexdigest()) for name, data in settings.codebook]
    return sha256(orjson.dumps(about)).hexdigest()[:32]


@cache
def code_digest() -> str:
    """The digest of what decides the bytes of a part: this tool's own files, versions of others.

    A version of this tool does not tell two checkouts apart.
    """
    versions = [f"python {sys.version_info[:2]}", *(f"{n} {version(n)}" for n in _LIBRARIES)]
    folders = (Path(__file__).parent, Path(dateline.schema.__file__).parent)
    parts = [*versions, *(_files_digest(folder) for folder in folders)]
    return sha256("\0".join(parts).encode()).hexdigest()


def _files_digest(folder: Path) -> str:
    digest = sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in _SOURCES and file.is_file():
            data = file.read_bytes()
            digest.update(f"{file.relative_to(folder)}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()
