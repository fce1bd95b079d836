"""Offsets of a document to code points: the unit is found by evidence, for a document as a whole.

The text that a source repeats beside its offsets is the referee. The hypotheses that a format names
are tried in their order; one holds when every span that can be checked agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dateline.build.formats.source import Document, Lost, Mark, Span
from dateline.build.formats.units import UNITS, Counter

# How far a span may have drifted, in code points, when a text was changed after its annotation.
WINDOW = 64


@dataclass(frozen=True)
class Settled:
    """A document whose spans are code points, in the order of the text, and how that was found.

    `undecided` are units of which the document does not say which it counts in; its spans are then
    as they came. `shifts` are the drifts that were mended, by label; spans that are none of the
    text are among what the document has `lost`.
    """

    document: Document
    unit: str
    shifts: tuple[tuple[str, int], ...] = ()
    undecided: tuple[str, ...] = ()


def settled(document: Document, unit: str | None = None) -> Settled:
    """The document with its spans in code points; `unit` decides where it is given."""
    counters = _distinct(document.text, (unit,) if unit else document.units)
    placed = [mark for mark in document.marks if mark.pieces]
    checked = [mark for mark in placed if mark.quote is not None]
    misses = {name: _misses(document.text, checked, each) for name, each in counters.items()}
    least = min(misses.values())
    likely = [name for name, count in misses.items() if count == least]
    unchecked = [mark for mark in placed if mark.quote is None]
    if len({_converted(unchecked, counters[name]) for name in likely}) > 1:
        return Settled(document, "", undecided=tuple(likely))
    name = likely[0]
    return _anchored(document, name, counters[name])


def agrees(text: str, pieces: Iterable[Span], quote: str) -> bool:
    """Whether the words at these places are those of the quote, but for white space.

    Pieces of one span are joined by a blank, by older tools by nothing; a newline may be written
    as a blank or as a backslash and an n.
    """
    words = [text[start:end] for start, end in pieces]
    return _folded(quote) in {_folded(" ".join(words)), _folded("".join(words))}


def _folded(text: str) -> str:
    return " ".join(text.replace("\\n", " ").split())


def _distinct(text: str, units: Sequence[str]) -> dict[str, Counter]:
    """The counters of these units, without those that count this text as an earlier one does."""
    found: dict[str, Counter] = {}
    seen = set()
    for name in units:
        counter = UNITS[name].of(text)
        key = (tuple(counter.offsets), counter.is_inclusive)
        if key not in seen:
            seen.add(key)
            found[name] = counter
    return found


def _converted(marks: Sequence[Mark], counter: Counter) -> tuple[Span | None, ...]:
    return tuple(counter.span(*piece) for mark in marks for piece in mark.pieces)


def _misses(text: str, marks: Sequence[Mark], counter: Counter) -> int:
    return sum(not _fits(text, mark, counter) for mark in marks)


def _fits(text: str, mark: Mark, counter: Counter) -> bool:
    pieces = _pieces(mark, counter)
    return pieces is not None and agrees(text, pieces, mark.quote or "")


def _pieces(mark: Mark, counter: Counter) -> tuple[Span, ...] | None:
    """The pieces in code points, sorted; null where one of them is no span of the text."""
    found = [counter.span(*piece) for piece in mark.pieces]
    return None if None in found else tuple(sorted(piece for piece in found if piece))


def _anchored(document: Document, name: str, counter: Counter) -> Settled:
    marks, lost, shifts = [], list(document.lost), []
    for mark in document.marks:
        pieces = _pieces(mark, counter)
        if mark.pieces and mark.quote is not None:
            was, held = pieces, pieces or tuple(counter.nearest(*each) for each in mark.pieces)
            near = _near if pieces else _searched
            pieces = near(document.text, held, mark.quote)
            if pieces and pieces != was:
                shifts.append((mark.label, pieces[0][0] - held[0][0]))
        if pieces is None:
            reason = "its offsets are no span of the text"
            if mark.quote is not None:
                reason = f"the text at its offsets, and near them, is not {mark.quote!r}"
            lost.append(Lost(mark.label, reason, mark.line))
            # What refers to it still finds it, without a place.
            pieces = ()
        marks.append(replace(mark, pieces=pieces))
    changed = replace(document, marks=tuple(marks), lost=tuple(lost), units=(name,))
    return Settled(changed, name, tuple(shifts))


def _near(text: str, pieces: tuple[Span, ...], quote: str) -> tuple[Span, ...] | None:
    """The pieces, or the nearest place that has their words; null where none or two are nearest."""
    for distance in range(WINDOW + 1):
        shifted = [_moved(pieces, way * distance) for way in ((1, -1) if distance else (1,))]
        found = [each for each in shifted if each[0][0] >= 0 and agrees(text, each, quote)]
        if found:
            return found[0] if len(found) == 1 else None
    return _searched(text, pieces, quote)


def _moved(pieces: tuple[Span, ...], by: int) -> tuple[Span, ...]:
    return tuple((start + by, end + by) for start, end in pieces)


def _searched(text: str, pieces: tuple[Span, ...], quote: str) -> tuple[Span, ...] | None:
    """The only place near where the quote of one piece stands, whatever its white space."""
    if len(pieces) > 1:
        return None
    ((start, end),) = pieces
    words = r"\s+".join(map(re.escape, _folded(quote).split()))
    low = max(0, start - WINDOW)
    found = [m.span() for m in re.finditer(words, text[low : end + WINDOW])] if words else []
    return ((found[0][0] + low, found[0][1] + low),) if len(found) == 1 else None
