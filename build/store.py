"""Folders that workers share: of this machine or of an object store (`s3://`).

An address may have secrets in it: no message shows more of one than the path behind them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache

import pyarrow as pa
from pyarrow import fs

from dateline.build.issues import EnvironmentFailure, UsageError


def is_address(folder: str) -> bool:
    """Whether a folder is one of a storage; an absolute path never is."""
    return "://" in folder


@contextmanager
def store(folder: str) -> Iterator[tuple[fs.FileSystem, str]]:
    """The file system of a folder, which is a path or an address, and its path there.

    EnvironmentFailure where the file system of an address refuses something in the block, OSError
    where that of a path does. UsageError for what is no address.
    """
    if not is_address(folder):
        yield fs.LocalFileSystem(), folder
        return
    shown = "storage"
    try:
        files, path = _connected(folder)
        shown = f"s3://{path}" if folder.startswith("s3:") else path
        yield files, path
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentFailure(f"{shown}: cannot be used as storage: {reason}") from None


@lru_cache(maxsize=4)
def _connected(address: str) -> tuple[fs.FileSystem, str]:
    if address.startswith(("s3://", "file://")):
        # The error's own words would show the address.
        with suppress(ValueError):
            files, path = fs.FileSystem.from_uri(address)
            if path.strip("/"):
                return files, path.rstrip("/")
    raise UsageError(
        "--storage: expected a folder or an address like s3://BUCKET/PATH, got one that cannot be "
        "read; write a / in a key as %2F, and see the documentation for what may follow a ?"
    )


@contextmanager
def new_file(files: fs.FileSystem, path: str) -> Iterator[pa.NativeFile]:
    """A file that appears whole under its path when the block ends without an error.

    Of two that write the same file at once one wins; what a killed one leaves ends in `.tmp`.
    """
    aside = f"{path}.{secrets.token_hex(4)}.tmp"
    with files.open_output_stream(aside) as sink:
        yield sink
    files.move(aside, path)
