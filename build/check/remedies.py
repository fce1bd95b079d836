"""What to write instead of something that is not JSON, told from what stands there."""

from __future__ import annotations

import re

from dateline.build.locate import COMMA, END, NAME, TEXT, VALUE, NotJson

_COMMA_TOO_MANY = "take away the comma before it"
_QUOTES = "write straight double quotes"
_COMMENT = "JSON has no comments, take it away"
_NUMBER = "write numbers like 7, -7 or 0.5, and other text in double quotes"

# (what was expected, what stands there, what to do): the first that fits holds.
_REMEDIES = [
    (expected, re.compile(pattern), hint)
    for expected, pattern, hint in (
        (VALUE, r"[+-]?(?i:nan|inf|infinity)\b", "JSON has no such number, write null"),
        (VALUE, r"(?:None|NONE|Null|NULL|undefined)\b", "write null"),
        (VALUE, r"(?:True|TRUE|False|FALSE)\b", "write true or false"),
        (VALUE, r"[\]}]", _COMMA_TOO_MANY),
        (VALUE, r"['‘’“”`]", _QUOTES),
        (VALUE, r"[-+.]?[0-9]|[-+]\.", _NUMBER),
        (VALUE, r"//|/\*|#", _COMMENT),
        (VALUE, r"\ufeff", "it is a byte order mark, take it away"),
        (VALUE, r"[^\W\d]", "write text in double quotes"),
        (NAME, r"}", _COMMA_TOO_MANY),
        (NAME, r"['‘’“”`]", _QUOTES),
        (NAME, r"//|/\*|#", _COMMENT),
        (COMMA, r"//|/\*|#", _COMMENT),
        (COMMA, r"[^\W\d]", r"a quotation mark inside of text is written \""),
        (TEXT, r"[\r\n]", r"write a line break inside of text as \n"),
        (TEXT, r"\t", r"write a tab inside of text as \t"),
        (TEXT, r"\\", r"write a backslash as \\"),
        (TEXT, r"[\x00-\x1f]", "take the control character away"),
        (END, r"", "write several articles one a line, in a .jsonl file"),
    )
]


def remedy(text: str, problem: NotJson) -> str:
    """What to do about a place that is not JSON; empty where that says enough itself."""
    for expected, pattern, hint in _REMEDIES:
        if problem.expected.startswith(expected) and pattern.match(text, problem.offset):
            # A bracket where a value should stand is one comma too many only after a comma.
            if hint == _COMMA_TOO_MANY and not text[: problem.offset].rstrip().endswith(","):
                continue
            return hint
    if problem.offset == len(text):
        return "the file or the line is cut short"
    return ""
