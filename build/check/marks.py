"""Quotation marks: whether words stand between them, and the type of quote that makes.

The marks are those of data-model.md rule 57: U+0022, U+201C-201F, U+00AB, U+00BB, U+2039, U+203A,
U+300C-300F anywhere; U+0027, U+2018, U+2019 only as a pair at the edges of words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_DOUBLE = '"\u201c-\u201f\u00ab\u00bb\u2039\u203a\u300c-\u300f'
_SINGLE = "'\u2018\u2019"
_PASSAGE = re.compile(
    f"[{_DOUBLE}][^{_DOUBLE}]+[{_DOUBLE}]"
    f"|(?<!\\w)[{_SINGLE}](?=\\S)[^{_SINGLE}{_DOUBLE}]+(?<=\\S)[{_SINGLE}](?!\\w)"
)
_MARKED = re.compile(f"[{_DOUBLE}].*[{_DOUBLE}]|[{_SINGLE}](?=\\S).*(?<=\\S)[{_SINGLE}]", re.DOTALL)


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
