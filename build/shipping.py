"""Work to a storage that all workers reach, so that none needs a disk of the machine that asks."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from pyarrow import fs

from dateline.build.issues import DatelineError, EnvironmentFailure
from dateline.build.mapping import Task, may_name_text, run_task
from dateline.build.parts import Part
from dateline.build.read import Record, block_records, copied
from dateline.build.store import is_address, store

# A file that is there as long as the run that made its folder.
_OPEN = "open"


@contextmanager
def storage(place: str) -> Iterator[str]:
    """The address of a new folder in a storage, which is a folder or an address.

    It is removed at the end. Raises UsageError where `place` is neither, EnvironmentFailure where
    it does not exist or may not be written to.
    """
    whole = place if is_address(place) else _folder(Path(place))
    with store(whole):
        address, mark, options = whole.partition("?")
        folder = f"{address.rstrip('/')}/dateline-{secrets.token_hex(8)}{mark}{options}"
    try:
        _make(folder)
        yield folder
    except BaseException:
        # What went wrong first is what is told.
        with suppress(DatelineError):
            _remove(folder)
        raise
    _remove(folder)


def _folder(path: Path) -> str:
    if not path.is_dir():
        raise EnvironmentFailure(f"{path}: cannot be used as storage: no such folder")
    return path.absolute().as_uri()


def _make(folder: str) -> None:
    with store(folder) as (files, path):
        if isinstance(files, fs.LocalFileSystem):
            files.create_dir(path, recursive=False)
        with files.open_output_stream(f"{path}/{_OPEN}"):
            # It is only looked for.
            pass


def _remove(folder: str) -> None:
    with store(folder) as (files, path):
        with suppress(FileNotFoundError):
            files.delete_file(f"{path}/{_OPEN}")
        with suppress(FileNotFoundError):
            files.delete_dir(path)


def shipped(task: Task) -> Task | Part:
    """The task with a copy of its articles beside its part, so that any worker can do it.

    Its part where an article's text may be in a file of its own, which workers cannot read.
    """
    for item in block_records(task.block, task.settings.limits):
        if isinstance(item, Record) and may_name_text(item):
            return run_task(task)
    copy = copied(task.block.pieces, task.folder, f"{task.number:06}.articles")
    return replace(task, block=replace(task.block, copy=copy))


def shipped_part(item: Task | Part) -> Part:
    """The part of what `shipped` gave."""
    if isinstance(item, Part):
        return item
    try:
        return run_task(item)
    finally:
        _leave_nothing(item.folder)


def _leave_nothing(folder: str) -> None:
    """Removes a folder again whose run has ended while a worker was still writing to it."""
    with store(folder) as (files, path):
        if files.get_file_info(f"{path}/{_OPEN}").type == fs.FileType.NotFound:
            with suppress(FileNotFoundError):
                files.delete_dir(path)
