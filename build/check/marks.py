"""Quotation marks: what stands between them, and whether a quote is what its type says.

The marks are those of data-model.md rule 57: U+0022, U+201C-201F, U+00AB, U+00BB, U+2039, U+203A,
U+300C-300F anywhere; U+0027, U+2018, U+2019 only as a pair at the edges of words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

DOUBLE = '"\u201c-\u201f\u00ab\u00bb\u2039\u203a\u300c-\u300f'
_SINGLE = "'\u2018\u2019"
# Marks of one kind hold those of the others.
_KINDS = ('"', "\u201c-\u201f", "\u00ab\u00bb", "\u2039\u203a", "\u300c\u300d", "\u300e\u300f")
_PASSAGE = re.compile(
    "|".join(f"[{kind}][^{kind}]+[{kind}]" for kind in (*_KINDS, DOUBLE))
    + f"|(?<!\\w)[{_SINGLE}](?=\\S)(?:[^{_SINGLE}{DOUBLE}]|(?<=\\w)[{_SINGLE}](?=\\w))+"
    f"(?<=\\S)[{_SINGLE}](?!\\w)"
)
_MARKED = re.compile(f"[{DOUBLE}].*[{DOUBLE}]|[{_SINGLE}](?=\\S).*(?<=\\S)[{_SINGLE}]", re.DOTALL)
# Words without any of these have no passage.
MARKS = f"[{DOUBLE}{_SINGLE}]"
# Between the passages of a mixed quote.
GAP = " … "


def is_marked(words: str) -> bool:
    """Whether the words begin and end with a quotation mark."""
    return _MARKED.fullmatch(words) is not None


def passages(words: str) -> list[str]:
    """The passages between quotation marks, in order, without the marks."""
    return [match.group()[1:-1] for match in _PASSAGE.finditer(words)]


def quote_type(contents: Sequence[str]) -> str:
    """The type of quote of content slices: direct, mixed or indirect."""
    if contents and all(map(is_marked, contents)):
        return "direct"
    return "mixed" if any(map(_PASSAGE.search, contents)) else "indirect"


def misnamed(kind: str, contents: Sequence[str]) -> str | None:
    """The rule that content slices break as a quote of this type; null where they break none."""
    if kind == "direct":
        return None if all(map(is_marked, contents)) else "quote-direct-unmarked"
    marked = any(map(_PASSAGE.search, contents))
    if kind == "mixed":
        return None if marked else "quote-mixed-unmarked"
    return "quote-indirect-marked" if marked else None


def quoted(kind: str, contents: Sequence[str]) -> str:
    """The words that the speaker of a direct or mixed quote says, white space as one space."""
    if kind == "direct":
        return " ".join(" ".join(words[1:-1].split()) for words in contents)
    found = (" ".join(words.split()) for content in contents for words in passages(content))
    return GAP.join(found)


def is_sound(kind: str | None, quote: str | None, contents: Sequence[str]) -> bool:
    """Whether type, quote_text and content slices of a statement fit each other."""
    if kind is None or (kind == "indirect" and quote is not None):
        return False
    if not contents:
        return True
    if misnamed(kind, contents) is not None:
        return False
    return quote is None or " ".join(quote.split()) == quoted(kind, contents)
