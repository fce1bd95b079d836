"""doccano: JSON lines of a text and its labels, in the shapes that its versions export.

Offsets are UTF-16 code units, or grapheme clusters where the project counts those; the file says
neither, and repeats no text to check against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import index
from pathlib import Path
from typing import Any

from dateline.build.formats.files import listed, members, records
from dateline.build.formats.source import (
    Document,
    Link,
    Lost,
    Mark,
    Option,
    Unreadable,
    parted,
)

# What an exported line has beside the values of `meta`, which stand at its top level.
_OWN = {
    "id",
    "text",
    "data",
    "label",
    "labels",
    "entities",
    "relations",
    "annotations",
    "meta",
    "annotation_approver",
    "Comments",
    "comments",
    "cats",
}


class Doccano:
    """The format `doccano`."""

    name = "doccano"
    meaning = "doccano: an exported .jsonl, or the .zip of one file a member"
    mapping = "doccano"
    options: tuple[Option, ...] = ()
    # Both are possible and the file says neither.
    units = ("utf-16", "graphemes")

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of JSON lines, and archives of them."""
        return listed(paths, (".jsonl", ".json", ".zip"))

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """A document of each line; of an archive, each file is its member's."""
        for name, content in members(path, (".jsonl", ".json")):
            # `all.jsonl` is of a project that its members annotate together.
            is_member = path.suffix == ".zip" and Path(name).stem != "all"
            annotator = Path(name).stem if is_member else None
            for line, record in records(content):
                if isinstance(record, Unreadable):
                    yield record
                else:
                    for user, own in _by_user(record, annotator):
                        yield _document(own, line, path, user, self.units)


FORMAT = Doccano()


def _by_user(record: Any, annotator: str | None) -> Iterator[tuple[str | None, Any]]:
    """The record of each annotator: the oldest shape has the labels of all in one list."""
    entries = record.get("annotations") if isinstance(record, dict) else None
    users = {each["user"] for each in entries or () if isinstance(each, dict) and "user" in each}
    if not users:
        yield annotator, record
    for user in sorted(users, key=str):
        own = [each for each in entries or () if each.get("user") == user]
        yield str(user), {**record, "annotations": own}


def _document(
    record: Any, line: int, path: Path, annotator: str | None, units: tuple[str, ...]
) -> Document | Unreadable:
    text = record.get("text", record.get("data")) if isinstance(record, dict) else None
    if not isinstance(text, str):
        return Unreadable("expected an object with a text, got none; the line is skipped", line)
    found = [_mark(entry, number, line) for number, entry in enumerate(_entries(record))]
    marks = tuple(each for each in found if isinstance(each, Mark))
    links, loose = parted(_links(record, line), marks)
    lost = [each for each in found if isinstance(each, Lost)]
    lost += [Lost(each.label, "it ties entities that are not both there", line) for each in loose]
    lost += _of_the_text(record, line)
    name = str(record.get("id", f"{path.stem}-{line}"))
    return Document(name, text, marks, tuple(links), tuple(lost), str(path), {}, units, annotator)


def _links(record: Mapping[str, Any], line: int) -> Iterator[Link]:
    for each in record.get("relations") or ():
        ends = (str(each.get("from_id")), str(each.get("to_id")))
        yield Link(str(each.get("type")), *ends, line=line)


def _of_the_text(record: Mapping[str, Any], line: int) -> Iterator[Lost]:
    """What is said of the text as a whole, which no mark has."""
    for each in record.get("cats") or ():
        yield Lost(str(each), "it is a label of the text as a whole", line)
    for key, value in [*record.items(), *_meta(record).items()]:
        if key not in _OWN and value not in (None, "", []):
            yield Lost(key, "it is a value of the text as a whole", line)
    for _ in record.get("Comments") or record.get("comments") or ():
        yield Lost("comment", "comments are no data", line)


def _entries(record: Mapping[str, Any]) -> list[Any]:
    for key in ("entities", "label", "labels", "annotations"):
        found = record.get(key)
        if isinstance(found, list | str) and found:
            return found if isinstance(found, list) else [found]
    return []


def _meta(record: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = record.get("meta")
    return meta if isinstance(meta, dict) else {"a value of meta": meta}


def _mark(entry: Any, number: int, line: int) -> Mark | Lost:
    """A label with its place: `[start, end, label]`, or an object; a label alone has no place."""
    try:
        if isinstance(entry, dict):
            start, end = entry["start_offset"], entry["end_offset"]
            label, key = str(entry["label"]), str(entry.get("id", number))
        else:
            if not isinstance(entry, list):
                raise TypeError(entry)
            start, end, label = entry
            key = str(number)
        return Mark(key, str(label), ((index(start), index(end)),), line=line)
    except (KeyError, TypeError, ValueError):
        return Lost(str(entry)[:60], "it is a label of the text as a whole", line)
