"""Folders that workers share: of this machine or of an object store (`s3://`)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from pyarrow import fs


def store(folder: str) -> tuple[fs.FileSystem, str]:
    """The file system of a folder, which is a path or an address, and its path there."""
    if "://" in folder:
        files, path = fs.FileSystem.from_uri(folder)
        return files, path
    return fs.LocalFileSystem(), folder


@contextmanager
def new_file(files: fs.FileSystem, path: str) -> Iterator[pa.NativeFile]:
    """A file that appears whole under its path when the block ends without an error.

    Of two that write the same file at once one wins; what a killed one leaves ends in `.tmp`.
    """
    aside = f"{path}.{secrets.token_hex(4)}.tmp"
    with files.open_output_stream(aside) as sink:
        yield sink
    files.move(aside, path)
