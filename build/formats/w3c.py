"""W3C Web Annotation: JSON of annotations that point into texts by quotes and positions.

The compact form with the model's own context is read as plain JSON; no context is ever fetched.
Positions are code points by the recommendation, UTF-16 code units of some tools; where there is a
quote it decides (Web Annotation Data Model, section 4.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dateline.build.formats.files import decoded, listed, records
from dateline.build.formats.source import (
    Document,
    Link,
    Lost,
    Mark,
    Option,
    Unreadable,
    parted,
)
from dateline.build.formats.w3c_items import CONTEXT, article_of, is_own
from dateline.build.formats.w3c_model import Annotation, annotations_of, place_of, several

UNITS = ("code-points", "utf-16")


class W3c:
    """The format `w3c`."""

    name = "w3c"
    meaning = (
        "W3C Web Annotation: JSON beside the texts, each named as the last part of its address"
    )
    mapping = "w3c"
    options: tuple[Option, ...] = ()

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of annotations."""
        return listed(paths, (".json", ".jsonld", ".jsonl"))

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """A document of each text and creator that the annotations of a file speak of."""
        groups: defaultdict[tuple[str, str | None], list[Annotation]] = defaultdict(list)
        for line, record in records(decoded(path)):
            if isinstance(record, Unreadable):
                yield record
            elif is_own(record):
                yield _article(record, path)
            else:
                try:
                    for each in annotations_of(record):
                        groups[each.source, each.creator].append(each)
                except ValueError as error:
                    yield Unreadable(
                        f"expected annotations as JSON with the context {CONTEXT}, got {error}; "
                        "export them as Web Annotation",
                        line,
                    )
        for (source, creator), group in groups.items():
            text = _text(source, path)
            if text is None:
                yield Unreadable(
                    f"expected the text of {source} in {_stem(source)}.txt beside the annotations, "
                    "got none; put it there"
                )
            else:
                yield _document(source, creator, text, group, path)


FORMAT = W3c()


def _article(page: Mapping[str, Any], path: Path) -> Document | Unreadable:
    """The article that annotations written by this tool hold, with its text where it is there."""
    try:
        article = article_of(page)
        source = next(_sources(page))
    except (KeyError, ValueError, TypeError, IndexError, StopIteration) as error:
        words = f"expected an article as it was exported, got one that was changed ({error})"
        return Unreadable(f"{words}; export it again")
    text = _text(source, path)
    if text is not None:
        article["text"] = text
    return Document(str(article["id"]), text or "", file=str(path), article=article)


def _sources(page: Mapping[str, Any]) -> Iterator[str]:
    for each in page["items"]:
        for target in several(each.get("target")):
            yield target if isinstance(target, str) else target["source"]


def _stem(source: str) -> str:
    """The name of a text: the last part of its address."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return "text"
    return unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.netloc or "text"


def _text(source: str, path: Path) -> str | None:
    stem = _stem(source)
    if stem in ("", ".", "..") or "/" in stem or "\0" in stem:
        return None
    names = (f"{stem}.txt", stem, f"{Path(stem).stem}.txt")
    place = next((p for p in (path.parent / name for name in names) if p.is_file()), None)
    return None if place is None or place == path else decoded(place)


def _document(
    source: str, creator: str | None, text: str, group: Sequence[Annotation], path: Path
) -> Document:
    marks: list[Mark] = []
    links: list[Link] = []
    lost: list[Lost] = []
    for number, each in enumerate(group):
        key = each.id or f"annotation-{number}"
        links += [Link(label, key, end) for label, end in each.links]
        pieces, quote = place_of(text, each.selectors)
        if each.selectors and not pieces:
            lost.append(Lost(each.label, "its selectors lead to no place, or to several"))
        marks.append(Mark(key, each.label, pieces, quote, each.values))
    ties, loose = parted(links, marks)
    lost += [Lost(link.label, "it ties what is not both there") for link in loose]
    about = {"url": source} if source.startswith(("http://", "https://")) else {}
    return Document(
        _stem(source),
        text,
        tuple(marks),
        tuple(ties),
        tuple(lost),
        str(path),
        about,
        UNITS,
        creator,
    )
