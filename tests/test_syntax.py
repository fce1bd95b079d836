"""Bytes become one JSON object, or issues that say at which column they stop being one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.build.check.syntax import no_object, read_json, too_deep
from dateline.build.issues import Issue
from dateline.build.locate import duplicate_keys
from dateline.build.read import Record


def _record(data: bytes, line: int = 1) -> Record:
    return Record("a.json", line, data, Path())


def read_object(record: Record, nesting: int) -> tuple[Any, list[Issue]]:
    """The object of a record, or the issues that reading and counting its levels give."""
    value, _, issues = read_json(record, nesting)
    issues = issues or too_deep(record, value, nesting)
    if not issues and not isinstance(value, dict):
        issues = [no_object(record, value)]
    return (None, issues) if issues else (value, [])


def _issues(data: bytes, line: int = 1) -> list[Issue]:
    value, issues = read_object(_record(data, line), 100)
    assert (value is None) == bool(issues)
    return issues


@pytest.mark.parametrize(
    "text",
    [
        r'{"a": "\"b\": c", "b": "d:"}',
        '{ "a" : 1 ,"b"\n:{"a":[]}}',
        r'{"a:": "\u003a", "\\": "\\", "b": 1e5}',
        "{}",
    ],
)
def test_an_object_in_json_is_read_whatever_its_layout(text: str) -> None:
    assert read_object(_record(text.encode()), 100) == (json.loads(text), [])


@pytest.mark.parametrize(
    ("data", "rule", "column", "message"),
    [
        (b"{'a': 1}", "json-syntax", 2, "got '; write straight double quotes"),
        (b"{a: 1}", "json-syntax", 2, "expected a key in double quotes at column 2, got a"),
        (b'{"a": 1,}', "json-syntax", 9, "got }; take away the comma before it"),
        (b'{"a": [1,]}', "json-syntax", 10, "got ]; take away the comma before it"),
        (b'{"a": }', "json-syntax", 7, "expected a value at column 7, got }"),
        (b'{"a" 1}', "json-syntax", 6, "expected a colon after the key"),
        (b'{"a": 1 "b": 2}', "json-syntax", 9, 'expected a comma or } at column 9, got "'),
        (b'{"a": "say "no" now"}', "json-syntax", 13, r"inside of text is written \""),
        (b'{"a": NaN}', "json-syntax", 7, "got NaN; JSON has no such number, write null"),
        (b'{"a": -Infinity}', "json-syntax", 7, "got -Infinity; JSON has no such number"),
        (b'{"a": None}', "json-syntax", 7, "got None; write null"),
        (b'{"a": True}', "json-syntax", 7, "got True; write true or false"),
        (b'{"a": 007}', "json-syntax", 7, "got 007; write numbers like 7"),
        (b'{"a": 1e999}', "json-syntax", 7, "got 1e999 (number is infinity"),
        (b'{"a": 1} // b', "json-syntax", 10, "nothing more after the end"),
        (b'{"a": 1, // b', "json-syntax", 10, "JSON has no comments"),
        (b'{"a": "b\tc"}', "json-syntax", 9, r"got a tab; write a tab inside of text as \t"),
        (b'{"a": "b\x07c"}', "json-syntax", 9, "got the character U+0007; take the control"),
        (b'{"a": "C:\\new\\x"}', "json-syntax", 14, "write a backslash as \\\\"),
        (b'{"a": "b', "json-syntax", 9, "got the end; the file or the line is cut short"),
        (b'{"a": [1, {"b": 2}', "json-syntax", 19, "got the end; the file or the line"),
        (b'{"a": 1}{"b": 2}', "json-syntax", 9, "several articles one a line, in a .jsonl file"),
        (b"\xef\xbb\xbf{}", "json-syntax", 1, "got the character U+FEFF; it is a byte order mark"),
        (b'{"a": "\\ud83d"}', "json-encoding", 8, r"half of a surrogate pair (\ud83d)"),
        (b'{"a": "\\uDE00 b"}', "json-encoding", 8, r"half of a surrogate pair (\uDE00)"),
        (b'{"a": "caf\xe9"}', "json-encoding", 11, "the byte 0xE9 (11 bytes into the article); "),
        (b'{"a": "\xe2\x80\x94 \x93b\x94"}', "json-encoding", 10, "probably in Windows-1252"),
        ('{"a": "Порт"}'.encode("cp1251"), "json-encoding", 8, "such as Windows-1251"),
        (b'{"a": "\xed\xa0\xbd"}', "json-encoding", 8, "got the byte 0xED"),
        (b"[{}, {}]", "article-not-an-object", 1, "got a list of 2; write each article on a line"),
        (b'  "text"', "article-not-an-object", 3, 'an object in braces, got "text"'),
        (b"null", "article-not-an-object", 1, "got null"),
        (b"[" * 200 + b"]" * 200, "json-nesting", 101, "expected at most 100 levels"),
        (b"[" * 200_000, "json-nesting", 101, "expected at most 100 levels"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "json-nesting", 501, "expected at most 100 levels"),
    ],
)
def test_what_is_not_an_object_in_json_is_named_at_its_column(
    data: bytes, rule: str, column: int, message: str
) -> None:
    (issue,) = _issues(data, line=7)
    assert (issue.rule, issue.places[0].line, issue.places[0].column) == (rule, 7, column)
    assert message in issue.message


def test_a_place_in_a_file_of_several_lines_has_its_own_line() -> None:
    (issue,) = _issues(b'{\n  "a": 1,\n  "\xc3\xa9": oops\n}\n')
    assert str(issue.places[0]) == "a.json:3:8"
    (issue,) = _issues(b'{\n  "a": "\xc3\xa9\xe9"\n}\n', line=3)
    assert str(issue.places[0]) == "a.json:4:10"


@pytest.mark.parametrize("levels", [1, 99, 100])
def test_nesting_up_to_the_limit_is_read(levels: int) -> None:
    data = b'{"a":' * levels + b"{}" + b"}" * levels
    deep = [issue.rule for issue in read_object(_record(data), 100)[1]]
    assert deep == ([] if levels < 100 else ["json-nesting"])


def test_a_limit_beyond_what_can_be_written_again_is_lowered_to_that() -> None:
    for levels in (240, 300, 1000, 100_000):
        data = b'{"a":' + b"[" * levels + b"]" * levels + b"}"
        value, issues = read_object(_record(data), 100_000)
        assert [issue.rule for issue in issues] == ([] if levels == 240 else ["json-nesting"])
        assert value is None or orjson.dumps(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": 1,\n"id": 2}',
        b'{"id": 1,\n"id" : 2}',
        b'{"id" : 1,\n"id"\t:2}',
        b'{"id":1,\n"id":2,"b":"\\u003a"}',
        b'{"id":1,\n"\\u0069d":2,"b":"\\u003A"}',
    ],
)
def test_a_repeated_key_is_an_issue_at_both_places(data: bytes) -> None:
    (issue,) = _issues(data)
    assert (issue.rule, issue.message) == (
        "json-duplicate-key",
        "/id: expected each key once in an object, got it again; keep one of them",
    )
    assert [str(place) for place in issue.places] == ["a.json:2:1", "a.json:1:2"]
    assert {place.pointer for place in issue.places} == {"/id"}


_KEYS = st.sampled_from(["a", "b", ":", '"', "\\", '":', "é"])
_TEXT = st.text(st.sampled_from('a:"\\ \n😀'), max_size=5)
_ESCAPES = {":": ["\\u003a", "\\u003A", ":"], '"': ['\\"', "\\u0022"], "a": ["a", "\\u0061"]}


@st.composite
def _written(draw: st.DrawFn, depth: int = 3) -> str:
    """JSON text whose keys may repeat, with any of its spellings."""
    kind = draw(st.sampled_from("stn" if depth == 0 else "stnoooa"))
    space = st.sampled_from(["", " ", "\n"])
    if kind in "oa":
        items = draw(st.lists(_written(depth - 1), max_size=3))
        if kind == "o":
            items = [f"{_string(draw, draw(_KEYS))}{draw(space)}:{draw(space)}{i}" for i in items]
        inside = f"{draw(space)},{draw(space)}".join(items)
        return f"{{{inside}}}" if kind == "o" else f"[{inside}]"
    return {"s": _string(draw, draw(_TEXT)), "t": "true", "n": "1.5"}[kind]


def _string(draw: st.DrawFn, text: str) -> str:
    plain = {"\\": ["\\\\"], "\n": ["\\n"]} | _ESCAPES
    return '"' + "".join(draw(st.sampled_from(plain.get(char, [char]))) for char in text) + '"'


@given(_written(), st.integers(1, 5))
@settings(max_examples=500, deadline=None)
def test_repeated_keys_and_deep_values_are_found_in_every_spelling(text: str, limit: int) -> None:
    data = text.encode()
    pointers = [pointer for pointer, _, _ in duplicate_keys(data)]
    levels = _levels(json.loads(text, object_pairs_hook=lambda pairs: [v for _, v in pairs]))
    issues = read_object(_record(data), limit)[1]
    found = [i.places[0].pointer for i in issues if i.rule == "json-duplicate-key"]
    assert found == pointers
    assert ("json-nesting" in [i.rule for i in issues]) == (levels > limit and not pointers)


def _levels(value: Any) -> int:
    return 1 + max(map(_levels, value), default=0) if isinstance(value, list) else 0
