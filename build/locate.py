"""Where a value stands in JSON text: line and column of JSON pointers and of repeated keys.

Reads the text token by token without recursion, so that nesting costs no stack, and stops at the
first place that is not JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

# Behind a pointer: the place of the member's key instead of its value. In a pointer "~" stands
# before 0 or 1 only, so that no pointer ends like this.
KEY = "~#"

# What NotJson expects.
VALUE = "a value"
NAME = "a key in double quotes"
COLON = "a colon after the key"
TEXT = "the rest of the text and its closing quote"
END = "nothing more after the end of the value"
COMMA = "a comma or "

Position = tuple[int, int]

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
# A surrogate counts in a pair only: alone it is no character.
_ESCAPE = re.compile(
    r'\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}'
    r"|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_STRING = re.compile(f'"{_PLAIN.pattern}(?:{_ESCAPE.pattern}{_PLAIN.pattern})*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9a-zA-Z.+-])")
_WORD = re.compile(r"(?:true|false|null)(?![0-9a-zA-Z_])")
_UNESCAPE = re.compile(r'\\(?:(["\\/])|([bfnrt])|u([0-9a-fA-F]{4}))')
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class NotJson(Exception):
    """The text stops being JSON at `offset` (in code points), where `expected` should stand."""

    def __init__(self, offset: int, expected: str) -> None:
        super().__init__(offset, expected)
        self.offset = offset
        self.expected = expected


class Value(NamedTuple):
    """One value of a text: its pointer and where it and its key (-1: has none) begin.

    Offsets count code points; `repeated` marks a member whose key its object holds already.
    """

    pointer: str
    offset: int
    key_offset: int = -1
    repeated: bool = False


@dataclass
class _Container:
    """An open object (`keys` are those seen so far) or array (`keys` is null)."""

    pointer: str
    keys: set[str] | None
    items: int = 0

    @property
    def end(self) -> str:
        return "]" if self.keys is None else "}"


def values(text: str) -> Iterator[Value]:
    """Every value of a JSON text in document order; NotJson where the text stops being JSON."""
    open_containers: list[_Container] = []
    value = Value("", _after_space(text, 0))
    while True:
        yield value
        start = text[value.offset : value.offset + 1]
        if start == "{" or start == "[":
            keys: set[str] | None = set() if start == "{" else None
            open_containers.append(_Container(value.pointer, keys))
            at = value.offset + 1
        else:
            at = _after_scalar(text, value.offset)
        at = _after_closed(text, at, open_containers)
        if not open_containers:
            if at < len(text):
                raise NotJson(at, END)
            return
        value = _next_value(text, at, open_containers[-1])


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _after_closed(text: str, at: int, open_containers: list[_Container]) -> int:
    at = _after_space(text, at)
    while open_containers and text[at : at + 1] == open_containers[-1].end:
        open_containers.pop()
        at = _after_space(text, at + 1)
    return at


def _next_value(text: str, at: int, container: _Container) -> Value:
    if container.items:
        if text[at : at + 1] != ",":
            raise NotJson(at, COMMA + container.end)
        at = _after_space(text, at + 1)
    container.items += 1
    if container.keys is None:
        return Value(f"{container.pointer}/{container.items - 1}", at)
    if text[at : at + 1] != '"':
        raise NotJson(at, NAME)
    end = _after_string(text, at)
    colon = _after_space(text, end)
    if text[colon : colon + 1] != ":":
        raise NotJson(colon, COLON)
    key = unescaped(text[at + 1 : end - 1])
    repeated = key in container.keys
    container.keys.add(key)
    offset = _after_space(text, colon + 1)
    return Value(f"{container.pointer}/{escaped(key)}", offset, at, repeated)


def _after_scalar(text: str, at: int) -> int:
    if text[at : at + 1] == '"':
        return _after_string(text, at)
    match = _NUMBER.match(text, at) or _WORD.match(text, at)
    if match is None:
        raise NotJson(at, VALUE)
    return match.end()


def _after_string(text: str, at: int) -> int:
    match = _STRING.match(text, at)
    if match is not None:
        return match.end()
    at += 1
    while (end := _PLAIN.match(text, at)) and (escape := _ESCAPE.match(text, end.end())):
        at = escape.end()
    raise NotJson(end.end() if end else at, TEXT)


def escaped(key: str | int) -> str:
    """A key or an index as a part of a JSON pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")


def unescaped(token: str) -> str:
    """The text that a JSON string, given without its quotes, stands for."""
    if "\\" not in token:
        return token
    text = _UNESCAPE.sub(_character, token)
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def _character(match: re.Match[str]) -> str:
    plain, control, code = match.groups()
    return plain or (_CONTROLS[control] if control else chr(int(code, 16)))


def locate(data: bytes, pointers: Iterable[str], first_line: int = 1) -> dict[str, Position]:
    """Line and column (from 1, in code points) of the value of each pointer in valid JSON bytes.

    A pointer with the suffix KEY gives the place of the member's key. One that does not exist
    gives the place of its nearest ancestor. `first_line` is the line on which the bytes begin.
    """
    text = data.decode()
    chains = {pointer: _ancestors(pointer) for pointer in pointers}
    wanted = {step.removesuffix(KEY) for chain in chains.values() for step in chain}
    offsets: dict[str, int] = {}
    for value in values(text):
        if value.pointer in wanted:
            wanted.remove(value.pointer)
            offsets[value.pointer] = value.offset
            if value.key_offset >= 0:
                offsets[value.pointer + KEY] = value.key_offset
            if not wanted:
                break
    nearest = {p: next(offsets[s] for s in chain if s in offsets) for p, chain in chains.items()}
    positions = positions_of(text, nearest.values(), first_line)
    return {pointer: positions[offset] for pointer, offset in nearest.items()}


def _ancestors(pointer: str) -> list[str]:
    plain = pointer.removesuffix(KEY)
    parts = plain.split("/")
    chain = ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return chain if plain == pointer else [pointer, *chain]


def duplicate_keys(data: bytes, first_line: int = 1) -> list[tuple[str, int, int]]:
    """Pointer, line and column of each key that its object holds already, in document order."""
    text = data.decode()
    if _surely_unrepeated(text):
        return []
    repeated = [value for value in values(text) if value.repeated]
    positions = positions_of(text, [value.key_offset for value in repeated], first_line)
    return [(value.pointer, *positions[value.key_offset]) for value in repeated]


def _surely_unrepeated(text: str) -> bool:
    """Whether no object of a JSON text holds a key twice; false also where that is not known."""
    try:
        json.loads(text, object_pairs_hook=_unrepeated)
    except (_Repeated, ValueError, RecursionError):
        return False
    return True


class _Repeated(Exception):
    """An object has a key twice."""


def _unrepeated(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise _Repeated


def positions_of(text: str, offsets: Iterable[int], first_line: int = 1) -> dict[int, Position]:
    """Line and column (from 1, in code points) of each offset; only a line feed ends a line."""
    positions: dict[int, Position] = {}
    line, counted = first_line, 0
    for offset in sorted(set(offsets)):
        line += text.count("\n", counted, offset)
        counted = offset
        positions[offset] = (line, offset - text.rfind("\n", 0, offset))
    return positions
