"""The labels of a source with their counts, and a mapping to begin with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from dateline.build.formats.source import Document

_TO_DECIDE = "decide what it makes: actor, incident, statement or words; or say why it is no data"


def described(documents: Iterable[Document]) -> dict[str, Any]:
    """Labels of marks with counts, examples, attributes and links; a first mapping of them all."""
    labels: Counter[str] = Counter()
    examples: dict[str, str] = {}
    values: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    links: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    count = 0
    for document in documents:
        count += 1
        of = {mark.id: mark.label for mark in document.marks}
        for mark in document.marks:
            labels[mark.label] += 1
            words = " … ".join(document.text[slice(*piece)] for piece in mark.pieces)
            examples.setdefault(mark.label, " ".join((words or mark.quote or "").split())[:60])
            for name, each in mark.values.items():
                values[mark.label][name].update(each)
        for link in document.links:
            links[of[link.source]][link.label, of[link.target]] += 1
    described = {
        label: {
            "count": n,
            "example": examples[label],
            "attributes": {
                name: dict(each.most_common(10)) for name, each in sorted(values[label].items())
            },
            "links": [
                {"label": link, "to": to, "count": m}
                for (link, to), m in sorted(links[label].items())
            ],
        }
        for label, n in sorted(labels.items())
    }
    return {"documents": count, "labels": described, "mapping": _first(described)}


def _first(labels: dict[str, Any]) -> dict[str, Any]:
    """A mapping that keeps to the schema and makes nothing yet."""
    return {"version": 1, "marks": {label: {"skip": _TO_DECIDE} for label in labels}}
