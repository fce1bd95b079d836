"""Bytes to one JSON object: what stands in the way of that, in words, and keys that repeat."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import orjson

from dateline.build.check.remedies import remedy
from dateline.build.issues import Issue, Place, shown
from dateline.build.locate import KEY, NotJson, duplicate_keys, locate, positions_of, values
from dateline.build.read import Record

# More levels than this are read and cannot be written again, whatever the settings say.
_DEEPEST = 250
_ESCAPED_COLON = re.compile(rb"\\u003[aA]")
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_TOKEN = re.compile(r"[\w.+-]{1,20}|.", re.DOTALL)
_NAMES = {"\n": "a line break", "\r": "a line break", "\t": "a tab", "": "the end"}
_HIGH = re.compile(rb"[\x80-\xff]+")


def read_json(record: Record, nesting: int) -> tuple[Any, bytes, list[Issue]]:
    """The value of a record and its JSON on one line, or null, nothing and the issues.

    Where the levels of nesting have to be counted is the caller's to say: see `too_deep`.
    """
    try:
        value = orjson.loads(record.data)
    except orjson.JSONDecodeError as error:
        return None, b"", [_refused(record, min(nesting, _DEEPEST), error)]
    try:
        line = orjson.dumps(value)
    except orjson.JSONEncodeError:  # More levels than it writes.
        return None, b"", too_deep(record, value, nesting)
    issues = [] if is_plain(record.data, line) else _repeated(record)
    return (None, b"", issues) if issues else (value, line, [])


def is_plain(data: bytes, line: bytes) -> bool:
    """Whether it is certain that no key repeats in a JSON text; `line` is its value written again.

    Written again, a text has as many colons as before, and fewer where a repeated key got lost;
    only an escaped colon could make up for a lost one.
    """
    if data == line:
        return True
    if b"\\u003" in data and _ESCAPED_COLON.search(data):
        return False
    return data.count(b":") == line.count(b":")


def too_deep(record: Record, value: Any, nesting: int) -> list[Issue]:
    """The issue of a value with more than `nesting` levels, if it has them.

    Written with two spaces a level, such a value has a line that begins with them all; no string
    holds a line break.
    """
    nesting = min(nesting, _DEEPEST)
    with suppress(orjson.JSONEncodeError):  # More levels than it writes.
        if b"\n" + b"  " * nesting not in orjson.dumps(value, option=orjson.OPT_INDENT_2):
            return []
    return _too_deep(record, record.data.decode(), nesting)


def _refused(record: Record, nesting: int, error: orjson.JSONDecodeError) -> Issue:
    try:
        text = record.data.decode()
    except UnicodeDecodeError as problem:
        return _not_utf8(record, problem)
    try:
        issues = _too_deep(record, text, nesting)
    except NotJson as problem:
        return _not_json(record, text, problem)
    if issues:
        return issues[0]
    # JSON by its grammar that the library refuses all the same: a number beyond its bounds.
    line, column = positions_of(text, [error.pos], record.line)[error.pos]
    got = f"{_got(text, error.pos)} ({error.msg})"
    message = f"expected a value that can be read at column {column}, got {got}"
    return Issue("json-syntax", message, (Place(record.file, line, column),))


def _too_deep(record: Record, text: str, nesting: int) -> list[Issue]:
    """The first value beyond the levels allowed as an issue; NotJson where the text ends before."""
    for value in values(text):
        level = value.pointer.count("/") + 1
        if level > nesting and text[value.offset : value.offset + 1] in ("{", "["):
            line, column = positions_of(text, [value.offset], record.line)[value.offset]
            message = f"expected at most {nesting} levels of nesting, got more; take some away"
            return [Issue("json-nesting", message, (Place(record.file, line, column),))]
    return []


def _repeated(record: Record) -> list[Issue]:
    repeated = duplicate_keys(record.data, record.line)
    first = locate(record.data, [pointer + KEY for pointer, _, _ in repeated], record.line)
    issues = []
    for pointer, line, column in repeated:
        message = f"{pointer}: expected each key once in an object, got it again; keep one of them"
        places = (
            Place(record.file, line, column, pointer),
            Place(record.file, *first[pointer + KEY], pointer),
        )
        issues.append(Issue("json-duplicate-key", message, places))
    return issues


def no_object(record: Record, value: object) -> Issue:
    """The issue of a record that holds something else than an object."""
    line, column = locate(record.data, [""], record.line)[""]
    hint = "; write each article on a line of its own in a .jsonl file"
    message = (
        f"expected one article, an object in braces, got {shown(value)}"
        f"{hint if isinstance(value, list) else ''}"
    )
    return Issue("article-not-an-object", message, (Place(record.file, line, column),))


def _not_utf8(record: Record, problem: UnicodeDecodeError) -> Issue:
    before = record.data[: problem.start].decode()
    line, column = positions_of(before, [len(before)], record.line)[len(before)]
    message = (
        f"expected UTF-8 at column {column}, got the byte 0x{record.data[problem.start]:02X} "
        f"({problem.start + 1:,} bytes into the article); "
        f"{_likely_encoding(record.data)}; save the file as UTF-8"
    )
    return Issue("json-encoding", message, (Place(record.file, line, column),))


def _likely_encoding(data: bytes) -> str:
    runs = _HIGH.findall(data)
    # In western languages accented letters and curly quotes stand alone among ASCII letters.
    if sum(len(run) <= 2 for run in runs) * 2 > len(runs):
        return "the file is probably in Windows-1252 (Latin-1)"
    return "the file is probably in an older encoding of its language, such as Windows-1251"


def _not_json(record: Record, text: str, problem: NotJson) -> Issue:
    line, column = positions_of(text, [problem.offset], record.line)[problem.offset]
    place = Place(record.file, line, column)
    half = _HALF_PAIR.match(text, problem.offset)
    if half:
        message = (
            f"expected a whole character at column {column}, got half of a surrogate pair "
            f"({half[0]}); write both halves, or the character itself"
        )
        return Issue("json-encoding", message, (place,))
    hint = remedy(text, problem)
    message = f"expected {problem.expected} at column {column}, got {_got(text, problem.offset)}"
    return Issue("json-syntax", message + (f"; {hint}" if hint else ""), (place,))


def _got(text: str, offset: int) -> str:
    match = _TOKEN.match(text, offset)
    token = match[0] if match else ""
    if token in _NAMES:
        return _NAMES[token]
    return token if token.isprintable() else f"the character U+{ord(token[0]):04X}"
