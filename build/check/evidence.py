"""Evidence: every span resolved to code points of the text, and proved against its quote."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import Any

from dateline.build.check.items import Item, Span
from dateline.build.check.text import Text
from dateline.build.issues import Finding, did_you_mean, shown

Json = dict[str, Any]


def resolve(item: Item, text: Text, columns: Collection[str], found: list[Finding]) -> None:
    """Fills the spans of one item, in text order; what cannot be resolved is a finding instead.

    `columns` are those of the item's table, which evidence may name as its field.
    """
    words, length = text.words, text.length
    spans = item.spans
    for number, source in enumerate(item.data["evidence"]):
        get = source.get
        start, end, exact, part = get("start"), get("end"), get("quote"), get("part") or 0
        # Most spans: whole offsets and the words that stand there. All others take the exact way.
        if (
            start.__class__ is not int
            or end.__class__ is not int
            or words is None
            or words[start:end] != exact
            or not 0 <= start < end <= length
            or "exact_sha256" in source
        ):
            bounds = _bounds(source, text, f"{item.pointer}/evidence/{number}", found)
            if bounds is None:
                continue
            start, end = bounds
            part = int(part)
            exact = exact if words is None else words[start:end]
        field = get("field")
        if field is not None and field not in columns:
            found.append(_no_column(item, number, field, columns))
        digest = sha256(exact.encode()).hexdigest() if exact else source["exact_sha256"]
        spans.append(Span(field, source["role"], start, end, part, 0, exact, digest, source))
    if spans and not _each_alone(spans):
        spans[:] = _numbered(item, found)


def _each_alone(spans: list[Span]) -> bool:
    """Whether no two spans share field and role: then each is the first of its kind, and whole."""
    return len({span[:2] for span in spans}) == len(spans) and not any(s.part for s in spans)


def _no_column(item: Item, number: int, field: str, columns: Collection[str]) -> Finding:
    pointer = f"{item.pointer}/evidence/{number}/field"
    hint = did_you_mean(field, columns) or f"; `dateline schema {item.table}` lists them"
    message = f"{pointer}: expected a column of {item.table}, got {shown(field)}{hint}"
    return Finding("evidence-field-unknown", pointer, message)


def _bounds(source: Json, text: Text, pointer: str, found: list[Finding]) -> tuple[int, int] | None:
    start, end = source.get("start"), source.get("end")
    if start is None or end is None:
        return _searched(source, text, pointer, found)
    start, end = int(start), int(end)  # JSON Schema takes 7.0 for an integer
    if not 0 <= start < end <= text.length:
        message = (
            f"{pointer}: expected 0 <= start < end <= {text.length}, the text's length in code "
            f"points, got start {start} and end {end}; correct them, or give the quote alone"
        )
        found.append(Finding("evidence-outside-text", pointer, message))
        return None
    quote = source.get("quote")
    if text.words is None:
        return _untold(source, start, end, pointer, found)
    if quote is not None and text.words[start:end] != quote:
        found.append(_mismatch(quote, text.words, start, end, pointer))
        return None
    given = source.get("exact_sha256")
    if given is not None and sha256(text.words[start:end].encode()).hexdigest() != given:
        message = (
            f"{pointer}/exact_sha256: expected the SHA-256 of the text from {start} to {end}, "
            f"got {given}; correct the offsets or leave it out"
        )
        found.append(Finding("evidence-hash", f"{pointer}/exact_sha256", message))
    return start, end


def _untold(
    source: Json, start: int, end: int, pointer: str, found: list[Finding]
) -> tuple[int, int] | None:
    """The bounds of a span of an absent text, which must say its words or their digest."""
    quote, digest = source.get("quote"), source.get("exact_sha256")
    if quote is None and digest is None:
        message = (
            f"{pointer}: expected quote or exact_sha256, since the article has no text; got "
            "neither; add one of them"
        )
        found.append(Finding("evidence-unproved", pointer, message))
        return None
    if quote is not None and len(quote) != end - start:
        message = (
            f"{pointer}/quote: expected {end - start} code points, from {start} to {end}, "
            f"got {len(quote)}; correct the quote or the offsets"
        )
        found.append(Finding("evidence-quote-differs", f"{pointer}/quote", message))
        return None
    if quote is not None and digest not in (None, sha256(quote.encode()).hexdigest()):
        message = (
            f"{pointer}/exact_sha256: expected the SHA-256 of the quote, got {digest}; leave it out"
        )
        found.append(Finding("evidence-hash", f"{pointer}/exact_sha256", message))
        return None
    return start, end


def _mismatch(quote: str, words: str, start: int, end: int, pointer: str) -> Finding:
    message = (
        f"{pointer}: expected the quote {shown(quote)} from {start} to {end}, "
        f"got {shown(words[start:end])}"
    )
    places = _places(quote, words)
    if places:
        nearest = min(places, key=lambda place: (abs(place - start), place))
        message += f"; the quote stands from {nearest} to {nearest + len(quote)}"
        if _utf16_length(words[:nearest]) == start:
            message += ": the offsets count UTF-16 units, count code points"
        else:
            message += ", correct the offsets"
    else:
        message += "; the quote is nowhere in the text, copy it to the letter"
    return Finding("evidence-quote-differs", pointer, message)


def _utf16_length(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def _places(quote: str, words: str) -> list[int]:
    """Where the quote begins in the text, overlaps included, in text order."""
    return [match.start() for match in re.finditer(f"(?={re.escape(quote)})", words)]


def _searched(
    source: Json, text: Text, pointer: str, found: list[Finding]
) -> tuple[int, int] | None:
    """The bounds of a span that gives no offsets: where its quote stands, if in one place only."""
    quote = source.get("quote")
    if (source.get("start") is None) != (source.get("end") is None):
        rule = "evidence-half-offsets"
        message = "expected start and end together, got one of them; give both, or a quote alone"
    elif quote is None:
        rule = "evidence-empty"
        message = "expected a quote, or start and end, got neither; copy the words as quote"
    elif text.words is None:
        rule = "evidence-without-text"
        message = (
            "expected start and end, since the article has no text to search, got a quote alone; "
            "add them"
        )
    else:
        prefix, suffix = source.get("prefix") or "", source.get("suffix") or ""
        places = [place + len(prefix) for place in _places(prefix + quote + suffix, text.words)]
        if len(places) == 1:
            return places[0], places[0] + len(quote)
        if places:
            rule, message = "evidence-quote-repeated", _several(quote, places, text.words)
        else:
            rule = "evidence-quote-missing"
            message = _nowhere(quote, prefix, suffix, text.words)
    found.append(Finding(rule, pointer, f"{pointer}: {message}"))
    return None


def _several(quote: str, places: list[int], words: str) -> str:
    candidates = "; ".join(f"{p}: {_around(p, len(quote), words)}" for p in places[:5])
    more = f" and {len(places) - 5} more" if len(places) > 5 else ""
    return (
        f"expected the quote {shown(quote)} once, got {len(places)} places ({candidates}{more}); "
        "add prefix or suffix, or start and end"
    )


def _around(place: int, length: int, words: str) -> str:
    start, end = max(0, place - 20), place + length + 20
    before, after = "…" if start else "", "…" if end < len(words) else ""
    return shown(before + words[start:end] + after, 120)


def _nowhere(quote: str, prefix: str, suffix: str, words: str) -> str:
    message = f"expected the quote {shown(quote)} in the text, got no such words"
    if (prefix or suffix) and quote in words:
        return f"{message} between this prefix and suffix; correct them"
    lower = words.lower().find(quote.lower())
    if lower >= 0:
        return f"{message}; did you mean {shown(words[lower : lower + len(quote)])} at {lower}?"
    return f"{message}; copy it from the text to the letter"


def _numbered(item: Item, found: list[Finding]) -> list[Span]:
    """The pieces with their span numbers: per field and role, in the order of the first pieces."""
    spans: list[list[Span]] = []
    for piece in item.spans:
        if piece.part == 0:
            spans.append([piece])
        elif spans and _continues(spans[-1][-1], piece):
            spans[-1].append(piece)
        else:
            place = _place_of(piece, item)
            message = (
                f"{place}: expected part {piece.part} right after part {piece.part - 1} of the "
                f"same role and field, in the list and in the text; got it from {piece.start} to "
                f"{piece.end}; correct the order, or leave part out"
            )
            found.append(Finding("evidence-parts", place, message))
    if len(spans) > 1:
        spans.sort(key=lambda span: (span[0].start, span[-1].end))
    found += _repeated(item)
    counts: dict[tuple[str | None, str], int] = {}
    numbered = []
    for span in spans:
        kind = (span[0].field, span[0].role)
        count = counts.get(kind, 0)
        counts[kind] = count + 1
        numbered += [piece._replace(span=count) for piece in span] if count else span
    return numbered


def _repeated(item: Item) -> Iterator[Finding]:
    first: dict[tuple[object, ...], Span] = {}
    for piece in item.spans:
        if first.setdefault(piece[:5], piece) is not piece:
            place = _place_of(piece, item)
            message = (
                f"{place}: expected each span once with one role and field, got {piece.start} to "
                f"{piece.end} as {piece.role} again; take one away"
            )
            also = (_place_of(first[piece[:5]], item),)
            yield Finding("evidence-repeated", place, message, also=also)


def _place_of(span: Span, item: Item) -> str:
    number = next(n for n, e in enumerate(item.data["evidence"]) if e is span.source)
    return f"{item.pointer}/evidence/{number}"


def _continues(before: Span, piece: Span) -> bool:
    return (
        piece.part == before.part + 1
        and (piece.field, piece.role) == (before.field, before.role)
        and piece.start >= before.end
    )
