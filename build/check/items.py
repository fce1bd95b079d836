"""The items of an article: everything that becomes a row, with its pointer and who annotated it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]

# The methods whose items may leave a coded field open (data-model.md section 1).
OPEN_METHODS = frozenset({"import", "model"})


class Span(NamedTuple):
    """One piece of evidence: `start` and `end` in code points, half open.

    `span` numbers the mentions of one field and role from 0 in text order, `part` the pieces of
    one. `exact` is null where neither text nor quote is at hand. `source` is as it was given.
    """

    field: str | None
    role: str
    start: int
    end: int
    part: int
    span: int
    exact: str | None
    exact_sha256: str
    source: Json


class Item(NamedTuple):
    """One actor, incident, participant, casualty claim or statement of an article.

    `table` names its table, `annotation` is what holds for it (its own, else the article's), and
    `incident` the incident around a participant or claim.
    """

    table: str
    pointer: str
    data: Json
    annotation: Json
    incident: Json | None
    spans: list[Span]

    @property
    def is_open(self) -> bool:
        """Whether its method may leave coded fields open."""
        return self.annotation.get("method") in OPEN_METHODS


def walk(data: Json) -> Iterator[Item]:
    """The items of an article in the order they stand, each incident before its parts."""
    outer = data.get("annotation") or {}
    for table in ("actors", "incidents", "statements"):
        for number, entry in enumerate(data.get(table) or ()):
            pointer = f"/{table}/{number}"
            annotation = _inner(outer, entry)
            yield Item(table, pointer, entry, annotation, None, [])
            if table == "incidents":
                yield from _parts(entry, pointer, annotation)


def _parts(incident: Json, pointer: str, outer: Json) -> Iterator[Item]:
    for table in ("participants", "casualties"):
        for number, entry in enumerate(incident.get(table) or ()):
            place = f"{pointer}/{table}/{number}"
            yield Item(table, place, entry, _inner(outer, entry), incident, [])


def _inner(outer: Json, entry: Json) -> Json:
    own = entry.get("annotation")
    return own if own else outer
