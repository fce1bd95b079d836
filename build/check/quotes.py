"""Quotes against the content that they come from: type, marks and words (rules 57 and 58)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.build.check.items import Item
from dateline.build.check.marks import misnamed, quote_type, quoted
from dateline.build.issues import Finding, shown

_EXPECTED = {
    "quote-direct-unmarked": (
        "quotation marks at both ends of each piece of content with the quote_type direct",
        "widen the content to the marks, or give the quote_type mixed or indirect",
    ),
    "quote-mixed-unmarked": (
        "a passage between quotation marks in the content with the quote_type mixed",
        "widen the content to the marked words, or give the quote_type indirect",
    ),
    "quote-indirect-marked": (
        "no passage between quotation marks in the content with the quote_type indirect",
        "give the quote_type mixed, or narrow the content",
    ),
}


def check_quotes(items: Sequence[Item], *, verbatim: bool) -> Iterator[Finding]:
    """Findings on statements whose content evidence is resolved against the article's text.

    `verbatim` is false where the profile publishes no printed words: then none has to be given.
    """
    for item in (item for item in items if item.table == "statements"):
        if len(item.spans) < len(item.data.get("evidence") or ()):
            continue  # a finding says why a piece is missing
        pieces = [span for span in item.spans if span.role == "content"]
        contents = [span.exact or "" for span in sorted(pieces, key=lambda span: span[2:4])]
        kind = item.data.get("quote_type") or quote_type(contents)
        yield from _check(item, kind, contents, verbatim=verbatim)


def _check(item: Item, kind: str, contents: Sequence[str], *, verbatim: bool) -> Iterator[Finding]:
    pointer, quote = item.pointer, item.data.get("quote_text")
    rule = misnamed(kind, contents) if contents else None
    if rule is not None:
        expected, remedy = _EXPECTED[rule]
        got = " and ".join(map(shown, contents))
        yield Finding(rule, pointer, f"{pointer}: expected {expected}, got {got}; {remedy}")
    elif kind == "indirect" and quote is not None:
        message = (
            f"{pointer}/quote_text: expected no quote_text with the quote_type indirect, got "
            f"{shown(quote)}; leave it out, or correct the quote_type"
        )
        yield Finding("quote-indirect-quoted", f"{pointer}/quote_text", message)
    elif kind == "indirect":
        return
    elif "quote_text" not in item.data and verbatim and not item.is_open:
        message = (
            f"{pointer}: expected a quote_text with the quote_type {kind}, got none; add it, or "
            "write null where the words shall not be published"
        )
        yield Finding("quote-text-missing", pointer, message)
    elif quote is not None and contents and " ".join(quote.split()) != quoted(kind, contents):
        message = (
            f"{pointer}/quote_text: expected {shown(quoted(kind, contents), 300)}, which stands "
            f"between the marks of the content, got {shown(quote, 300)}; copy it"
        )
        yield Finding("quote-text-differs", f"{pointer}/quote_text", message)
