"""The fillers of MUC slots: words and what they are about, dates, places, numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_DAY = re.compile(r"(\d{1,2}) ([A-Z]{3}) (\d{2})")
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_PART = re.compile(r"\s*([^():]+?)\s*(?:\(([^)]*)\))?\s*")
# Kinds of places of the task's list by the column they are.
_FIRST_ORDER = {"DEPARTMENT", "PROVINCE", "STATE"}
_SECOND_ORDER = {"MUNICIPALITY", "COUNTY", "DISTRICT"}
_AREAS = {"REGION", "AREA", "ZONE", "VALLEY", "RIVER", "MOUNTAIN", "OCEAN", "SEA", "GULF"}


@dataclass(frozen=True)
class Filler:
    """One filler: a coded value or none, words that the key takes for the same, whom it is about.

    For a slot of words the words are its own; where `about` is given, they are those of another.
    """

    value: str
    strings: tuple[str, ...]
    about: tuple[str, ...] = ()
    is_optional: bool = False

    def is_about(self, other: Filler) -> bool:
        """Whether this filler's value or words are about that one."""
        return bool(set(self.about) & set(other.strings))


def fillers(lines: Sequence[str]) -> list[Filler]:
    """The fillers of a slot, one a line; alternatives that the key accepts for one stay one."""
    found = []
    for line in lines:
        text = line.strip()
        is_optional = text.startswith("?")
        text = text.removeprefix("?").strip()
        if text in ("-", "*", ""):
            continue
        found.append(_filler(text, is_optional))
    return found


def _filler(text: str, is_optional: bool) -> Filler:
    head = re.match(r'([^"]*?)\s*:\s*"', text)
    if head is not None and head[1]:
        # VALUE: "WHOM"
        about = tuple(map(_plain, _STRING.findall(text)))
        return Filler(head[1].strip(), about, about, is_optional)
    described = re.match(r'("(?:[^"\\]|\\.)*"(?:\s*/\s*"(?:[^"\\]|\\.)*")*)\s*:\s*(".*)', text)
    if described is not None:
        # "DESCRIPTION": "NAME"
        own, about = (tuple(map(_plain, _STRING.findall(part))) for part in described.groups())
        return Filler("", own, about, is_optional)
    strings = tuple(map(_plain, _STRING.findall(text)))
    return Filler("" if strings else text, strings or (text,), (), is_optional)


def _plain(words: str) -> str:
    return words.replace('\\"', '"')


def day(text: str) -> date | None:
    """A day as `03 JAN 90`, of the twentieth century; null where it is none."""
    found = _DAY.search(text)
    if found is None or found[2] not in _MONTHS:
        return None
    try:
        return date(1900 + int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return None


def dates(text: str) -> dict[str, str]:
    """DATE_START, DATE_END and DATE_PRECISION of a date slot, of the first of its alternatives.

    `A - B` is a day from A to B, `- B` a day not after B (precision as data-model.md 5.2.3).
    """
    first = text.split("/")[0].strip(" ()?")
    days = [each for each in map(day, re.findall(r"\d{1,2} [A-Z]{3} \d{2}", first)) if each]
    if not days:
        return {}
    if first.startswith("-"):
        return {"DATE_END": days[0].isoformat(), "DATE_PRECISION": "open"}
    length = (days[-1] - days[0]).days + 1
    limits = ((1, "day"), (6, "days"), (7, "week"), (31, "month"), (366, "year"))
    precision = next((name for limit, name in limits if 0 < length <= limit), None)
    if precision is None:
        return {}
    return {
        "DATE_START": days[0].isoformat(),
        "DATE_END": days[-1].isoformat(),
        "DATE_PRECISION": precision,
    }


def location(text: str) -> dict[str, str]:
    """COUNTRY, ADMIN1, ADMIN2, PLACE, GEO_PRECISION of a slot of places, the widest first."""
    country, *parts = text.split("/")[0].strip(" ?").split(":")
    if not country.strip() or country.strip() == "-":
        return {}
    if " - " in country:
        return {"GEO_PRECISION": "international", "BORDER": country.strip()}
    found = {"COUNTRY": country.strip(), "GEO_PRECISION": "country"}
    for part in parts:
        named = _PART.fullmatch(part)
        if named is None:
            continue
        name, kind = named[1], (named[2] or "").strip()
        if kind in _FIRST_ORDER:
            found |= {"ADMIN1": name, "GEO_PRECISION": "admin1"}
        elif kind in _SECOND_ORDER:
            found |= {"ADMIN2": name, "GEO_PRECISION": "admin2"}
        else:
            found |= {"PLACE": name, "GEO_PRECISION": "region" if kind in _AREAS else "exact"}
    if found["GEO_PRECISION"] in ("admin1", "admin2"):
        found["PLACE"] = found.get("PLACE") or found.get("ADMIN2") or found["ADMIN1"]
    return found


def counts(values: Sequence[str]) -> dict[str, str]:
    """COUNT_LOW, COUNT_BEST, COUNT_HIGH and QUANTIFIER of a number slot (data-model.md section 4).

    `6-` is at least, `-9` at most, `~20` about, `6-8` a range; of alternatives the widest range.
    `PLURAL` states no number.
    """
    text = " / ".join(values)
    if not text or text == "PLURAL":
        return {"QUANTIFIER": "none_stated"} if text else {}
    bounds = [_bounds(each.strip()) for each in text.split("/")]
    found = [each for each in bounds if each is not None]
    if len(found) != len(bounds):
        return {"QUANTIFIER": "none_stated"}
    if len(set(found)) == 1:
        low, best, high, quantifier = found[0]
    else:
        lows, highs = [each[0] for each in found], [each[2] for each in found]
        low = None if None in lows else min(each for each in lows if each is not None)
        high = None if None in highs else max(each for each in highs if each is not None)
        best, quantifier = None, "range"
    named = {"COUNT_LOW": low, "COUNT_BEST": best, "COUNT_HIGH": high}
    return {"QUANTIFIER": quantifier} | {n: str(v) for n, v in named.items() if v is not None}


def _bounds(text: str) -> tuple[int | None, int | None, int | None, str] | None:
    found = re.fullmatch(r"(~?)\s*(\d*)\s*(-?)\s*(\d*)", text)
    if found is None or not (found[2] or found[4]):
        return None
    about, first, dash, second = found.groups()
    low = int(first) if first else None
    high = int(second) if second else None
    if about:
        return (None, low, None, "approximately") if not dash else (low, None, high, "range")
    if not dash:
        return (low, low, low, "exact")
    if low is None:
        return (None, None, high, "at_most")
    return (low, low, None, "at_least") if high is None else (low, None, high, "range")
