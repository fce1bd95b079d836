"""The map step: a block of files in, a part out; the same wherever it runs, and kept if asked."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from pyarrow import fs

from dateline.build.batch import BatchSettings, run_batch
from dateline.build.issues import Issue
from dateline.build.parts import Damaged, Part, PartWriter, check_part, read_part
from dateline.build.read import Block, Piece, Record, batches, block_records, piece_bytes
from dateline.build.store import new_file, store

_READ = 1 << 20
# A letter of the name `text_file` that is written with an escape.
_ESCAPED = re.compile(rb"\\u00(?:74|65|78|5f|66|69|6c)", re.IGNORECASE)


@dataclass(frozen=True)
class Task:
    """A block to map, where its part goes, and what a part depends on beside its bytes.

    `folder` is a path or an address, which may have secrets in it; without `kept`, the digest of
    all settings, parts are not looked for there and are named by the number of the block.
    """

    number: int
    block: Block
    settings: BatchSettings
    folder: str = field(repr=False)
    kept: str | None = None


def run_task(task: Task) -> Part:
    """The part of a block: one that is there already and sound, else a new one."""
    with store(task.folder) as (files, folder):
        if task.kept is None:
            return _written(files, f"{folder}/{task.number:06}.part", task)
        return _kept(files, folder, task, task.kept)


def _kept(files: fs.FileSystem, folder: str, task: Task, kept: str) -> Part:
    """The part of a block under the name by which the next build finds it, where that is sure."""
    before = _stamps(task.block)
    path = f"{folder}/{_key(task.block, kept)}.part"
    known = _known(files, path, task.block)
    if known is not None:
        return known
    # Nobody else's name: another build may be at work on a block of the same number.
    part = _written(files, f"{folder}/{task.number:06}-{secrets.token_hex(8)}.part", task)
    if _stamps(task.block) != before:
        # A file was changed while it was read: nobody knows which bytes the part is of.
        return part
    try:
        files.move(part.path, path)
    except OSError:
        # Something else has the name, a folder perhaps: the part serves this build alone.
        return part
    return replace(part, path=path)


def _written(files: fs.FileSystem, path: str, task: Task) -> Part:
    texts: dict[str, str | None] = {}
    with new_file(files, path) as sink:
        writer = PartWriter(sink, path, is_kept=task.kept is not None)
        for batch in batches(block_records(task.block, task.settings.limits)):
            if task.kept is not None:
                texts.update(_texts(batch, task.block))
            writer.add(run_batch(batch, task.settings))
        return writer.close(texts)


def _known(files: fs.FileSystem, path: str, block: Block) -> Part | None:
    """The part that was kept under this path, null where there is none that can be trusted."""
    try:
        part = read_part(files, path)
        check_part(files, part)
    except (Damaged, OSError, ValueError, KeyError, TypeError):
        return None
    for name, digest in part.texts.items():
        number, text_file = name.split(":", 1)
        folder = Path(block.pieces[int(number)].path).parent
        # Why a text cannot be read is a part of what is said about it, and may have changed.
        if digest is None or _text_digest(folder, text_file) != digest:
            return None
    if isinstance(files, fs.LocalFileSystem):
        # It may be another user's, or have been taken away by hand since.
        with contextlib.suppress(OSError):
            os.utime(path)
    return part


def _key(block: Block, settings: str) -> str:
    """The digest of everything that a block's part depends on, but for texts in files."""
    key = sha256(settings.encode())
    for piece in block.pieces:
        about = [piece.label, piece.start, piece.end, piece.line, _digest(piece)]
        key.update(orjson.dumps(about) + b"\0")
    return key.hexdigest()


def _digest(piece: Piece) -> str:
    digest = sha256()
    for data in piece_bytes(piece, _READ):
        digest.update(data)
    return digest.hexdigest()


def _stamps(block: Block) -> list[tuple[int, ...]]:
    """What changes when somebody writes to a file of the block."""
    found = [Path(path).stat() for path in sorted({piece.path for piece in block.pieces})]
    return [(s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for s in found]


def _texts(batch: Sequence[Record | Issue], block: Block) -> Iterator[tuple[str, str | None]]:
    """The files of texts that a batch's articles name, by piece and name, with their digests."""
    numbers = {piece.label: number for number, piece in enumerate(block.pieces)}
    for record in batch:
        if isinstance(record, Record) and may_name_text(record):
            name = _named(record.data)
            if isinstance(name, str):
                yield f"{numbers[record.file]}:{name}", _text_digest(record.folder, name)


def may_name_text(record: Record) -> bool:
    """Whether an article's text may be in a file of its own; false where it surely is not."""
    return b'"text_file"' in record.data or _ESCAPED.search(record.data) is not None


def _named(data: bytes) -> Any:
    try:
        return orjson.loads(data)["text_file"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _text_digest(folder: Path, name: str) -> str | None:
    """The SHA-256 of a text, null where there is none inside of the folder."""
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            return None
        return sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError, RuntimeError):
        return None
