"""Which paths of a descriptor may be read: files below the package's folder, and addresses."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from io import FileIO
from pathlib import Path

from dateline.build.issues import EnvironmentFailure, shown

_URL = re.compile(r"https?://", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_VARIABLE = re.compile(r"(?:^|/)\$[A-Za-z_]|\$[{(]|%[A-Za-z_][^%/]*%")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PIECE = 1 << 20


class Refused(Exception):
    """A file that is not read: the rule it breaks, and the message of the issue."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message


class Allowance:
    """The bytes that a package may still unpack or fetch."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._left = size

    def take(self, count: int) -> None:
        """Use up `count` bytes; Refused where there are not so many left."""
        self._left -= count
        if self._left < 0:
            message = f"expected at most {self._size:,} bytes of files, got more; leave files out"
            raise Refused("package-limit", message)


def is_url(path: str) -> bool:
    """Whether a path of a descriptor is an address that is fetched."""
    return _URL.match(path) is not None


def check_path(path: str) -> None:
    """Refused where a relative path may lead out of the folder that it is relative to."""
    scheme = _SCHEME.match(path)
    if scheme and path[scheme.end() :].startswith("//") and scheme[1].lower() != "file":
        message = f"expected http or https, got {shown(path)}; copy the file into the package"
        raise Refused("scheme-error", message)
    if reason := _unsafe(path):
        message = f"expected a path below the package, got {shown(path)}, {reason}"
        raise Refused("path-unsafe", f"{message}; write it relative to the descriptor")


def _unsafe(path: str) -> str:
    """Why a path is not safe; empty where it is."""
    segments = path.split("/")
    reasons = (
        (not path, "which is empty"),
        (_CONTROL.search(path), "which holds a control character"),
        ("\\" in path, "which holds a backslash"),
        (path.startswith("/"), "which is absolute"),
        (path.startswith("~"), "which names a home folder"),
        (_SCHEME.match(path), "which begins with a drive or a scheme"),
        (_VARIABLE.search(path), "which holds a variable"),
        (".." in segments, "which leads upwards"),
        (any(len(each) > 1 and each.startswith(".") for each in segments), "which is hidden"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def in_folder(folder: Path, path: str) -> Path:
    """The file of a safe path, there or not; Refused where a link leads out of the folder."""
    check_path(path)
    # Not Path.resolve, which raises where links go round in a circle.
    target = Path(os.path.realpath(folder / path))
    if not target.is_relative_to(os.path.realpath(folder)):
        message = f"expected a file inside the package, got {shown(path)}, a link out of it"
        raise Refused("path-unsafe", f"{message}; put the file itself into the folder")
    return folder / path


def copied(read: Callable[[int], bytes], target: Path, allowance: Allowance) -> None:
    """Write what `read` gives to a new file; Refused beyond the allowance.

    Where it raises no file is left. EnvironmentFailure where the file cannot be written.
    """
    try:
        with _open_new(target) as file:
            while piece := read(_PIECE):
                allowance.take(len(piece))
                _write(file, piece, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _open_new(target: Path) -> FileIO:
    try:
        # Unbuffered: what the disk refuses is told where it is written.
        return target.open("xb", buffering=0)
    except OSError as error:
        raise EnvironmentFailure(f"{target}: cannot be written: {error.strerror}") from error


def _write(file: FileIO, piece: bytes, target: Path) -> None:
    try:
        left = memoryview(piece)
        while left:
            left = left[file.write(left) :]
    except OSError as error:
        raise EnvironmentFailure(f"{target}: cannot be written: {error.strerror}") from error
