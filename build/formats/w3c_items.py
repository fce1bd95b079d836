"""Articles as W3C Web Annotation and back: an annotation an item, its evidence as targets.

What the model has no word for stands in a body of JSON and, of a target, under `dateline:evidence`;
every other reader sees tags, quotes and positions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_EVIDENCE = "dateline:evidence"
_ITEMS = ("actors", "incidents", "statements")
_PARTS = ("participants", "casualties")
# Of an evidence entry, what selectors say.
_QUOTE = {"exact": "quote", "prefix": "prefix", "suffix": "suffix"}
_POSITION = ("start", "end")


def page_of(article: Mapping[str, Any], source: str) -> Json:
    """The annotations of an article, as a page; `source` is the address of its text."""
    return {
        "@context": CONTEXT,
        "id": f"urn:dateline:{quote(article['id'])}",
        "type": "AnnotationPage",
        "items": list(_annotations(article, source)),
    }


def _annotations(article: Mapping[str, Any], source: str) -> Iterator[Json]:
    base = f"urn:dateline:{quote(article['id'])}#"
    about = {
        key: value
        for key, value in article.items()
        if key != "text" and not (key in _ITEMS and value)
    }
    yield _annotation(base, "article", about, [source])
    for member in _ITEMS:
        for number, item in enumerate(article.get(member) or ()):
            path = f"/{member}/{number}"
            yield _item(base + path, member, item, source)
            for part in _PARTS:
                for place, inner in enumerate(item.get(part) or ()):
                    yield _item(f"{base}{path}/{part}/{place}", part, inner, source)


def _item(key: str, member: str, item: Mapping[str, Any], source: str) -> Json:
    own = {
        name: value for name, value in item.items() if not (name in ("evidence", *_PARTS) and value)
    }
    targets = [_target(entry, source) for entry in item.get("evidence") or ()]
    return _annotation(key, member, own, targets or [source])


def _annotation(key: str, tag: str, value: Mapping[str, Any], targets: Sequence[Any]) -> Json:
    words = json.dumps(value, ensure_ascii=False)
    return {
        "id": key,
        "type": "Annotation",
        "motivation": "classifying",
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": f"dateline:{tag}"},
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "application/json",
                "value": words,
            },
        ],
        "target": targets[0] if len(targets) == 1 else list(targets),
    }


def _target(entry: Mapping[str, Any], source: str) -> Json:
    selectors: list[Json] = []
    if "quote" in entry:
        words = {theirs: entry[own] for theirs, own in _QUOTE.items() if own in entry}
        selectors.append({"type": "TextQuoteSelector", **words})
    if "start" in entry:
        selectors.append(
            {"type": "TextPositionSelector", **{name: entry[name] for name in _POSITION}}
        )
    said = (*_QUOTE.values(), *_POSITION) if "quote" in entry else _POSITION
    more = {name: value for name, value in entry.items() if name not in said}
    return {"source": source, "selector": selectors, _EVIDENCE: more}


def is_own(page: Any) -> bool:
    """Whether these annotations are an article that `page_of` has written."""
    items = page.get("items") if isinstance(page, dict) else None
    first = items[0] if isinstance(items, list) and items else None
    return isinstance(first, dict) and _tag(first) == "article"


def article_of(page: Mapping[str, Any]) -> Json:
    """The article of such a page, without its text.

    Raises KeyError, ValueError, TypeError or IndexError where it was changed and is none.
    """
    article: Json = {}
    found: dict[tuple[str, ...], Json] = {}
    for each in page["items"]:
        value = json.loads(each["body"][1]["value"])
        entries = [_entry(t) for t in _listed(each["target"]) if isinstance(t, dict)]
        if entries:
            value["evidence"] = entries
        _, *place = each["id"].partition("#")[2].split("/")
        if place:
            found[tuple(place)] = value
        else:
            article |= value
    # By their numbers: another tool may have changed their order, or taken some out.
    for member, number, *inner in sorted(found, key=_numbers):
        owner, name = (found[member, number], inner[0]) if inner else (article, member)
        owner.setdefault(name, []).append(found[member, number, *inner])
    return article


def _numbers(place: Sequence[str]) -> list[int]:
    return [int(each) for each in place[1::2]]


def _tag(annotation: Mapping[str, Any]) -> str:
    body: Any = next(iter(_listed(annotation.get("body"))), None)
    tag = body.get("value") if isinstance(body, dict) else None
    return str(tag).removeprefix("dateline:") if str(tag).startswith("dateline:") else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _entry(target: Mapping[str, Any]) -> Json:
    found: Json = {}
    for selector in target["selector"]:
        if selector["type"] == "TextPositionSelector":
            found |= {name: selector[name] for name in _POSITION}
        else:
            found |= {own: selector[name] for name, own in _QUOTE.items() if name in selector}
    return {**target[_EVIDENCE], **found}
