"""The W3C Web Annotation model: annotations, bodies and selectors of its compact form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.build.formats.source import Span
from dateline.build.formats.w3c_items import CONTEXT


@dataclass(frozen=True)
class Annotation:
    """One annotation: where it points, what it says, which others it is tied to."""

    id: str
    source: str
    selectors: tuple[Any, ...]
    label: str
    values: Mapping[str, tuple[str, ...]]
    links: tuple[tuple[str, str], ...]
    creator: str | None


def annotations_of(content: Any) -> Iterator[Annotation]:
    """The annotations of a file: one, a list, a page or a collection."""
    if isinstance(content, list):
        for each in content:
            yield from annotations_of(each)
        return
    if not isinstance(content, dict):
        raise ValueError(f"{type(content).__name__}")
    if "@context" in content and CONTEXT not in several(content["@context"]):
        raise ValueError(f"the context {content['@context']}")
    kinds = several(content.get("type"))
    if "AnnotationCollection" in kinds:
        yield from annotations_of(content.get("first") or [])
    elif "AnnotationPage" in kinds:
        yield from annotations_of(content.get("items") or [])
    elif "Annotation" in kinds:
        yield _annotation(content)
    else:
        raise ValueError(f"an object of the type {content.get('type')}")


def _annotation(content: Mapping[str, Any]) -> Annotation:
    target = next(iter(several(content.get("target"))), "")
    source = target if isinstance(target, str) else target.get("source") or target.get("id") or ""
    source = source if isinstance(source, str) else str(source.get("id", ""))
    selectors = () if isinstance(target, str) else tuple(several(target.get("selector")))
    tags: list[str] = []
    values: defaultdict[str, list[str]] = defaultdict(list)
    links: list[tuple[str, str]] = []
    for body in _bodies(content.get("body")):
        _take(body, tags, values, links)
    motivation = next(iter(several(content.get("motivation"))), None)
    label, *others = [*tags, str(motivation or "annotation")]
    values["label"] += others if tags and others[:-1] else []
    creator = next(iter(several(content.get("creator"))), None)
    named = creator.get("id") or creator.get("name") if isinstance(creator, dict) else creator
    return Annotation(
        str(content.get("id", "")),
        source,
        selectors,
        label,
        {name: tuple(each) for name, each in values.items() if each},
        tuple(links),
        str(named) if named else None,
    )


def _bodies(body: Any) -> Iterator[Any]:
    for each in several(body):
        if isinstance(each, dict) and each.get("type") in ("Choice", "Composite", "List"):
            yield from _bodies(each.get("items"))
        else:
            yield each


def _take(
    body: Any,
    tags: list[str],
    values: defaultdict[str, list[str]],
    links: list[tuple[str, str]],
) -> None:
    """Takes one body: a tag is a label, a link leads to another annotation, the rest are words."""
    if isinstance(body, str):
        values["body"].append(body)
        return
    purpose = next(iter(several(body.get("purpose"))), "describing")
    value = body.get("value", body.get("id", body.get("source")))
    if purpose == "tagging" and isinstance(value, str):
        tags.append(value)
    elif purpose == "linking" and isinstance(body.get("source"), str):
        links.append((str(value), body["source"]))
    elif isinstance(value, str):
        values[purpose].append(value)
    elif isinstance(value, dict):
        values[purpose].append(str(value.get("id", value)))


def several(value: Any) -> list[Any]:
    """What the model lets be one or a list, as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def place_of(text: str, selectors: Sequence[Any]) -> tuple[tuple[Span, ...], str | None]:
    """The span that selectors give, in the unit of the source, and the words that it has.

    A quote that stands once needs no position; of several the position chooses the nearest.
    """
    quotes = [each for each in _flat(selectors) if each.get("type") == "TextQuoteSelector"]
    positions = [each for each in _flat(selectors) if each.get("type") == "TextPositionSelector"]
    spans = tuple((int(each["start"]), int(each["end"])) for each in positions)
    if not quotes:
        return spans, None
    exact = str(quotes[0].get("exact", ""))
    if spans:
        return spans, exact
    found = _search(text, quotes[0])
    return ((found[0],) if len(found) == 1 else ()), exact


def _flat(selectors: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    for each in selectors:
        if isinstance(each, dict):
            yield each
            yield from _flat(several(each.get("refinedBy")))


def _search(text: str, quote: Mapping[str, Any]) -> list[Span]:
    """Where the words stand between what is said to stand around them, white space aside."""
    before, exact, after = (
        r"\s+".join(map(re.escape, str(quote.get(key) or "").split()))
        for key in ("prefix", "exact", "suffix")
    )
    pattern = rf"{before}\s*({exact})\s*{after}" if exact else ""
    return [m.span(1) for m in re.finditer(pattern, text)] if pattern else []
