"""Own words that are the article's: runs of eight words in a title or summary (rule 37)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dateline.build.check.items import Item
from dateline.build.issues import Finding, shown

RUN = 8
OWN_WORDS = ("title", "summary")
# Letters of a word that is not in every text.
_LONG = 7
# Characters that seven words and what is between them take, as a rule.
_NEAR = 150
_WORD = re.compile(r"[^\W_]+")


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def may_be_copied(words: Sequence[str], lower: str) -> bool:
    """Whether words may share a run with a text in lower case; false is certain.

    Of each run only the last long word is looked for, as a rare one, and what stands around it.
    """
    start = 0
    while start + RUN <= len(words):
        probe = max(range(start, start + RUN), key=lambda n: (min(len(words[n]), _LONG), n))
        before, after = words[start:probe][::-1], words[probe + 1 : probe + RUN]
        end = 0
        while (place := lower.find(words[probe], end)) >= 0:
            end = place + len(words[probe])
            if _following(after, lower, end) + 1 + _preceding(before, lower, place) >= RUN:
                return True
        start = probe + 1
    return False


def _following(words: Sequence[str], lower: str, end: int) -> int:
    """How many of the words follow on a place."""
    for count, word in enumerate(words):
        found = _WORD.search(lower, end)
        if found is None or found[0] != word:
            return count
        end = found.end()
    return len(words)


def _preceding(words: Sequence[str], lower: str, place: int) -> int:
    """How many of the words, the nearest first, come before a place; all where that takes long."""
    first = max(0, place - _NEAR)
    found = _WORD.findall(lower, first, place)[1 if first else 0 :]
    if first and len(found) < len(words):
        return len(words)
    pairs = enumerate(zip(words, reversed(found), strict=False))
    return next((n for n, (word, near) in pairs if word != near), min(len(words), len(found)))


def check_own_words(items: Sequence[Item], text: str) -> Iterator[Finding]:
    """Findings on titles and summaries that take a run of words from the article's text."""
    own = [
        (f"{item.pointer}/{name}", item.data[name])
        for item in items
        if item.table == "incidents"
        for name in OWN_WORDS
        if item.data.get(name) is not None
    ]
    lower = text.lower() if own else ""
    for pointer, said in own:
        run = _run(said, lower) if may_be_copied(plain_words(said), lower) else None
        if run is not None:
            message = (
                f"{pointer}: expected own words, got {shown(run, 300)} as in the article; say it "
                "in other words"
            )
            yield Finding("incident-text-copied", pointer, message)


def _run(own: str, lower: str) -> str | None:
    """The longest run of at least eight words that stands in the text, the first of several."""
    words = list(_WORD.finditer(own))
    plain = [word.group().lower() for word in words]
    text = f" {' '.join(_WORD.findall(lower))} "
    first, last = 0, 0
    for start in range(len(words)):
        end = start + max(last - first + 1, RUN)
        while end <= len(words) and f" {' '.join(plain[start:end])} " in text:
            first, last, end = start, end, end + 1
    return own[words[first].start() : words[last - 1].end()] if last else None
