"""The W3C Web Annotation model: annotations, bodies and selectors of its compact form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.build.formats.source import Span
from dateline.build.formats.w3c_items import CONTEXT
from dateline.build.issues import shown


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
    """The annotations of a file, each with one target: one, a list, a page or a collection.

    Raises ValueError, which says what came, where it is none of them.
    """
    if isinstance(content, list):
        for each in content:
            yield from annotations_of(each)
        return
    if not isinstance(content, dict):
        raise ValueError(shown(content))
    if "@context" in content and CONTEXT not in several(content["@context"]):
        raise ValueError(f"the context {content['@context']}")
    kinds = several(content.get("type"))
    if "AnnotationCollection" in kinds:
        yield from annotations_of(content.get("first") or [])
    elif "AnnotationPage" in kinds:
        yield from annotations_of(content.get("items") or [])
    elif "Annotation" in kinds:
        targets = several(content.get("target"))
        if not targets:
            raise ValueError("an annotation without a target")
        # What is said holds for each target by itself.
        for number, target in enumerate(targets, 1):
            yield _annotation(content, target, number)
    else:
        raise ValueError(f"an object of the type {shown(content.get('type'))}")


def _annotation(content: Mapping[str, Any], target: Any, number: int) -> Annotation:
    source, selectors = _target(target)
    key = str(content.get("id", ""))
    tags: list[str] = []
    values: defaultdict[str, list[str]] = defaultdict(list)
    links: list[tuple[str, str]] = []
    for body in _bodies(content.get("body")):
        _take(body, tags, values, links)
    motivation = next(iter(several(content.get("motivation"))), None)
    label, *others = tags or [str(motivation or "annotation")]
    values["label"] += others
    creator = next(iter(several(content.get("creator"))), None)
    named = creator.get("id") or creator.get("name") if isinstance(creator, dict) else creator
    return Annotation(
        f"{key}-{number}" if key and number > 1 else key,
        source,
        selectors,
        label,
        {name: tuple(each) for name, each in values.items() if each},
        tuple(links),
        str(named) if named else None,
    )


def _target(target: Any) -> tuple[str, tuple[Any, ...]]:
    """The address of what a target points into, and its selectors."""
    if isinstance(target, str):
        return target, ()
    if not isinstance(target, dict):
        raise ValueError(f"a target {shown(target)}")
    source = target.get("source") or target.get("id") or ""
    source = source.get("id", "") if isinstance(source, dict) else source
    return str(source), tuple(several(target.get("selector")))


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
    if not isinstance(body, dict):
        values["body"].append(str(body))
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
    quotes = [each for each in _inner(selectors) if each.get("type") == "TextQuoteSelector"]
    # A position that refines another selector counts from the begin of what that one selects.
    positions = [
        (each.get("start"), each.get("end"))
        for each in selectors
        if isinstance(each, dict)
        and each.get("type") == "TextPositionSelector"
        and "refinedBy" not in each
    ]
    spans = tuple(
        (start, end) for start, end in positions if isinstance(start, int) and isinstance(end, int)
    )
    if not quotes:
        return spans, None
    exact = str(quotes[0].get("exact", ""))
    if spans:
        return spans, exact
    found = _search(text, quotes[0])
    return ((found[0],) if len(found) == 1 else ()), exact


def _inner(selectors: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    """The selectors that nothing refines, those that refine another among them."""
    for each in selectors:
        if isinstance(each, dict) and "refinedBy" in each:
            yield from _inner(several(each["refinedBy"]))
        elif isinstance(each, dict):
            yield each


def _search(text: str, quote: Mapping[str, Any]) -> list[Span]:
    """Where the words stand between what is said to stand around them, white space aside."""
    before, exact, after = (
        r"\s+".join(map(re.escape, str(quote.get(key) or "").split()))
        for key in ("prefix", "exact", "suffix")
    )
    pattern = rf"{before}\s*({exact})\s*{after}" if exact else ""
    return [m.span(1) for m in re.finditer(pattern, text)] if pattern else []
