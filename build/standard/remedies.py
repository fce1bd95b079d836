"""What to do about a cell that a spreadsheet, or a person, wrote in its own way."""

from __future__ import annotations

import datetime
import re

from dateline.build.standard.model import Field

_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_SLASHED = re.compile(r"(\d{1,4})[/-](\d{1,2})[/-](\d{1,4})")
_NULLS = {"n/a", "na", "null", "none", "nan", "-", "--", ".", "#n/a", "missing", "unknown", "?"}
_GROUPED = re.compile(r"[+-]?\d{1,3}([,.' \u00a0\u202f])\d{3}(?:\1\d{3})*(?:([.,])\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_SIGNED = re.compile(r"[+-]?[\d.,]+\s*[%\u20ac$\u00a3\u00a5]|[%\u20ac$\u00a3\u00a5]\s*[+-]?[\d.,]+")
_WORDS = {"yes": True, "y": True, "t": True, "true": True, "x": True, "on": True, "wahr": True}
_WORDS |= {"no": False, "n": False, "f": False, "false": False, "off": False, "falsch": False}
_EPOCH = datetime.date(1899, 12, 30)


def remedy(field: Field, text: str) -> str:
    """The end of a message that says what to do, "" where nothing is known."""
    if text.strip(" \t\u00a0\u202f\ufeff") != text:
        return "; remove the space around it"
    if text.lower() in _NULLS and field.type != "boolean":
        return f'; leave the cell empty, or declare "missingValues": ["", "{text}"]'
    found = ""
    if field.type in ("integer", "number"):
        found = _number(field.type, text)
    elif field.type in ("date", "datetime"):
        found = _date(text) if field.format == "default" else ""
        found = found or (_datetime(text) if field.type == "datetime" else _only_date(text))
    elif field.type == "boolean":
        found = _boolean(field, text)
    return f"; {found}" if found else ""


def _number(kind: str, text: str) -> str:
    if _SIGNED.fullmatch(text):
        return 'write the number alone, or declare "bareNumber": false'
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None:
        mark, point = grouped[1], grouped[2]
        plain = text.replace(mark, "").replace(point or ".", ".")
        rest = f' and "decimalChar": "{point}"' if point == "," else ""
        return f'write {plain}, or declare "groupChar": "{mark}"{rest}'
    if _DECIMAL_COMMA.fullmatch(text):
        plain = text.replace(",", ".")
        return f"write {plain}" + (', or declare "decimalChar": ","' if kind == "number" else "")
    if kind == "integer" and re.fullmatch(r"[+-]?\d+\.\d+", text):
        whole = text.partition(".")[0]
        exact = not text.partition(".")[2].strip("0")
        return f"write {whole}" if exact else 'round it, or declare the field a "number"'
    return ""


def _date(text: str) -> str:
    dotted = _DAY_FIRST.fullmatch(text)
    if dotted is not None:
        day, month, year = (int(part) for part in dotted.groups())
        return _like(year + 2000 * (year < 100), month, day, text)
    slashed = _SLASHED.fullmatch(text)
    if slashed is not None:
        first, second, third = (int(part) for part in slashed.groups())
        if first > 31:
            return _like(first, second, third, text)
        if first > 12:
            return _like(third, second, first, text)
        return _like(third, first, second, text)
    if re.fullmatch(r"[1-9]\d{4}(?:\.0)?", text):
        counted = _EPOCH + datetime.timedelta(days=int(text[:5]))
        return f"a spreadsheet's number of a day: write dates as YYYY-MM-DD, here {counted}"
    return ""


def _like(year: int, month: int, day: int, text: str) -> str:
    try:
        written = datetime.date(year, month, day).isoformat()
    except ValueError:
        return "write dates as YYYY-MM-DD"
    return f"write dates as YYYY-MM-DD, e.g. {written}"


def _datetime(text: str) -> str:
    spaced = re.fullmatch(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?)(.*)", text)
    if spaced is not None:
        time = spaced[2] if len(spaced[2]) == 8 else f"{spaced[2]}:00"
        return f"write a T between date and time, e.g. {spaced[1]}T{time}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"add the time, e.g. {text}T00:00:00, or declare the field a date"
    return ""


def _only_date(text: str) -> str:
    timed = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d.*", text)
    if timed is not None:
        return f"write {timed[1]}, or declare the field a datetime"
    return ""


def _boolean(field: Field, text: str) -> str:
    meant = _WORDS.get(text.lower())
    if meant is None:
        return ""
    name = "trueValues" if meant else "falseValues"
    usual = field.descriptor.get(name) or ["true" if meant else "false"]
    return f'write {usual[0]}, or declare "{name}": ["{text}"]'
