"""A new project from the template: a folder that builds at once, to be edited."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dateline.build.describe import Answer
from dateline.build.issues import EnvironmentFailure, UsageError
from dateline.build.project import FILE

TEMPLATE = Path(__file__).parent / "templates" / "project"
_NAME = '"my-dataset"'


def scaffold(folder: Path) -> Answer:
    """What was created in `folder`, which appears whole or stays as it was.

    UsageError where it holds anything already, EnvironmentFailure where a file is in the way or
    the file system refuses.
    """
    try:
        files = _write(folder)
    except (OSError, RuntimeError) as error:
        # RuntimeError: before Python 3.13 links in a circle raise it.
        reason = getattr(error, "strerror", None) or str(error)
        raise EnvironmentFailure(f"{_shown(folder)}: cannot be created: {reason}") from None
    step = f"{_enter(folder)}dateline build"
    lines = [f"created {_shown(folder)}", *(f"  {file}" for file in files), f"next: {step}"]
    return Answer("\n".join(lines), {"project": _shown(folder), "files": files, "next": step})


def _enter(folder: Path) -> str:
    """How a shell goes into the folder before its next command; empty where it is there."""
    name = _shown(folder)
    path = f"./{name}" if name.startswith("-") else name
    return "" if folder == Path() else f"cd {shlex.quote(path)} && "


def _write(folder: Path) -> list[str]:
    """The paths of the files now in the folder, sorted."""
    target = folder.resolve()
    base = next(path for path in (target, *target.parents) if path.exists())
    _refuse(folder, target, base)
    files = [path for path in sorted(TEMPLATE.rglob("*")) if path.is_file()]
    # In the folder itself, or where its first missing parent will stand: renames finish it.
    with TemporaryDirectory(dir=base, prefix=".dateline-init-") as temporary:
        copy = Path(temporary) / target.relative_to(base)
        for path in files:
            # The bytes alone: an installed template may be read-only.
            (copy / path.relative_to(TEMPLATE)).parent.mkdir(parents=True, exist_ok=True)
            (copy / path.relative_to(TEMPLATE)).write_bytes(path.read_bytes())
        _name(copy / FILE, target.name)
        move(sorted(Path(temporary).iterdir()), base)
    return [path.relative_to(TEMPLATE).as_posix() for path in files]


def _refuse(folder: Path, target: Path, base: Path) -> None:
    """Raise where the nearest existing path is a file, or is the target with something in it."""
    if not base.is_dir():
        raise EnvironmentFailure(f"{_shown(base)}: expected a folder, got a file; move it away")
    found = sorted(path.name for path in base.iterdir()) if base == target else []
    if found:
        raise UsageError(
            f"{_shown(folder)}: expected a new or an empty folder, got one with "
            f"{_shown(Path(found[0]))} in it; choose another name"
        )


def _name(descriptor: Path, folder: str) -> None:
    """Put the dataset's name, made from the folder's, into the descriptor."""
    text = descriptor.read_text("utf-8")
    descriptor.write_text(text.replace(_NAME, json.dumps(dataset_name(folder)), 1), "utf-8")


def dataset_name(folder: str) -> str:
    """A name as packages have one: lowercase ASCII letters, digits, `-`, `_` and `.`.

    It is `dataset` where the folder's name has no letter or digit of these.
    """
    plain = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._") or "dataset"


def move(paths: Sequence[Path], base: Path) -> None:
    """Rename all paths into the folder `base`, or none where one of the renames fails."""
    moved: list[Path] = []
    try:
        for path in paths:
            path.rename(base / path.name)
            moved.append(base / path.name)
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _shown(folder: Path) -> str:
    """The folder as it was given; bytes that are no text become `�`."""
    return os.fsencode(folder).decode("utf-8", "replace")
