"""The labels of a source with their counts, and a mapping to begin with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dateline.build.formats.source import Document

_TO_DECIDE = "decide what it makes: actor, incident, statement or words; or say why it is no data"


@dataclass
class _Label:
    """What is seen of a label: how often, its first words, values by attribute, links and ends."""

    example: str
    count: int = 0
    attributes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    links: Counter[tuple[str, str]] = field(default_factory=Counter)

    def values(self) -> dict[str, Any]:
        """The same as JSON values, of each attribute the most frequent ones."""
        attributes = sorted(self.attributes.items())
        return {
            "count": self.count,
            "example": self.example,
            "attributes": {name: dict(each.most_common(10)) for name, each in attributes},
            "links": [
                {"label": label, "to": to, "count": count}
                for (label, to), count in sorted(self.links.items())
            ],
        }


def described(documents: Iterable[Document]) -> dict[str, Any]:
    """Labels of marks with counts, examples, attributes and links; a first mapping of them all."""
    labels: dict[str, _Label] = {}
    count = 0
    for document in documents:
        count += 1
        _see(document, labels)
    found = {name: label.values() for name, label in sorted(labels.items())}
    return {"documents": count, "labels": found, "mapping": _first(found)}


def _see(document: Document, labels: dict[str, _Label]) -> None:
    """Adds what a document has of each label."""
    of: dict[str, _Label] = {}
    names = {mark.id: mark.label for mark in document.marks}
    for mark in document.marks:
        words = " … ".join(document.text[slice(*piece)] for piece in mark.pieces)
        example = " ".join((words or mark.quote or "").split())[:60]
        label = of[mark.id] = labels.setdefault(mark.label, _Label(example))
        label.count += 1
        for name, values in mark.values.items():
            label.attributes[name].update(values)
    for link in document.links:
        of[link.source].links[link.label, names[link.target]] += 1


def _first(labels: dict[str, Any]) -> dict[str, Any]:
    """A mapping that keeps to the schema and makes nothing yet."""
    return {"version": 1, "marks": {label: {"skip": _TO_DECIDE} for label in labels}}
