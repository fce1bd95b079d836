"""Counts of casualty claims against the words of their evidence (rule 69)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from dateline.build.check.claims import Claim
from dateline.build.check.counts import Counts
from dateline.build.check.items import Item
from dateline.build.check.numerals import stated
from dateline.build.issues import Finding, shown

Verdict = Literal["agrees", "contradicts", "unclear"]


def check_tolls(
    items: Sequence[Item], claims: Mapping[str, Claim], language: str
) -> Iterator[Finding]:
    """Findings on claims whose count evidence, resolved against the text, states something else.

    `claims` are the settled ones by pointer, `language` the article's BCP 47 tag.
    """
    for item in (item for item in items if item.table == "casualties"):
        words = tuple(s.exact for s in item.spans if s.role == "count" and s.exact is not None)
        counts = claims[item.pointer].counts
        found = verdict(words, counts, primary(language)) if words else "agrees"
        if found == "agrees":
            continue
        got = " and ".join(map(shown, words))
        expected = f"{item.pointer}: expected words that state the counts, {_told(counts)}"
        if found == "contradicts":
            message = f"{expected}; got {got}; correct the counts, or mark other words"
            yield Finding("casualty-count-words", item.pointer, message)
        else:
            message = f"{expected}; got {got}; check the counts and the quantifier"
            yield Finding("casualty-count-words-hint", item.pointer, message, "warning")


def primary(language: str) -> str:
    """The primary subtag of a language tag."""
    return language.partition("-")[0].lower()


def _told(counts: Counts) -> str:
    names = zip(("low", "best", "high"), counts[:3], strict=True)
    return ", ".join(
        [f"{name} {count}" for name, count in names if count is not None]
        + [f"quantifier {counts.quantifier}"]
    )


# Articles say the same things: "two people", "at least seven".
@lru_cache(maxsize=50_000)
def verdict(words: tuple[str, ...], counts: Counts, language: str) -> Verdict:
    """Whether the words of a claim's evidence can state its counts.

    `contradicts` only where they begin with one number and have no other; in languages other than
    English never. `language` is a primary subtag.
    """
    found = [stated(each, language) for each in words]
    numbers = [number for each in found for number in each.numbers]
    alone = found[0] if len(found) == 1 else None
    if counts.quantifier in (None, "none_stated"):
        return "agrees"
    if counts.quantifier == "vague" and any(each.vague for each in found):
        return "agrees"
    if _meant(counts).intersection((*numbers, sum(numbers))) and numbers:
        fits = alone is None or not alone.quantifiers or counts.quantifier in alone.quantifiers
        return "agrees" if fits else "unclear"
    if language != "en":
        return "unclear" if alone is not None and alone.leads else "agrees"
    return "contradicts" if alone is not None and alone.leads else "unclear"


def _meant(counts: Counts) -> set[int]:
    """The numbers that words may name for counts: a bound, or the number that it leaves out."""
    low, best, high, quantifier = counts
    meant = {number for number in (low, best, high) if number is not None}
    if quantifier == "more_than" and low is not None:
        meant.add(low - 1)
    if quantifier == "at_most" and high is not None:
        meant.add(high + 1)
    return meant
