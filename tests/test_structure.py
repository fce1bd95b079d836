"""Records become checked objects, or issues that say where and how they depart from the schema."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.build.check.structure import StructureCheck
from dateline.build.check.wording import Problem, findings
from dateline.build.issues import Issue
from dateline.build.locate import escaped
from dateline.build.read import Record
from dateline.schema import load_codebook

Json = Any

_CHECK = StructureCheck(load_codebook())
_SCHEMA = load_codebook().article_schema
_FAST = jsonschema_rs.Draft202012Validator(_SCHEMA, validate_formats=True)
_REFERENCE = jsonschema.Draft202012Validator(_SCHEMA, format_checker=jsonschema.FormatChecker())

_ARTICLE: Json = {
    "version": 1,
    "id": "a-1",
    "source": {
        "publisher": "Harbour Wire",
        "url": "https://example.org/a/1",
        "published_at": "2024-03-01T10:00Z",
        "retrieved_at": "2024-03-02",
        "language": "en",
    },
    "text": 'The "harbour": closed, "said" : the mayor.',
    "annotation": {"method": "manual", "annotated_at": "2024-03-02T10:00:00Z"},
    "actors": [
        {
            "id": "p",
            "name": "Mayor",
            "entity_kind": "person",
            "country_code": "KEN",
            "aliases": ["M", "N"],
            "active_from": "2020-01",
            "evidence": [{"role": "mention", "start": 0, "end": 3, "annotation": None}],
        }
    ],
    "incidents": [
        {
            "id": "i",
            "incident_type": "armed_clash",
            "date_start": "2024-02-29",
            "date_precision": "day",
            "location": {"geo_precision": "exact", "latitude": 1.5, "longitude": 30},
            "civilian_targeting": False,
            "participants": [{"actor": "p", "role": "target"}],
            "casualties": [
                {
                    "id": "c",
                    "claimant": "p",
                    "harm_type": "killed",
                    "victim_category": "civilian",
                    "count": [2, 3],
                }
            ],
            "attributes": {"harbour": {"depth": [1, 2]}},
        }
    ],
    "statements": [{"id": "s", "speaker": "p", "parent": None, "said_on": "2024-03-01"}],
}


def _record(data: bytes, line: int = 1) -> Record:
    return Record("a.json", line, data, Path())


def _issues(data: bytes | Json, line: int = 1) -> list[Issue]:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    value, issues = _CHECK.parse(_record(content, line))
    assert (value is None) == bool(issues)
    return issues


def _with(path: str, value: Json) -> Json:
    """The valid article with one value put at a pointer."""
    article = copy.deepcopy(_ARTICLE)
    *parts, last = path.strip("/").split("/")
    place = article
    for part in parts:
        place = place[int(part) if isinstance(place, list) else part]
    place[int(last) if isinstance(place, list) else last] = value
    return article


def _without(path: str) -> Json:
    article = _with(path, None)
    *parts, last = path.strip("/").split("/")
    place = article
    for part in parts:
        place = place[int(part) if isinstance(place, list) else part]
    del place[last]
    return article


@pytest.mark.parametrize("layout", [{}, {"indent": 2}, {"separators": (" ,\n", "\t: ")}])
def test_a_valid_article_is_its_object_without_issues(layout: dict[str, Any]) -> None:
    data = json.dumps(_ARTICLE, **layout).encode()
    assert _CHECK.parse(_record(data)) == (_ARTICLE, [])


# What departs from the schema.

_VALUE_CASES = [
    ("/version", 2, "wrong-version", "expected 1, got 2; it is the version of the form"),
    ("/version", "1", "wrong-version", 'expected 1, got "1"'),
    ("/id", "a b", "invalid-value", "text of the form ^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$"),
    ("/id", "a-1\n", "invalid-value", 'got "a-1 "; take away the white space'),
    ("/id", None, "wrong-type", "expected text, got null"),
    ("/source/published_at", "2024-03-01T23:59:60Z", "invalid-value", "a day (YYYY-MM-DD)"),
    ("/source/published_at", "0000-01-01", "invalid-value", 'got "0000-01-01"'),
    ("/source/published_at", "2023-02-29", "invalid-value", 'got "2023-02-29"'),
    ("/source/published_at", "2024-03-01\n", "invalid-value", "take away the white space"),
    ("/statements/0/said_on", "0000-01-01", "invalid-value", "expected a day that exists"),
    ("/statements/0/said_on", "2023-02-29", "invalid-value", 'YYYY-MM-DD, from 1900 on, got "2023'),
    ("/statements/0/said_on", "20240301", "invalid-value", "expected a day that exists"),
    ("/statements/0/said_on", "٢٠٢٤-٠٣-٠١", "invalid-value", "expected a day that exists"),
    ("/source/url", "example.org", "invalid-value", "expected an address that begins with http"),
    ("/source/url", "http://a b", "invalid-value", "with %XX for special characters"),
    ("/source/url", "http://example.org/é", "invalid-value", "with %XX for special characters"),
    ("/source/url", "", "invalid-value", 'expected text, got an empty ""; leave the key out'),
    ("/source/publisher", 5, "wrong-type", "expected text or null, got 5; write it in quotation"),
    ("/actors", {}, "wrong-type", "expected a list or null, got an object; put it in brackets"),
    ("/actors/0/aliases", ["x", "x"], "invalid-value", 'each value once, got "x" again; keep one'),
    ("/actors/0/country_code", "ken", "invalid-value", "(ISO 3166-1 alpha-3 code"),
    ("/actors/0/evidence/0/start", True, "wrong-type", "a whole number or null, got true"),
    ("/actors/0/evidence/0/start", -1, "invalid-value", "a number of at least 0, got -1"),
    ("/actors/0/evidence/0/start", 1.5, "wrong-type", "a whole number or null, got 1.5"),
    ("/actors/0/evidence/0/start", 2**31, "invalid-value", "at most 2147483647, got 2147483648"),
    ("/incidents/0/incident_type", "armed_crash", "unknown-value", 'did you mean "armed_clash"?'),
    ("/incidents/0/incident_type", "xyz", "unknown-value", "`dateline schema incidents` lists"),
    ("/incidents/0/incident_type", "xyz", "unknown-value", "a value of incidents.incident_type"),
    ("/incidents/0/incident_type", 5, "wrong-type", "expected text, got 5"),
    ("/incidents/0/civilian_targeting", "True", "wrong-type", "write true without quotation marks"),
    ("/incidents/0/location/latitude", 91, "invalid-value", "a number of at most 90, got 91"),
    ("/incidents/0/location", None, "wrong-type", "expected an object, got null"),
    ("/incidents/0/casualties/0/count", "3", "wrong-type", 'got "3"; write it without quotation'),
    ("/incidents/0/casualties/0/count", [3], "invalid-value", "a list of 2, got a list of 1"),
    ("/incidents/0/casualties/0/harm_type", None, "wrong-type", "expected text, got null"),
    ("/incidents/0/casualties/0/harm_type", "dead", "unknown-value", "expected one of killed, "),
]  # fmt: skip


@pytest.mark.parametrize(("pointer", "value", "rule", "message"), _VALUE_CASES)
def test_a_wrong_value_is_named_where_it_stands(
    pointer: str, value: Json, rule: str, message: str
) -> None:
    (issue,) = _issues(json.dumps(_with(pointer, value), indent=1).encode())
    assert issue.rule == rule
    assert issue.message.startswith(f"{pointer}: expected ")
    assert message in issue.message
    assert issue.places[0].pointer == pointer
    assert issue.places[0].line > 1


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("/sauce", 'expected a known key, got "sauce"; did you mean "source"?'),
        ("/statements/0/speeker", 'got "speeker"; did you mean "speaker"?'),
        ("/statements/0/zzz", 'got "zzz"; columns of your own go into attributes'),
        ("/annotation/zzz", "; the keys here are method, annotator, annotated_at, tool and "),
    ],
)
def test_an_unknown_key_is_named_at_the_key(pointer: str, message: str) -> None:
    data = json.dumps(_with(pointer, {"deep": 1}), indent=1).encode()
    (issue,) = _issues(data)
    assert issue.rule == "unknown-key"
    assert message in issue.message
    place = issue.places[0]
    line = data.decode().split("\n")[place.line - 1]
    assert line[place.column - 1 :].startswith(f'"{pointer.rpartition("/")[2]}":')


@pytest.mark.parametrize(
    ("pointer", "owner"),
    [
        ("/version", ""),
        ("/source", ""),
        ("/incidents/0/id", "/incidents/0"),
        ("/incidents/0/incident_type", "/incidents/0"),
        ("/incidents/0/location/geo_precision", "/incidents/0/location"),
        ("/incidents/0/participants/0/role", "/incidents/0/participants/0"),
    ],
)
def test_a_missing_key_is_named_where_its_object_begins(pointer: str, owner: str) -> None:
    (issue,) = _issues(_without(pointer))
    assert (issue.rule, issue.places[0].pointer) == ("missing-key", owner)
    key = pointer.rpartition("/")[2]
    assert issue.message.endswith(f'expected the key "{key}", got none; add it')


def test_all_departures_are_reported_at_once_in_the_order_of_the_file() -> None:
    article = _with("/statements/0/speeker", 1)
    article["version"] = 3
    article["id"] = "a-1\n"
    article["actors"][0] |= {"entity_kind": "persn", "x": 1, "y": 2}
    del article["incidents"][0]["id"], article["incidents"][0]["casualties"][0]["harm_type"]
    issues = _issues(article)
    assert [issue.rule for issue in issues] == [
        "wrong-version",
        "invalid-value",
        "unknown-value",
        "unknown-key",
        "unknown-key",
        "missing-key",
        "missing-key",
        "unknown-key",
    ]
    assert [issue.places for issue in issues] == sorted(issue.places for issue in issues)


def test_the_reference_lets_a_line_break_through_and_the_check_does_not() -> None:
    article = _with("/id", "a-1\n")
    assert _REFERENCE.is_valid(article)
    assert [issue.rule for issue in _issues(article)] == ["invalid-value"]


def test_nan_passes_the_reference_and_is_no_json_here() -> None:
    article = _with("/incidents/0/location/latitude", float("nan"))
    assert _REFERENCE.is_valid(article)
    assert [issue.rule for issue in _issues(json.dumps(article).encode())] == ["json-syntax"]


def test_a_key_that_needs_escapes_has_them_in_its_pointer() -> None:
    (issue,) = _issues(_with("/annotation/x", 1) | {"annotation": {"a/b~": 1}})
    assert issue.places[0].pointer == "/annotation/a~1b~0"


def test_another_schema_takes_the_place_of_the_article() -> None:
    schema = {**load_codebook().registry_schema, "$ref": "#/$defs/actor_entry"}
    check = StructureCheck(load_codebook(), schema=schema)
    assert check.parse(_record(b'{"key": "act-1"}')) == ({"key": "act-1"}, [])
    ((issue,)) = check.parse(_record(b'{"key": "act-1", "entity_kind": "x"}'))[1]
    assert issue.rule == "unknown-value"


def test_a_keyword_without_words_of_its_own_still_has_a_message() -> None:
    problem = Problem("not", {"const": 5}, 5, ("a", 0), {"not": {"const": 5}})
    (finding,) = findings([problem])
    assert (finding.rule, finding.pointer) == ("invalid-value", "/a/0")
    assert finding.message.startswith('/a/0: expected what the schema says with "not", got 5')


def test_the_reference_is_imported_on_the_first_error_only() -> None:
    code = (
        "import sys; from pathlib import Path; from dateline.build.read import Record;"
        "from dateline.build.check.structure import StructureCheck;"
        "from dateline.schema import load_codebook;"
        "check = StructureCheck(load_codebook());"
        "run = lambda data: check.parse(Record('a', 1, data, Path()));"
        "run(sys.argv[1].encode()); print('jsonschema' in sys.modules);"
        "run(b'{}'); print('jsonschema' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, json.dumps(_ARTICLE)],
        capture_output=True,
        check=True,
        text=True,
    )
    assert run.stdout.split() == ["False", "True"]


# The fast verdict against the reference.

_STRINGS = """2024-03-01T23:59:60Z 2024-03-01T24:00:00Z 0000-01-01 2023-02-29 2024-02-29
2024-W10-1 20240301 ٢٠٢٤-٠٣-٠١ 2024-03-01t10:00:00z 1899-12-31 http://example.org/é http://
https://[::1]:80/a?b#c HTTP://EXAMPLE.ORG p killed unclassified person KEN ken en-GB und"""
_SCALARS = [
    "2024-02-29\n",
    "p\n",
    "",
    " ",
    "\x00",
    "a" * 201,
    True,
    False,
    None,
    0,
    1,
    -1,
    1.0,
    1.5,
]
_NUMBERS = [1e300, 2**31, 2**63]
_LISTS = [[], [1, 2], [2.0, 3], ["x", "x"], [None], [{"role": "mention"}]]
_OBJECTS = [{}, {"id": "z"}, {"geo_precision": "exact"}]
# Copies: a later change may go into a value drawn before.
_VALUES = st.sampled_from([*_STRINGS.split(), *_SCALARS, *_NUMBERS, *_LISTS, *_OBJECTS]).map(
    copy.deepcopy
)
_KEYS = st.sampled_from(["key", "id", "evidence", "location", "speeker", "", "a/b", "attributes"])


def _containers(value: Json) -> list[Json]:
    inner = value.values() if isinstance(value, dict) else value
    below = [c for v in inner if isinstance(v, dict | list) for c in _containers(v)]
    return [value, *below]


@st.composite
def _mutants(draw: st.DrawFn) -> Json:
    """The valid article with up to three random changes."""
    article = copy.deepcopy(_ARTICLE)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(_containers(article)))
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        change = draw(st.sampled_from(["add", "set", "delete"])) if keys else "add"
        if change == "delete":
            del place[draw(st.sampled_from(keys))]
        elif change == "set":
            place[draw(st.sampled_from(keys))] = draw(_VALUES)
        elif isinstance(place, dict):
            place[draw(_KEYS)] = draw(_VALUES)
        else:
            place.append(draw(_VALUES))
    return article


@given(_mutants())
@settings(max_examples=300, deadline=None)
def test_the_fast_verdict_is_that_of_the_reference(article: Json) -> None:
    data = orjson.dumps(article)
    read = orjson.loads(data)
    fast, reference = _FAST.is_valid(read), _REFERENCE.is_valid(read)
    # The one difference: a line break after what a pattern asks for.
    assert fast == reference or (reference and b'\\n"' in data)
    issues = _issues(data)
    assert bool(issues) == (not fast)
    pointers = {issue.places[0].pointer for issue in issues}
    owners = {pointer.rpartition("/")[0] for pointer in pointers}
    for error in _REFERENCE.iter_errors(read):
        pointer = "".join(f"/{escaped(part)}" for part in error.absolute_path)
        assert pointer in pointers | owners
