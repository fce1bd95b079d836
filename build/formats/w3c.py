"""W3C Web Annotation: JSON of annotations that point into texts by quotes and positions.

The compact form with the model's own context is read as plain JSON; no context is ever fetched.
Positions are code points by the recommendation, UTF-16 code units of some tools; where there is a
quote it decides (Web Annotation Data Model, section 4.2).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dateline.build.formats.files import decoded, listed
from dateline.build.formats.source import Document, Link, Lost, Mark, Option, Unreadable
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
        try:
            content = json.loads(decoded(path))
            if is_own(content):
                yield _article(content, path)
                return
            found = list(annotations_of(content))
        except ValueError as error:
            yield Unreadable(
                f"expected annotations as JSON with the context {CONTEXT}, got {error}"
            )
            return
        groups: defaultdict[tuple[str, str | None], list[Annotation]] = defaultdict(list)
        for each in found:
            groups[each.source, each.creator].append(each)
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
        return Unreadable(f"expected an article as it was exported, got one without {error}")
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
    last = unquote(urlsplit(source).path).rstrip("/").rpartition("/")[2]
    return last or urlsplit(source).netloc or "text"


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
    lost: list[Lost] = []
    for number, each in enumerate(group):
        key = each.id or f"annotation-{number}"
        pieces, quote = place_of(text, each.selectors)
        if each.selectors and not pieces:
            lost.append(Lost(each.label, "its selectors lead to no place, or to several"))
        marks.append(Mark(key, each.label, pieces, quote, each.values))
    known = {mark.id for mark in marks}
    ties = [Link(label, each.id, end) for each in group for label, end in each.links]
    lost += [Lost(t.label, "it ties what is not both there") for t in ties if t.target not in known]
    links = tuple(tie for tie in ties if tie.target in known)
    about = {"url": source} if source.startswith(("http://", "https://")) else {}
    return Document(
        _stem(source), text, tuple(marks), links, tuple(lost), str(path), about, UNITS, creator
    )
