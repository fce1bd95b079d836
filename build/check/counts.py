"""Casualty counts: the short form spelled out, the shape each quantifier has, the bounds' order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from dateline.build.issues import Finding

Json = dict[str, Any]


class Counts(NamedTuple):
    """The three counts of a claim and their quantifier; null where a bound is not stated."""

    low: int | None
    best: int | None
    high: int | None
    quantifier: str | None


# Number words without a number, and the floor each stands for (data-model.md section 4).
VAGUE = {
    "hundreds": 100,
    "dozens": 12,
    "tens": 10,
    "several": 2,
    "a number of": 2,
    "casualties": 2,
}
_WORD = re.compile(r"\w+")
_Bounds = tuple[int | None, int | None, int | None]
_SHORT: dict[str, Callable[[int], _Bounds]] = {
    "exact": lambda n: (n, n, n),
    "at_least": lambda n: (n, n, None),
    "more_than": lambda n: (n + 1, None, None),
    "at_most": lambda n: (None, None, n),
    "approximately": lambda n: (None, n, None),
}
# Which of low, best, high each quantifier states (rule 46).
_STATED = {
    "exact": (True, True, True),
    "at_least": (True, True, False),
    "more_than": (True, False, False),
    "at_most": (False, False, True),
    "approximately": (False, True, False),
    "range": (True, False, True),
    "vague": (True, False, False),
    "none_stated": (False, False, False),
}
_SHAPES = {
    "exact": "low, best and high equal",
    "at_least": "low and best equal and no high",
    "more_than": "low only",
    "at_most": "high only",
    "approximately": "best only",
    "range": "low below high and no best",
    "vague": "low only",
    "none_stated": "no count",
}


def counts_of(claim: Json) -> Counts:
    """The counts of a claim as given, or spelled out from `count` and the words of `count_text`.

    A missing quantifier follows from the counts where only one has their shape; else it is null.
    """
    count, quantifier = claim.get("count"), claim.get("quantifier")
    low, best, high = (claim.get(f"count_{part}") for part in ("low", "best", "high"))
    if isinstance(count, list):
        return Counts(count[0], None, count[1], quantifier or "range")
    if count is not None:
        quantifier = quantifier or "exact"
        if quantifier in _SHORT:
            return Counts(*_SHORT[quantifier](count), quantifier)
        return Counts(count, count, count, quantifier)
    if quantifier == "vague" and low is None:
        return Counts(_vague(claim.get("count_text")), None, None, quantifier)
    return Counts(low, best, high, quantifier or _only_shape(low, best, high))


def _vague(words: str | None) -> int | None:
    text = f" {' '.join(_WORD.findall((words or '').lower()))} "
    return next((floor for word, floor in VAGUE.items() if f" {word} " in text), None)


def _only_shape(low: int | None, best: int | None, high: int | None) -> str | None:
    stated = (low is not None, best is not None, high is not None)
    if stated == (True, False, False):
        return None
    return next((name for name, shape in _STATED.items() if shape == stated), None)


def check_counts(claim: Json, pointer: str, counts: Counts) -> list[Finding]:
    """Findings on one claim's counts: given twice, out of order, or of another shape."""
    given = [k for k in ("count_low", "count_best", "count_high") if claim.get(k) is not None]
    if claim.get("count") is not None and given:
        message = f"{pointer}: expected count or {', '.join(given)}, got both; keep one form"
        return [Finding("casualty-count-twice", pointer, message)]
    low, best, high, quantifier = counts
    stated = [n for n in (low, best, high) if n is not None]
    text = f"low {_null(low)}, best {_null(best)}, high {_null(high)}"
    if stated != sorted(stated):
        message = f"{pointer}: expected low <= best <= high, got {text}; correct the counts"
        return [Finding("casualty-count-order", pointer, message)]
    if quantifier is None:
        message = (
            f"{pointer}: expected a quantifier, since {text} may be more_than or vague; got none; "
            "add it, or correct the counts"
        )
        return [Finding("casualty-quantifier-missing", pointer, message)]
    if not _fits(counts):
        message = (
            f"{pointer}: expected {_SHAPES[quantifier]} with the quantifier {quantifier}, got "
            f"{text}; correct the counts or the quantifier"
        )
        return [Finding("casualty-count-shape", pointer, message)]
    return []


def _null(count: int | None) -> str:
    return "null" if count is None else str(count)


def _fits(counts: Counts) -> bool:
    low, best, high, quantifier = counts
    shape = (low is not None, best is not None, high is not None)
    if quantifier is None or shape != _STATED[quantifier]:
        return False
    if quantifier == "exact":
        return low == best == high
    if quantifier == "at_least":
        return low == best
    if quantifier == "range":
        return low is not None and high is not None and low < high
    return True
