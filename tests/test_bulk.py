"""The fast way accepts only what the exact way accepts, and gives the same rows."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.build.assemble import Assembly
from dateline.build.assemble.ids import make_id
from dateline.build.batch import BatchSettings, run_batch
from dateline.build.bulk import Bulk, Readied, readable
from dateline.build.bulk.ids import ids_of
from dateline.build.check import ArticleCheck
from dateline.build.issues import Issue
from dateline.build.read import Limits, Record
from dateline.schema import load_codebook

Json = dict[str, Any]

TEXT = (
    "🕊 السلام Shells killed at least nine people in Orra on Monday, the mayor said. Three were "
    "children, the ministry said. “We ran for the river,” a trader told reporters. The army "
    "denied it."
)
CODEBOOK = load_codebook()


def _span(role: str, words: str, **more: Any) -> Json:
    start = TEXT.index(words)
    return {"role": role, "start": start, "end": start + len(words), "quote": words, **more}


def _said(name: str, speaker: str, source: str, cue: str, content: str, **more: Any) -> Json:
    evidence = [_span("content", content), _span("source", source), _span("cue", cue)]
    facts = {"id": name, "speaker": speaker, "quote_type": "indirect", "speech_act": "assert"}
    return {**facts, "topic": "casualties", "paraphrase": "So.", "evidence": evidence, **more}


def plain(number: int = 0) -> Json:
    """An article in the form that annotation tools write: offsets, quotes and codes all given."""
    mention = [_span("mention", "the mayor")]
    return {
        "version": 1,
        "id": f"plain-{number}",
        "source": {
            "publisher": "Wire",
            "headline": "Shells in Orra",
            "published_at": "2024-03-05T10:00:00+02:00",
            "language": "en",
        },
        "text": TEXT,
        "annotation": {"annotator": "a1"},
        "actors": [
            {"id": "mayor", "entity_kind": "unnamed_person", "evidence": mention},
            {"id": "ministry", "key": "ministry", "aliases": ["MoH"], "parent": "state"},
            {"id": "state", "key": "state", "gw_code": 395},
            {"id": "army", "key": "army", "evidence": [_span("mention", "The army")] * 1},
            {"id": "trader", "evidence": [_span("mention", "a trader")]},
        ],
        "incidents": [
            {
                "id": "shells",
                "key": "orra-shells",
                "incident_type": "shelling_missile",
                "date_start": "2024-03-04",
                "date_precision": "day",
                "location": {"country_code": "ISL", "place_name": "Orra", "latitude": 64},
                "evidence": [_span("place", "Orra", field="place_name"), _span("date", "Monday")],
                "participants": [
                    {"actor": "army", "role": "initiator", "side": "a", "is_primary": True},
                    {
                        "actor": "army",
                        "role": "initiator",
                        "attribution_basis": "stated_by_others",
                        "attributed_by": "mayor",
                        "statement": "s1",
                        "evidence": [_span("role", "Shells killed")],
                    },
                ],
                "casualties": [
                    {
                        "id": "all",
                        "claimant": "mayor",
                        "statement": "s1",
                        "harm_type": "killed",
                        "victim_category": "all",
                        "victim_set": "dead",
                        "quantifier": "at_least",
                        "count": 9,
                        "count_text": "at least nine",
                        "evidence": [_span("count", "at least nine people", field="count_low")],
                    },
                    {
                        "claimant": "mayor",
                        "statement": "s1",
                        "harm_type": "killed",
                        "victim_category": "civilian",
                        "demographic": "child",
                        "subset_of": "all",
                        "victim_set": "dead",
                        "covers_set": False,
                        "count_low": 3,
                        "count_best": 3,
                        "count_high": 3,
                        "quantifier": "exact",
                    },
                    {"harm_type": "injured", "victim_category": "all", "count": 0},
                ],
            },
            {"id": "later", "key": "later", "parent": "shells"},
        ],
        "statements": [
            _said("s1", "mayor", "the mayor", "said", "at least nine people", incident="shells"),
            _said("s2", "ministry", "the ministry", "said", "Three were children", parent="s1"),
            _said(
                "s3",
                "trader",
                "a trader",
                "told reporters",
                "“We ran for the river,”",
                quote_type="direct",
                quote_text="We ran for the river,",
                said_on="2024-03-05",
            ),
        ],
    }


def _fast(articles: list[Json], profile: str) -> tuple[dict[str, pa.Table], list[int]]:
    """The tables of the fast way alone, and the numbers of the articles that it took."""
    check, bulk = ArticleCheck(CODEBOOK, limits=Limits()), Bulk(CODEBOOK, profile)
    taken: list[int] = []
    readied: list[Readied] = []
    for number, data in enumerate(articles):
        ready = check.ready(_record(data))
        found = readable(*ready) if ready else None
        if found is not None:
            taken.append(number)
            readied.append(found)
    tables, rejected = bulk.assemble(readied)
    return tables, [n for place, n in enumerate(taken) if place not in rejected]


def _exact(articles: list[Json], profile: str) -> tuple[dict[str, pa.Table], list[Issue]]:
    """The tables and issues of the exact way."""
    check = ArticleCheck(CODEBOOK, limits=Limits(), verbatim=profile != "no_verbatim")
    assembly, issues = Assembly(CODEBOOK, profile), list[Issue]()
    for data in articles:
        article, found = check.check(_record(data))
        issues += found
        if article is not None:
            assembly.add(article)
    return assembly.tables(), issues


def _record(data: Json) -> Record:
    return Record("a.json", 1, json.dumps(data).encode(), Path())


def _sorted(name: str, table: pa.Table) -> list[Json]:
    key = CODEBOOK.tables[name].primary_key
    rows: list[Json] = table.to_pylist()
    return sorted(rows, key=lambda row: (row[key], row.get("_article"), row.get("_pointer")))


@pytest.mark.parametrize("profile", ["quotes", "full", "no_verbatim"])
def test_articles_with_everything_given_go_the_fast_way_to_the_same_rows(profile: str) -> None:
    articles = [plain(number) for number in range(3)]
    tables, taken = _fast(articles, profile)
    exact, issues = _exact(articles, profile)
    assert (taken, issues) == ([0, 1, 2], [])
    for name, table in tables.items():
        assert _sorted(name, table) == _sorted(name, exact[name])
        assert table.num_rows


@pytest.mark.parametrize("left", [[], ["actors"], ["actors", "incidents"], ["statements"]])
def test_articles_with_few_items_or_none_go_the_fast_way(left: list[str]) -> None:
    data = plain()
    for name in {"actors", "incidents", "statements"} - set(left):
        del data[name]
    for entry in [entry for name in left for entry in data[name]]:
        for member in {"evidence", "participants", "casualties", "speaker", "parent"} & set(entry):
            del entry[member]
    for entry in data.get("statements", []):
        entry.pop("incident", None)
    tables, taken = _fast([data], "quotes")
    exact, issues = _exact([data], "quotes")
    assert (taken, issues) == ([0], [])
    assert all(_sorted(n, table) == _sorted(n, exact[n]) for n, table in tables.items())


VALUES: list[Any] = [
    *(None, 0, 1, 7, -1, 10**6, True, False, "", " a  b ", "x\u00a0y", "mayor", "army", "s1"),
    *("shells", "all", "exact", "at_least", "range", "vague", "more_than", "none_stated"),
    *("unclassified", "child", "dead", "2024-03-06", "2030-01-01", "implicit", "a", "source"),
    *([], {}, [1, 2], {"method": "import"}, {"method": "model", "confidence": 0.5}),
    *({"confidence": 0.5}, "a " * 30, "count_low", "no_such_column"),
    *("direct", "mixed", "indirect", "We ran for the river", "at_most", 9, "jp", "MIT"),
    *("In Orra Shells killed at least nine people in Orra on", "Nine killed by shells in Orra"),
]
ADDED = [
    *("part", "count", "count_low", "covers_set", "annotation", "attributes", "speaker_label"),
    *("cue_text", "anonymity", "as_of", "exact_sha256", "demographic", "field", "prefix", "key"),
    *("statement", "claimant", "quote_text", "said_on", "quantifier", "victim_actor", "stance"),
    *("title", "summary", "quote_type", "license"),
]


def _objects(value: Any) -> list[Any]:
    """All objects and lists inside a value, itself first."""
    inner = value.values() if isinstance(value, dict) else value
    found = [value] if isinstance(value, dict | list) and value else []
    return found + [o for v in inner if isinstance(v, dict | list) for o in _objects(v)]


@st.composite
def damaged(draw: st.DrawFn) -> Json:
    """An article with one to three members taken away, changed, added or doubled."""
    data = plain()
    for _ in range(draw(st.integers(1, 3))):
        container = draw(st.sampled_from(_objects(data)))
        place = draw(
            st.sampled_from(
                range(len(container)) if isinstance(container, list) else list(container)
            )
        )
        change = draw(st.sampled_from(["take", "set", "double", "add"]))
        if change == "take":
            del container[place]
        elif change == "set":
            container[place] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        elif isinstance(container, list):
            container.append(copy.deepcopy(container[place]))
        else:
            container[draw(st.sampled_from(ADDED))] = copy.deepcopy(draw(st.sampled_from(VALUES)))
    return data


@given(damaged(), st.sampled_from(["quotes", "full", "no_verbatim"]))
@settings(max_examples=300, deadline=None)
def test_what_the_fast_way_accepts_the_exact_way_accepts_with_the_same_rows(
    data: Json, profile: str
) -> None:
    tables, taken = _fast([data], profile)
    exact, issues = _exact([data], profile)
    if taken:
        assert not issues
        for name, table in tables.items():
            assert _sorted(name, table) == _sorted(name, exact[name])
    else:
        assert not any(table.num_rows for table in tables.values())


def test_one_doubtful_article_leaves_the_others_on_the_fast_way() -> None:
    articles = [plain(0), plain(1), plain(2)]
    articles[1]["statements"][0]["speaker"] = "nobody"
    assert _fast(articles, "quotes")[1] == [0, 2]
    records = [_record(data) for data in articles]
    result = run_batch(records, BatchSettings("quotes", (), Limits()))
    assert [issue.rule for issue in result.issues] == ["statement-speaker-unknown"]
    assert result.tables["articles"]["article_key"].to_pylist() == ["plain-0", "plain-2"]


@pytest.mark.parametrize("line", [b"null", b"[null]", b"1", b'{"id": null, "id": [null]}'])
def test_a_line_that_holds_no_sound_article_leaves_the_others_alone(line: bytes) -> None:
    records = [_record(plain()), Record("b.json", 1, line, Path())]
    result = run_batch(records, BatchSettings("quotes", (), Limits()))
    assert result.issues
    assert result.tables["articles"].num_rows == 1


def test_values_in_every_form_that_json_has_for_them_are_read_as_they_are() -> None:
    data = plain()
    data["actors"][2]["gw_code"] = 395.0
    data["incidents"][0]["location"] |= {"latitude": -1.5e1, "geonames_id": 2**31 - 1}
    data["statements"][0]["paraphrase"] = "So\u0000 \U0001f54a\u2028."
    data["annotation"] |= {"method": "model", "confidence": 5e-324}
    tables, taken = _fast([data], "quotes")
    exact, issues = _exact([data], "quotes")
    assert (taken, issues) == ([0], [])
    assert all(_sorted(n, table) == _sorted(n, exact[n]) for n, table in tables.items())


def test_every_whole_number_that_the_schema_lets_through_fits_into_64_bits() -> None:
    whole = [
        leaf
        for leaf in _objects(CODEBOOK.article_schema)
        if isinstance(leaf, dict) and "integer" in leaf.get("type", ())
    ]
    assert whole
    assert all(-(2**63) <= leaf["minimum"] <= leaf["maximum"] < 2**63 for leaf in whole)


@pytest.mark.parametrize("form", [{"indent": 2}, {"separators": (",", ":")}, {}])
def test_an_article_written_with_any_white_space_goes_the_fast_way(form: Json) -> None:
    record = Record("a.json", 1, json.dumps(plain(), **form).encode(), Path())
    assert ArticleCheck(CODEBOOK, limits=Limits()).ready(record) is not None


@pytest.mark.parametrize("between", ["", " "])
def test_an_article_with_a_key_that_repeats_never_goes_the_fast_way(between: str) -> None:
    line = json.dumps(plain()).replace('"version": 1', f'"version":{between}1,"version": 1')
    record = Record("a.json", 1, line.encode(), Path())
    assert ArticleCheck(CODEBOOK, limits=Limits()).ready(record) is None


@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=8))
@settings(deadline=None)
def test_ids_of_many_names_are_those_of_each(names: list[str | None]) -> None:
    whole = pa.array([None if name is None else f"act\0{name}" for name in names], pa.string())
    each = [None if name is None else make_id("act", name) for name in names]
    assert ids_of("act", whole).to_pylist() == each
