"""Places of values in JSON text are where a parser finds those values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.build.locate import KEY, NotJson, duplicate_keys, escaped, locate, values

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
_KEYS = st.text(st.sampled_from('ab~/"\\ :\né😀م'), max_size=4)
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4)
)
_LAYOUT = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 3, "\t"]),
        "separators": st.sampled_from([(",", ":"), (", ", " : "), (" ,\r\n", "\t:\n")]),
        "ensure_ascii": st.booleans(),
    }
)


def _pointers(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    yield pointer, value
    members: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, member in members:
        yield from _pointers(member, f"{pointer}/{escaped(key)}")


def _parsed_at(text: str, place: tuple[int, int]) -> Any:
    line, column = place
    start = sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1
    return json.JSONDecoder().raw_decode(text, start)[0]


@given(_JSON, _LAYOUT)
@settings(deadline=None)
def test_the_value_that_stands_at_a_place_is_the_value_of_its_pointer(
    value: Any, layout: dict[str, Any]
) -> None:
    text = json.dumps(value, **layout)
    expected = dict(_pointers(value))
    places = locate(text.encode(), expected)
    assert places.keys() == expected.keys()
    for pointer, place in places.items():
        assert _parsed_at(text, place) == expected[pointer]


@given(_JSON, _LAYOUT)
@settings(deadline=None)
def test_the_key_of_a_member_stands_at_the_place_of_its_key(
    value: Any, layout: dict[str, Any]
) -> None:
    text = json.dumps(value, **layout)
    members = [p for p, _ in _pointers(value) if p]
    places = locate(text.encode(), [pointer + KEY for pointer in members])
    for pointer in members:
        last = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        found = _parsed_at(text, places[pointer + KEY])
        assert found == last or last.isdecimal()


def test_columns_count_code_points_and_lines_count_from_the_first_line() -> None:
    data = '{"😀é": [1,\n "م", 2]}'.encode()
    assert locate(data, ["/😀é/0", "/😀é/2"], first_line=7) == {
        "/😀é/0": (7, 9),
        "/😀é/2": (8, 7),
    }


@pytest.mark.parametrize("missing", ["/a/5", "/a/b", "/a/0/c/d", "/a/x~#"])
def test_a_pointer_to_nothing_gives_the_place_of_its_nearest_ancestor(missing: str) -> None:
    places = {"/a/0/c/d": (1, 8)}
    assert locate(b'{"a": [10]}', [missing]) == {missing: places.get(missing, (1, 7))}


def test_a_slash_and_a_tilde_in_a_key_are_escaped_in_its_pointer() -> None:
    assert locate(b'{"a/b": 1, "c~d": 2}', ["/a~1b", "/c~0d", "/a/b"]) == {
        "/a~1b": (1, 9),
        "/c~0d": (1, 19),
        "/a/b": (1, 1),
    }


def test_a_key_written_with_escapes_is_the_key_it_stands_for() -> None:
    assert locate(rb'{"\u00e9\ud83d\ude00\n": 1}', ["/é😀\n"]) == {"/é😀\n": (1, 26)}


def test_each_repetition_of_a_key_in_one_object_is_found() -> None:
    data = b'{"a": 1, "b": {"a": 1},\n "a" : {"x": 1}, "\\u0061": [{"x": 2, "x": 3}]}'
    assert duplicate_keys(data) == [("/a", 2, 2), ("/a", 2, 18), ("/a/0/x", 2, 38)]
    assert duplicate_keys(data, first_line=10)[0] == ("/a", 11, 2)


def test_the_same_key_in_different_objects_is_no_repetition() -> None:
    assert duplicate_keys(b'[{"a": {"a": 1}}, {"a": 2}]') == []


def test_a_thousand_levels_are_read_without_recursion() -> None:
    data = b'{"a":[' * 1000 + b"7" + b"]}" * 1000
    assert locate(data, ["/a/0" * 1000]) == {"/a/0" * 1000: (1, 6001)}


_BROKEN = st.text(st.sampled_from('{}[],:"\\ u0d8cbtrnfe1-.+E\néN'), max_size=12)


def _readers_agree(text: str) -> bool:
    try:
        list(values(text))
        problem = None
    except NotJson as stopped:
        problem = stopped
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        # 1E999 is JSON, and too large for orjson.
        beyond = "infinity" in str(error)
        return beyond or (problem is not None and 0 <= problem.offset <= len(text))
    return problem is None


@given(_BROKEN)
@settings(deadline=None)
def test_text_is_json_for_this_reader_where_it_is_for_orjson(text: str) -> None:
    assert _readers_agree(text)


@given(_JSON, _LAYOUT, st.data())
@settings(deadline=None)
def test_json_with_one_character_changed_is_json_for_both_readers_or_none(
    value: Any, layout: dict[str, Any], data: st.DataObject
) -> None:
    text = json.dumps(value, **layout)
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(_BROKEN) + text[at + 1 :]
    assert _readers_agree(changed)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ('{"a": 1,}', 8),
        ('{"a" 1}', 5),
        ("[1 2]", 3),
        ('{"a": NaN}', 6),
        ('"ab\ncd"', 3),
        (r'"ab\ud83d cd"', 3),
        (r'"ab\x"', 3),
        ('"abc', 4),
        ("{} {}", 3),
        ("", 0),
        ("[01]", 1),
    ],
)
def test_the_reader_stops_at_the_character_that_is_wrong(text: str, offset: int) -> None:
    with pytest.raises(NotJson) as caught:
        list(values(text))
    assert caught.value.offset == offset
