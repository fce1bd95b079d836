"""Numbers that words state, in digits or spelled out, and the quantifiers that go with them."""

from __future__ import annotations

import re
from typing import NamedTuple

# The languages whose number words are read; of others, digits alone.
_SPELLED = frozenset({"da", "de", "en", "es", "fr", "it", "nl", "pt"})
_SINGLE = {"a": 1, "an": 1, "another": 1, "no": 0, "none": 0, "nobody": 0}
_VAGUE = frozenset(
    "dozens scores tens hundreds thousands several some many few numerous number casualties "
    "multiple various".split()
)
_QUALIFIERS = {
    words: frozenset(quantifiers.split())
    for words, quantifiers in {
        "at least": "at_least more_than",
        "no fewer than": "at_least",
        "no less than": "at_least",
        "more than": "more_than at_least",
        "over": "more_than at_least",
        "up to": "at_most range",
        "as many as": "at_most range",
        "no more than": "at_most",
        "at most": "at_most",
        "fewer than": "at_most",
        "less than": "at_most",
        "about": "approximately range",
        "around": "approximately range",
        "roughly": "approximately range",
        "approximately": "approximately range",
        "nearly": "approximately at_most",
        "almost": "approximately at_most",
    }.items()
}
_BETWEEN = frozenset({"range", "approximately"})
_NUMBER = r"(?<![^\W_])(?:\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?![^\W_])"
_NUMBERS = re.compile(_NUMBER)
_WORDS = re.compile(r"[^\W\d_]+|[-–—,;/%]")
_RANGE = re.compile(rf"{_NUMBER} ?(?:to|or|-|–) ?{_NUMBER}|between {_NUMBER} and {_NUMBER}")
_LEADING = re.compile(
    rf"(?:(?:the|all|some) )?(?:({'|'.join(_QUALIFIERS)}) )?(?={_NUMBER}(?: [a-z]|$))"
)
_DIGIT_FIRST = re.compile(rf"{_NUMBER}(?: [^\W\d_]|$)")
# Numbers that count no people: how old, how long.
_MEASURE = re.compile(
    rf"(?:{_NUMBER}|[a-z]+(?:-[a-z]+)?)[- ](?:year|month|week|day|hour|minute|storey)s?\b"
    r"(?:[- ]olds?\b)?|\baged [^\W_]+"
)
_DOZENS = (("half a dozen", "6"), ("a dozen", "12"), ("a couple of", "2"), ("a pair of", "2"))
# Beside these a number may stand for a part, or for other things.
_UNCLEAR = frozenset(
    "january february march april may june july august september october november december am pm "
    "percent per km kilometres miles metres times thirds quarters halves dozen more other others "
    "further additional and or plus with including each - – — , ; % /".split()
)


class Stated(NamedTuple):
    """What words state: their numbers, and whether there is one alone and they begin with it.

    `quantifiers` are those that fit the words around the numbers, empty where any does; `vague` is
    whether a word stands for a number that it does not tell.
    """

    numbers: tuple[int, ...]
    leads: bool
    quantifiers: frozenset[str] = frozenset()
    vague: bool = False


def stated(words: str, language: str) -> Stated:
    """The numbers that words of a language (a primary subtag) state, in their order."""
    plain = " ".join(words.casefold().split())
    if language != "en":
        plain = _in_digits(plain, language)
        numbers = tuple(map(_value, _NUMBERS.findall(plain)))
        return Stated(numbers, len(numbers) == 1 and _DIGIT_FIRST.match(plain) is not None)
    plain = " ".join(_MEASURE.sub(" ", plain).split())
    said = _WORDS.findall(plain)
    for phrase, digits in _DOZENS:
        plain = plain.replace(phrase, digits)
    plain = _in_digits(plain, language)
    numbers = tuple(map(_value, _NUMBERS.findall(plain)))
    rest = _WORDS.findall(_NUMBERS.sub("", plain))
    singles = tuple(_SINGLE[word] for word in rest if word in _SINGLE)
    leading = _LEADING.match(plain)
    fitting = _QUALIFIERS[leading[1]] if leading and leading[1] else frozenset[str]()
    clear = leading is not None and len(numbers) == 1 and not singles
    return Stated(
        numbers + singles,
        clear and not _UNCLEAR.intersection(rest) and not _VAGUE.difference({"some"}) & set(said),
        _BETWEEN if _RANGE.search(plain) else fitting,
        not _VAGUE.isdisjoint(said),
    )


def _in_digits(plain: str, language: str) -> str:
    if language not in _SPELLED:
        return plain
    from text_to_num import alpha2digit

    written: str = alpha2digit(plain, language, 0.0)
    return written


def _value(number: str) -> int:
    return int("".join(character for character in number if character.isdecimal()))
