"""Values inside one article: dates in order, methods and codes that fit, verbatim within limits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dateline.build.check.items import Item
from dateline.build.check.tags import check_tags
from dateline.build.issues import Finding
from dateline.schema import UNCLASSIFIED

Json = dict[str, Any]

QUOTE_WORDS = 25
ARTICLE_WORDS = 100
_MODEL_METHODS = frozenset({"model", "model_reviewed"})


def instant(value: str) -> datetime:
    """The instant of a date (its first second in UTC) or of an RFC 3339 date and time, in UTC."""
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def check_source(data: Json) -> Iterator[Finding]:
    """Findings on the article's own facts: who annotated, publisher, when it was published."""
    source, annotation = data["source"], data.get("annotation") or {}
    yield from check_confidence(annotation, "/annotation")
    if annotation.get("method") not in ("import", "model"):
        for name in ("publisher", "published_at", "language"):
            if source.get(name) is None:
                message = (
                    f"/source: expected {name}, which an annotation by hand gives; got none; add it"
                )
                yield Finding("article-field-missing", "/source", message)
    yield from check_tags(source)
    published, retrieved = source.get("published_at"), source.get("retrieved_at")
    if published and retrieved and instant(published) > instant(retrieved) + timedelta(days=1):
        message = (
            f"/source/retrieved_at: expected a time not before the article was published, "
            f"{published}, got {retrieved}; correct one of them"
        )
        yield Finding("article-retrieved-early", "/source/retrieved_at", message)


def check_days(items: Sequence[Item], published: str) -> Iterator[Finding]:
    """Findings for statements and figures dated after the day the article was published."""
    for item in items:
        name = {"statements": "said_on", "casualties": "as_of"}.get(item.table)
        value = item.data.get(name) if name else None
        if value is not None and value > published:
            pointer = f"{item.pointer}/{name}"
            message = (
                f"{pointer}: expected a day not after the article was published, {published}, "
                f"got {value}; correct it"
            )
            rule = "statement-said-late" if name == "said_on" else "casualty-as-of-late"
            yield Finding(rule, pointer, message)


def check_methods(items: Sequence[Item], coded: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Findings for codes left open by hand, and for a confidence that no model gave.

    `coded` are the columns with a vocabulary by table.
    """
    for item in items:
        if not item.is_open:
            yield from _left_open(item, coded[item.table])
        if item.data.get("annotation"):
            yield from check_confidence(item.annotation, f"{item.pointer}/annotation")
        for number, source in enumerate(item.data.get("evidence") or ()):
            if source.get("annotation"):
                pointer = f"{item.pointer}/evidence/{number}/annotation"
                yield from check_confidence(source["annotation"], pointer)


def check_confidence(annotation: Json, pointer: str) -> Iterator[Finding]:
    """The finding on an annotation that gives a confidence although no model made it, if so."""
    method, confidence = annotation.get("method") or "manual", annotation.get("confidence")
    if confidence is not None and method not in _MODEL_METHODS:
        message = (
            f"{pointer}: expected no confidence with the method {method}, got {confidence}; leave "
            "it out, only models have one"
        )
        yield Finding("confidence-without-model", pointer, message)


def _left_open(item: Item, coded: Collection[str]) -> Iterator[Finding]:
    if UNCLASSIFIED not in item.data.values():
        return
    method = item.annotation.get("method") or "manual"
    for name, value in item.data.items():
        # A person or a key may be called so.
        if value == UNCLASSIFIED and name in coded:
            message = (
                f"{item.pointer}/{name}: expected a value, since the method is {method}; got "
                f"{UNCLASSIFIED}, which is for imports and models; choose one"
            )
            yield Finding("unclassified-by-hand", f"{item.pointer}/{name}", message)


def check_statements(items: Sequence[Item], *, verbatim: bool) -> Iterator[Finding]:
    """Findings on statements: what an annotation by hand must give, and how much is quoted.

    `verbatim` is false where the profile publishes no printed words: then nothing is too long.
    """
    quoted: dict[str, tuple[Item, str]] = {}
    for item in (item for item in items if item.table == "statements"):
        if not item.is_open and item.data.get("paraphrase") is None:
            message = f"{item.pointer}: expected a paraphrase in own words, got none; add it"
            yield Finding("statement-paraphrase-missing", item.pointer, message)
        quote = item.data.get("quote_text")
        if quote is not None:
            quoted[item.data["id"]] = (item, quote)
    if verbatim:
        yield from _too_long(quoted)


def _too_long(quoted: dict[str, tuple[Item, str]]) -> Iterator[Finding]:
    total = 0
    for item, quote in quoted.values():
        words = len(quote.split())
        pointer = f"{item.pointer}/quote_text"
        if words > QUOTE_WORDS:
            message = (
                f"{pointer}: expected at most {QUOTE_WORDS} words, got {words}; give null to "
                "publish none of it, or shorten the quote and its content evidence"
            )
            yield Finding("quote-too-long", pointer, message)
        parent = quoted.get(item.data.get("parent") or "")
        total += 0 if parent and quote in parent[1] else words
    if total > ARTICLE_WORDS:
        message = (
            f"/statements: expected at most {ARTICLE_WORDS} words in all quote_texts of the "
            f"article together, got {total}; give null for some of them"
        )
        yield Finding("quotes-too-long", "/statements", message)
