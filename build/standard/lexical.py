"""How the standard writes values of each type: what is narrower than Python's own readers.

Python takes `1_000`, ` 5 `, digits of any script and `2023-1-5`; a value has to pass here before
a reader sees it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
YEAR = r"-?(?:[1-9][0-9]{4,}|[0-9]{4})"
TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
WRITTEN = {
    "integer": r"[+-]?[0-9]+",
    "number": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "time": TIME,
    # There it is any time of ISO 8601 with all its parts.
    "time of version 1": rf"{TIME}(?:\.[0-9]+)?{ZONE}",
    "datetime": rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}T{TIME}(?:\.[0-9]+)?{ZONE}",
    "year": rf"{YEAR}{ZONE}",
    "yearmonth": rf"{YEAR}-(?:0[1-9]|1[0-2]){ZONE}",
    "duration": (
        r"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
        r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
    ),
}
_WRITTEN = {name: re.compile(pattern) for name, pattern in WRITTEN.items()}
_SPECIAL = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
# All before a number begins, and all after its last digit.
_BARE = re.compile(r"^(?:(?![-+]?[.,]?[0-9]).)*|[^0-9]*$", re.DOTALL)


def written_as(kind: str, text: str) -> bool:
    """Whether text is written as the standard writes values of a type."""
    return _WRITTEN[kind].fullmatch(text) is not None


def bare(text: str, descriptor: dict[str, Any]) -> str:
    """A number's text without what `bareNumber` and `groupChar` allow around and within it."""
    if descriptor.get("bareNumber") is False and text.lower() not in _SPECIAL:
        text = _BARE.sub("", text)
    group = descriptor.get("groupChar")
    return text.replace(group, "") if group else text


def number_text(text: str, descriptor: dict[str, Any]) -> str | None:
    """A number's text as Decimal reads it; null where it is no number."""
    text = bare(text, descriptor)
    point = descriptor.get("decimalChar") or "."
    if point != ".":
        if "." in text:
            return None
        text = text.replace(point, ".")
    return text if written_as("number", text) else _SPECIAL.get(text.lower())


def json_value(text: str) -> Any:
    """The value of JSON text; ValueError where it is none, NaN and Infinity included."""
    try:
        return json.loads(text, parse_constant=_no_json)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def is_base64(text: str) -> bool:
    """Whether text is base64, and nothing but that."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _no_json(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")
