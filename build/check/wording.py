"""What a JSON Schema asks for, in words: one message for each way in which a value departs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dateline.build.issues import Finding, did_you_mean, shown
from dateline.build.locate import escaped

_TYPES = {
    "string": ("text",),
    "integer": ("a whole number",),
    "number": ("a number",),
    "boolean": ("true", "false"),
    "object": ("an object",),
    "array": ("a list",),
    "null": ("null",),
}
_FORMATS = {
    "date": "a day that exists, as YYYY-MM-DD, from 1900 on",
    "date-time": "a time as YYYY-MM-DDTHH:MM:SS with Z or an offset",
    "uri": "an address that begins with http:// or https://, with %XX for special characters",
}
# Twelve values and `unclassified`.
_LISTED = 13
_LONG = 60
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Problem:
    """A keyword of a schema that a value breaks.

    `limit` is the keyword's value, `schema` the schema it stands in, `column` the definition
    `table.column` that this schema is, empty where it is none.
    """

    keyword: str
    limit: Any
    value: Any
    path: tuple[str | int, ...]
    schema: Mapping[str, Any]
    column: str = ""

    @property
    def pointer(self) -> str:
        """The JSON pointer of the value."""
        return "".join(f"/{escaped(part)}" for part in self.path)


def findings(problems: Iterable[Problem]) -> list[Finding]:
    """One finding for each problem that is not merely a consequence of another one."""
    by_value: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_value[problem.pointer].append(problem)
    found = (f for group in by_value.values() for p in _telling(group) for f in _worded(p))
    return list(dict.fromkeys(found))


def _telling(problems: list[Problem]) -> list[Problem]:
    """The problems of one value without those that follow from its type, or from its emptiness."""
    types = [p for p in problems if p.keyword == "type"]
    if types:
        return [min(types, key=lambda p: len(_listed(p.limit)))]
    empty = [p for p in problems if p.keyword == "minLength" and p.value == ""]
    return empty[:1] or problems


def _worded(problem: Problem) -> Iterator[Finding]:
    if problem.keyword == "additionalProperties":
        yield from _unknown_keys(problem)
    elif problem.keyword == "required":
        yield from _missing_keys(problem)
    else:
        rule = _RULES.get(problem.keyword, "invalid-value")
        expected, got, remedy = _WORDS.get(problem.keyword, _other)(problem)
        if problem.keyword == "const" and problem.pointer == "/version":
            rule, remedy = "wrong-version", "; it is the version of the form, not of your data"
        yield _finding(rule, problem.pointer, f"expected {expected}, got {got}{remedy}")


def _finding(rule: str, pointer: str, message: str, *, at_key: bool = False) -> Finding:
    return Finding(rule, pointer, f"{pointer}: {message}" if pointer else message, at_key=at_key)


def _unknown_keys(problem: Problem) -> Iterator[Finding]:
    known = list(problem.schema.get("properties", ()))
    for key in problem.value:
        if key not in known:
            pointer = f"{problem.pointer}/{escaped(key)}"
            message = f"expected a known key, got {shown(key)}{_known(key, known)}"
            yield _finding("unknown-key", pointer, message, at_key=True)


def _known(key: str, known: list[str]) -> str:
    near = did_you_mean(key, known)
    if not near and len(known) <= _LISTED:
        return f"; the keys here are {_joined(known, 'and')}"
    if not near and "attributes" in known:
        return "; columns of your own go into attributes"
    return near


def _missing_keys(problem: Problem) -> Iterator[Finding]:
    for key in problem.limit:
        if key not in problem.value:
            message = f'expected the key "{key}", got none; add it'
            yield _finding("missing-key", problem.pointer, message)


# What is expected, what is there, and the remedy with its semicolon or nothing.
_Words = tuple[str, str, str]


def _type(problem: Problem) -> _Words:
    types = _listed(problem.limit)
    words = [word for name in types for word in _TYPES[name]]
    return _joined(words, "or"), shown(problem.value), _type_remedy(problem.value, set(types))


def _type_remedy(value: object, types: set[str]) -> str:
    if isinstance(value, str) and types & {"integer", "number"} and _NUMBER.fullmatch(value):
        return "; write it without quotation marks"
    if isinstance(value, str) and "boolean" in types and value.lower() in ("true", "false"):
        return f"; write {value.lower()} without quotation marks"
    if isinstance(value, int | float) and "string" in types:
        return "; write it in quotation marks"
    if value is not None and types <= {"array", "null"}:
        return "; put it in brackets"
    return ""


def _enum(problem: Problem) -> _Words:
    values = [value for value in problem.limit if value is not None]
    near = did_you_mean(problem.value, values) if isinstance(problem.value, str) else ""
    got = shown(problem.value)
    if len(values) <= _LISTED:
        return f"one of {_joined([str(value) for value in values], 'or')}", got, near
    table = problem.column.partition(".")[0]
    command = f"dateline schema {table}".rstrip()
    listed = near or f"; `{command}` lists them"
    return f"a value of {problem.column or 'the vocabulary'}", got, listed


def _const(problem: Problem) -> _Words:
    return shown(problem.limit), shown(problem.value), ""


def _pattern(problem: Problem) -> _Words:
    expected = _FORMATS.get(problem.schema.get("format", ""), _described(problem))
    outside = isinstance(problem.value, str) and problem.value != problem.value.strip()
    remedy = "; take away the white space before or after it" if outside else ""
    return expected, shown(problem.value), remedy


def _described(problem: Problem) -> str:
    """What a pattern stands for: the first sentence of its description, and itself if short."""
    sentence = re.split(r"[.;:](?:\s|$)", problem.schema.get("description", ""), maxsplit=1)[0]
    if sentence[1:2].islower() or sentence[1:2] == " ":
        sentence = sentence[0].lower() + sentence[1:]
    pattern = str(problem.schema.get("pattern", problem.limit))
    if not sentence:
        return f"text of the form {pattern}"
    return sentence if len(pattern) > _LONG else f"text of the form {pattern} ({sentence})"


def _min_length(problem: Problem) -> _Words:
    if problem.value == "":
        return "text", 'an empty ""', "; leave the key out, or write null, where there is none"
    return f"at least {problem.limit} characters", str(len(problem.value)), ""


def _max_length(problem: Problem) -> _Words:
    return f"at most {problem.limit} characters", str(len(problem.value)), ""


def _number_of_items(problem: Problem) -> _Words:
    least, most = problem.schema.get("minItems", 0), problem.schema.get("maxItems")
    bound = "" if least == most else "at least " if problem.keyword == "minItems" else "at most "
    return f"a list of {bound}{problem.limit}", shown(problem.value), ""


def _unique_items(problem: Problem) -> _Words:
    items = problem.value
    repeated = next((item for i, item in enumerate(items) if item in items[:i]), None)
    return "each value once", f"{shown(repeated)} again", "; keep one of them"


def _bound(words: str) -> Callable[[Problem], _Words]:
    def word(problem: Problem) -> _Words:
        return f"a number {words} {problem.limit}", shown(problem.value), ""

    return word


def _other(problem: Problem) -> _Words:
    expected = f'what the schema says with "{problem.keyword}"'
    return expected, shown(problem.value), "; see `dateline schema --format json-schema`"


_RULES = {"type": "wrong-type", "enum": "unknown-value", "const": "unknown-value"}
_WORDS: dict[str, Callable[[Problem], _Words]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "format": _pattern,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minimum": _bound("of at least"),
    "maximum": _bound("of at most"),
    "exclusiveMinimum": _bound("above"),
    "exclusiveMaximum": _bound("below"),
    "minItems": _number_of_items,
    "maxItems": _number_of_items,
    "uniqueItems": _unique_items,
}


def _listed(limit: str | list[str]) -> list[str]:
    return [limit] if isinstance(limit, str) else limit


def _joined(words: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
