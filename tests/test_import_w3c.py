"""W3C Web Annotation: selectors of all kinds, what is never fetched, the way there and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imports import run, sample, valid, words, written
from projects import example_project

from dateline.build.formats.w3c_items import article_of, page_of
from dateline.build.project import load_project
from dateline.build.read import Record, find, records
from dateline.cli import main

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
TEXT = "👍 The army left. The army came back."


def annotation(selector: Any, tag: str = "actor", **more: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": "https://example.org/anno1",
        "type": "Annotation",
        "body": {"type": "TextualBody", "purpose": "tagging", "value": tag},
        "target": {"source": "https://example.org/page1", "selector": selector},
        **more,
    }


def imported(content: Any, tmp_path: Path, *options: str) -> Any:
    files = {"a.json": json.dumps(content), "page1.txt": TEXT}
    return run("w3c", written(tmp_path / "s", files), tmp_path / "into", *options)


QUOTE = {"type": "TextQuoteSelector", "exact": "The army", "suffix": " came"}


@pytest.mark.parametrize(
    "selector",
    [
        QUOTE,
        [QUOTE],
        {"type": "TextPositionSelector", "start": 17, "end": 25},
        [
            {"type": "TextQuoteSelector", "exact": "The army"},
            {"type": "TextPositionSelector", "start": 18, "end": 26},
        ],
        {"type": "FragmentSelector", "value": "p1", "refinedBy": QUOTE},
    ],
)
def test_selectors_lead_to_the_words(selector: Any, tmp_path: Path) -> None:
    options = (
        ("--unit", "code-points")
        if "Position" in str(selector) and "exact" not in str(selector)
        else ()
    )
    found = imported(annotation(selector), tmp_path, *options)
    assert found.code == 0
    (actor,) = found.article["actors"]
    assert words(found.article, actor, "mention") == ["The army"]
    assert actor["evidence"][0]["start"] == 17
    assert found.article["source"]["url"] == "https://example.org/page1"
    valid(tmp_path / "into")


QUOTED = {"type": "TextQuoteSelector", "exact": "The army", "prefix": "left. "}
POINTED = {"type": "TextPositionSelector", "start": 17, "end": 25}


def test_positions_beside_quotes_may_be_utf_16(tmp_path: Path) -> None:
    both = [{**QUOTED, "prefix": ""}, {**POINTED, "start": 18, "end": 26}]
    found = imported(annotation(both), tmp_path)
    assert found.values["offsets"] == {"utf-16": 1}
    assert found.values["shifted"] == {}


def test_a_prefix_tells_two_places_apart(tmp_path: Path) -> None:
    found = imported(annotation(QUOTED), tmp_path)
    assert found.article["actors"][0]["evidence"][0]["start"] == 17


@pytest.mark.parametrize(
    "selector",
    [
        {"type": "DataPositionSelector", "start": 20, "end": 28},
        {"type": "XPathSelector", "value": "/p[1]"},
        {"type": "CssSelector", "value": "p"},
        {"type": "RangeSelector", "startSelector": POINTED, "endSelector": POINTED},
        # A position counts from the begin of what it refines, whose place is not known.
        {"type": "FragmentSelector", "value": "p2", "refinedBy": POINTED},
        {**QUOTED, "refinedBy": {**POINTED, "start": 0, "end": 3}},
        {**POINTED, "refinedBy": {"type": "XPathSelector", "value": "/b[1]"}},
        {"type": "TextPositionSelector", "start": "17", "end": 25},
        {"type": "TextPositionSelector"},
        5,
    ],
)
def test_selectors_that_lead_nowhere_are_listed(selector: Any, tmp_path: Path) -> None:
    found = imported(annotation(selector), tmp_path)
    assert found.code == 0
    assert found.values["marks"]["actor"]["skipped"] == {
        "its selectors lead to no place, or to several": 1,
        "it has no words, which would name the actor": 1,
    }


def test_a_quote_that_refines_another_selector_is_the_place(tmp_path: Path) -> None:
    inner = {"type": "TextQuoteSelector", "exact": "army", "suffix": " came"}
    found = imported(annotation({**QUOTED, "refinedBy": inner}), tmp_path)
    assert [a["name"] for a in found.article["actors"]] == ["army"]
    assert found.article["actors"][0]["evidence"][0]["start"] == 21


def test_an_annotation_may_have_several_targets_or_an_address_alone(tmp_path: Path) -> None:
    source = "https://example.org/page1"
    targets = [
        {"source": source, "selector": {"type": "TextQuoteSelector", "exact": "left"}},
        {"source": {"id": source}, "selector": [QUOTE]},
        source,
    ]
    found = imported(annotation(None, target=targets), tmp_path)
    assert [a["name"] for a in found.article["actors"]] == ["left", "The army"]
    assert found.values["marks"]["actor"] == {
        "read": 3,
        "became": {"actor": 2},
        "attributes": {},
        "skipped": {"it has no words, which would name the actor": 1},
    }


def test_a_body_may_be_a_text_and_a_context_a_list(tmp_path: Path) -> None:
    content = annotation(QUOTE, body="perhaps", motivation="commenting")
    content["@context"] = [CONTEXT, "https://example.org/own"]
    found = imported(content, tmp_path)
    assert found.values["marks"]["commenting"]["read"] == 1


def test_annotations_may_be_lines_after_a_byte_order_mark(tmp_path: Path) -> None:
    other = {**annotation({"type": "TextQuoteSelector", "exact": "left"}), "id": "other"}
    content = "\ufeff" + "\n".join(map(json.dumps, [annotation(QUOTE), other, {"type": "Note"}]))
    folder = written(tmp_path / "s", {"a.jsonl": content, "page1.txt": TEXT})
    found = run("w3c", folder, tmp_path / "into")
    assert [a["name"] for a in found.article["actors"]] == ["The army", "left"]
    assert [each["places"][0]["line"] for each in found.values["issues"]] == [3]


def test_a_quote_that_stands_twice_is_listed(tmp_path: Path) -> None:
    found = imported(annotation({"type": "TextQuoteSelector", "exact": "The army"}), tmp_path)
    assert found.values["marks"]["actor"]["skipped"] == {
        "its selectors lead to no place, or to several": 1
    }


def test_positions_alone_do_not_say_what_they_count(tmp_path: Path) -> None:
    found = imported(annotation({"type": "TextPositionSelector", "start": 17, "end": 25}), tmp_path)
    assert found.rules == ["import-unit-unknown"]


@pytest.mark.parametrize("wrap", ["page", "collection", "list"])
def test_pages_collections_and_lists(wrap: str, tmp_path: Path) -> None:
    one = annotation(QUOTE)
    page = {"@context": CONTEXT, "type": "AnnotationPage", "items": [one]}
    content = {
        "page": page,
        "collection": {"@context": CONTEXT, "type": "AnnotationCollection", "first": page},
        "list": [one],
    }[wrap]
    assert len(imported(content, tmp_path).article["actors"]) == 1


def test_bodies_of_other_kinds_are_attributes(tmp_path: Path) -> None:
    body = [
        {"type": "TextualBody", "purpose": "tagging", "value": "actor"},
        {"type": "Choice", "items": [{"type": "TextualBody", "value": "a rebel group"}]},
        "https://example.org/comment1",
    ]
    found = imported(annotation(QUOTE, body=body), tmp_path)
    assert found.article["actors"][0]["attributes"] == {
        "describing": "a rebel group",
        "body": "https://example.org/comment1",
    }


def test_a_link_leads_to_another_annotation(tmp_path: Path) -> None:
    said = annotation({"type": "TextQuoteSelector", "exact": "left"}, "statement")
    said["id"] = "https://example.org/anno2"
    tie = {"type": "SpecificResource", "purpose": "linking", "value": "speaker"}
    said["body"] = [said["body"], {**tie, "source": "https://example.org/anno1"}]
    found = imported([annotation(QUOTE), said], tmp_path)
    assert found.article["statements"][0]["speaker"] == found.article["actors"][0]["id"]


def test_creators_are_annotators(tmp_path: Path) -> None:
    mary = annotation(QUOTE, creator={"id": "mailto:mary@example.org", "type": "Person"})
    paul = annotation(QUOTE, creator={"name": "Paul"})
    found = imported([mary, paul], tmp_path, "--each-annotator")
    assert sorted(found.articles) == ["page1.annotator-1", "page1.annotator-2"]
    assert "mary" not in str(found.articles)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({**annotation(QUOTE), "@context": "https://example.org/own"}, "the context"),
        ({"type": "Note"}, 'an object of the type "Note"; export them as Web Annotation'),
        ([1], "got 1"),
        (annotation(QUOTE, target=None), "an annotation without a target"),
        (annotation(QUOTE, target=5), "a target 5"),
        (annotation(QUOTE, target="http://[x"), "the text of http://[x in text.txt"),
        (annotation(QUOTE, target={"source": 5}), "the text of 5 in 5.txt"),
        (
            {"items": [{"body": [{"value": "dateline:article"}, {"value": "{"}]}]},
            "one that was changed",
        ),
        (annotation(QUOTE, target="https://example.org/other"), "other.txt beside the annotations"),
    ],
)
def test_what_is_no_annotation_or_has_no_text_is_told(
    content: Any, expected: str, tmp_path: Path
) -> None:
    found = imported(content, tmp_path)
    assert found.rules == ["import-unreadable"]
    assert expected in found.values["issues"][0]["message"]


def test_an_exported_article_comes_back_as_it_was(tmp_path: Path) -> None:
    project = example_project(tmp_path / "project")
    arguments = ["export", "w3c", str(project), "--into", str(tmp_path / "w3c"), "--jobs", "1"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, (result.stdout, result.stderr)
    found = run("w3c", tmp_path / "w3c", tmp_path / "into")
    loaded, _ = load_project(project)
    assert loaded is not None
    originals = {}
    for path in find(loaded.articles):
        for record in records(path):
            assert isinstance(record, Record)
            article = json.loads(record.data)
            if "text_file" in article:
                article["text"] = (path.parent / article.pop("text_file")).read_bytes().decode()
            originals[article["id"]] = article
    assert len(originals) > 1
    assert found.articles == originals


WORDS = st.text(min_size=1, max_size=5)
ENTRIES = st.fixed_dictionaries(
    {"role": st.sampled_from(["mention", "cue"])},
    optional={"quote": WORDS, "prefix": WORDS, "field": st.just("name"), "part": st.integers(0, 3)},
)
PLACED = st.builds(lambda entry, n: {**entry, "start": n, "end": n + 1}, ENTRIES, st.integers(0, 9))
ITEM = st.fixed_dictionaries(
    {"id": WORDS}, optional={"evidence": st.lists(ENTRIES | PLACED, max_size=3), "name": WORDS}
)
ITEMS = st.lists(ITEM, max_size=2)
PARTS = st.fixed_dictionaries({}, optional={"participants": ITEMS, "casualties": ITEMS})
INCIDENTS = st.lists(st.builds(lambda item, parts: {**item, **parts}, ITEM, PARTS), max_size=2)
ARTICLES = st.fixed_dictionaries(
    {"version": st.just(1), "id": st.text("ab/:.-", min_size=1, max_size=9)},
    optional={"actors": ITEMS, "incidents": INCIDENTS, "statements": ITEMS},
)


# On a busy machine the making of values alone can seem slow.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ARTICLES)
def test_any_article_comes_back_as_it_was(article: dict[str, Any]) -> None:
    page = json.loads(json.dumps(page_of(article, "a.txt")))
    assert article_of(page) == article


def test_the_samples_have_no_texts(tmp_path: Path) -> None:
    found = run("w3c", sample("w3c-web-annotation"), tmp_path / "into")
    assert found.rules == ["import-unreadable"] * 4
