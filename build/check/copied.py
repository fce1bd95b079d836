"""Own words that are the article's: runs of eight words in a title or summary (rule 37)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dateline.build.check.items import Item
from dateline.build.issues import Finding, shown

RUN = 8
OWN_WORDS = ("title", "summary")
_WORD = re.compile(r"[^\W_]+")


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def may_be_copied(words: Sequence[str], lower: str) -> bool:
    """Whether words may share a run with a text in lower case; false is certain.

    Looks at the last word of each run first: no run reaches over one that the text does not have.
    """
    start = 0
    while start + RUN <= len(words):
        absent = next((n for n in range(RUN - 1, -1, -1) if words[start + n] not in lower), None)
        if absent is None:
            return True
        start += absent + 1
    return False


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
