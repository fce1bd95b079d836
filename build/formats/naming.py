"""Names of documents and files: told apart, free of annotators' names, each used once."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from dateline.build.formats.items import local_id
from dateline.build.formats.source import Document

_LONGEST = 190


def free(name: str, used: set[str]) -> str:
    """The name, or the first with a number after it that is not used yet; it is used now."""
    numbered = (f"{name[:_LONGEST]}-{number}" for number in count(2))
    found = next(each for each in chain([name], numbered) if each not in used)
    used.add(found)
    return found


def published(document: Document, names: Mapping[str, str]) -> str:
    """The path of a document's file, with a pseudonym where it has the name of its annotator."""
    path, name = Path(document.file), document.annotator
    if name is None or names[name] == name:
        return document.file
    if path.stem.endswith((f"_{name}", f".{name}")):
        return str(path.with_name(path.stem.removesuffix(name) + names[name] + path.suffix))
    if path.parent.name == name:
        return str(path.parent.with_name(names[name]) / path.name)
    return document.file


def told_apart(documents: Sequence[Document], files: Mapping[str, str]) -> list[Document]:
    """The documents; those of one name and several texts have the name of their file before it.

    `files` are the paths of files by the one that a document has.
    """
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for each in documents:
        texts[each.name].add(each.text)
    full = {file: _absolute(path) for file, path in files.items()}
    root = Path(os.path.commonpath(full.values())) if full else Path()
    return [
        replace(each, name=f"{_inner(full[each.file], root)}/{each.name}")
        if len(texts[each.name]) > 1
        else each
        for each in documents
    ]


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would follow links.


def _inner(path: Path, root: Path) -> str:
    """The path of a file below a folder, without its suffix; its name where it is that folder."""
    inner = path.relative_to(root) if path != root else Path(path.name)
    return inner.with_suffix("").as_posix()


def file_name(file: str, root: Path, used: set[str]) -> str:
    """The path of an article's file in the output, without its suffix: as it is below a root."""
    source = Path(file)
    inner = source.relative_to(root) if source.is_relative_to(root) else Path(source.name)
    if ".." in inner.parts:
        # It would lead out of the output.
        inner = Path(inner.name)
    return free(local_id(str(inner.with_suffix(""))), used)
