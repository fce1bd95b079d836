"""Items of an annotated article as they are made: ids, names, fields, evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dateline.build.formats.source import Mark, Span
from dateline.schema import UNCLASSIFIED

Item = dict[str, Any]
MEMBERS = {"actor": "actors", "incident": "incidents", "statement": "statements"}
# The role that an item's own words have where a mapping says nothing else.
OWN_SPAN = {"actor": "mention", "incident": "trigger", "statement": "content"}
# The longest name that a table takes (data-model.md section 5.3).
NAME = 160
_FORBIDDEN = re.compile(r"[^A-Za-z0-9._:/-]")


def local_id(name: str) -> str:
    """A name as the id of an article or item: other characters as hyphens, at most 200."""
    plain = _FORBIDDEN.sub("-", name)[:199]
    return plain if plain[:1].isalnum() else f"x{plain}"


def begun(kind: str, key: str) -> Item:
    """An item with its id and what the input requires of it, as long as nothing is known."""
    if kind == "incident":
        return {
            "id": key,
            "incident_type": UNCLASSIFIED,
            "date_precision": "unknown",
            "location": {"geo_precision": "unknown"},
        }
    if kind == "casualty":
        return {"id": key, "harm_type": UNCLASSIFIED, "victim_category": UNCLASSIFIED}
    return {"id": key}


def name_of(words: str) -> str:
    """Words as a name: cut at a limit, with an ellipsis."""
    return words if len(words) <= NAME else words[: NAME - 1].rstrip() + "…"


def words_of(text: str, mark: Mark) -> str:
    """The words of a mark on one line, its quote where it stands at no place."""
    pieces = " ".join(text[start:end] for start, end in mark.pieces)
    return " ".join((pieces or mark.quote or "").split())


def put(item: Item, name: str, value: Any) -> bool:
    """Whether a field, which may lie deeper (`location.admin1`), has this value now.

    What was said first stays, of a list all that was said; what the item was begun with is no
    saying.
    """
    place = item
    *outer, inner = name.split(".")
    for part in outer:
        place = place.setdefault(part, {})
    if place.get(inner) in (None, "unknown", UNCLASSIFIED):
        place[inner] = value
    elif isinstance(value, list) and isinstance(place[inner], list):
        place[inner] = value = list(dict.fromkeys([*place[inner], *value]))
    return bool(place[inner] == value)


def keep(item: Item, name: str, values: Sequence[Any]) -> None:
    """Adds values to what an item has of an attribute; texts that are there are not repeated."""
    attributes = item.setdefault("attributes", {})
    held = attributes.get(name, [])
    both = list(held) if isinstance(held, list) else [held]
    both += [each for each in values if not isinstance(each, str) or each not in both]
    attributes[name] = alone(both)


def alone(values: Sequence[Any]) -> Any:
    """The value of an attribute that has these: of one text that text, else a list."""
    is_text = len(values) == 1 and isinstance(values[0], str)
    return values[0] if is_text else list(values)


def add_evidence(item: Item, text: str, mark: Mark, role: str | None) -> None:
    """Adds the words of a mark to an item's evidence, once, at each place where they may stand."""
    if role is None or not mark.pieces:
        return
    spans = item.setdefault("evidence", [])
    for pieces in (mark.pieces, *((each,) for each in mark.others)):
        entries = _entries(text, pieces, role)
        width = len(entries)
        if all(spans[n : n + width] != entries for n in range(len(spans) - width + 1)):
            spans += entries


def _entries(text: str, pieces: Sequence[Span], role: str) -> list[Item]:
    """The pieces of one span: the first opens it, the others continue it."""
    return [
        {"role": role, "start": start, "end": end, "quote": text[start:end]}
        | ({"part": part} if part else {})
        for part, (start, end) in enumerate(pieces)
    ]


def add_part(item: Item, member: str, part: Item) -> Item:
    """The participant or claim as the item has it: one that says the same is the same."""
    parts: list[Item] = item.setdefault(member, [])
    for each in parts:
        if {k: v for k, v in each.items() if k != "evidence"} == part:
            return each
    parts.append(part)
    return part
