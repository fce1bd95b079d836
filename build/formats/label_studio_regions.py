"""What a result of Label Studio holds: regions, more about regions, relations of two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dateline.build.formats.source import Link, Lost, Mark, Span, Values, parted

# Controls that say more about a region.
_MORE = ("choices", "textarea", "rating", "number", "taxonomy", "datetime", "pairwise")


def objects(results: Iterable[Mapping[str, Any]]) -> list[str]:
    """The parts of a task that regions are of, those of most regions first."""
    names = Counter(
        item["to_name"]
        for result in results
        for item in result.get("result") or ()
        if isinstance(item.get("to_name"), str) and _span(item)
    )
    return [name for name, _ in names.most_common()]


def taken(items: Iterable[Any], text: str, part: str) -> tuple[list[Mark], list[Link], list[Lost]]:
    """The regions, the relations between them, and what is lost of the items of a result.

    `text` is that of this part of the task.
    """
    marks: dict[str, Mark] = {}
    links: list[Link] = []
    lost: list[Lost] = []
    # Regions first: what says more about one may stand before it.
    for number, item in enumerate(sorted(items, key=lambda each: each.get("type") in _MORE)):
        found = _found(item, number, marks, part)
        if isinstance(found, Mark):
            marks[found.id] = found
        elif isinstance(found, Lost):
            lost.append(found)
        else:
            links += found
    placed = [_placed(mark, text) for mark in marks.values()]
    lost += [
        Lost(mark.label, "its words do not stand in the HTML just once")
        for mark in placed
        if mark.quote and not mark.pieces
    ]
    ties, loose = parted(links, placed)
    lost += [Lost(link.label, "it ties regions that are not both there") for link in loose]
    return placed, ties, lost


def _found(
    item: Mapping[str, Any], number: int, marks: Mapping[str, Mark], part: str
) -> Mark | Lost | list[Link]:
    """What one item is; `marks` are the regions that were found before it."""
    kind = str(item.get("type"))
    if item.get("origin") == "prediction":
        return Lost(kind, "a model made it, no annotator")
    if kind == "relation":
        return _links(item)
    key, other = str(item.get("id", f"r{number}")), item.get("to_name", part)
    found = _region(item, kind, key, marks.get(key))
    if isinstance(found, Mark) and other != part:
        return Lost(found.label, f"it is of {other}, another part of the task")
    return found


def _placed(mark: Mark, text: str) -> Mark:
    """The mark where its words stand in HTML, if they do once."""
    if mark.pieces or not mark.quote or text.count(mark.quote) != 1:
        return mark
    start = text.index(mark.quote)
    return replace(mark, pieces=((start, start + len(mark.quote)),))


def _links(item: Mapping[str, Any]) -> list[Link]:
    """The relation of two regions, in its direction or in both."""
    there = (str(item.get("from_id")), str(item.get("to_id")))
    back = there[::-1]
    ways = {"bi": [there, back], "left": [back]}.get(str(item.get("direction")), [there])
    return [Link(str(label), *way) for label in item.get("labels") or ["relation"] for way in ways]


def _region(item: Mapping[str, Any], kind: str, key: str, mark: Mark | None) -> Mark | Lost:
    """The region of an item: a new one, or the one that is there with more said about it."""
    value = item.get("value") or {}
    labels = value.get(kind) or value.get("labels") or ()
    labels = [labels] if isinstance(labels, str) else labels
    name, piece = str(item.get("from_name") or kind), _span(item)
    if piece is None:
        return Lost(f"{name} {labels}", "it is a label of the text as a whole")
    if mark is not None or kind in _MORE:
        mark = mark or Mark(key, name, (piece,))
        return replace(mark, values={**mark.values, name: _said(value, kind)})
    if not labels:
        return Lost(name, "a region without a label")
    first, *others = map(str, labels)
    more: Values = {"label": tuple(others)} if others else {}
    # Offsets in HTML are those of the page as it is shown: its words have to be searched.
    pieces = () if kind == "hypertextlabels" else (piece,)
    return Mark(key, first, pieces, _quote(value.get("text")), more)


def _span(item: Mapping[str, Any]) -> Span | None:
    """Where a region is, null where an item is about the task as a whole."""
    value = item.get("value") or {}
    span = value.get("globalOffsets") or value
    start, end = span.get("start"), span.get("end")
    return (start, end) if isinstance(start, int) and isinstance(end, int) else None


def _said(value: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    """What was chosen or written for a region."""
    said = value.get(kind, value.get("text"))
    return tuple(map(str, said if isinstance(said, list) else [said]))


def _quote(text: Any) -> str | None:
    """The words that a region repeats."""
    quote = text[0] if isinstance(text, list) and text else text
    return quote if isinstance(quote, str) else None
