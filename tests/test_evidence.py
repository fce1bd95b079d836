"""Evidence: spans proved and numbered in code points; what a profile publishes of the words."""

from __future__ import annotations

from typing import Any

import pytest
from corpus import (
    ARMY,
    MAYOR,
    SAID,
    SHELLING,
    TEXT,
    article,
    checked,
    claim,
    digest,
    only,
    problems,
    raw,
    rules,
)

Json = dict[str, Any]


def spans(evidence: list[Json], text: str = TEXT, profile: str = "quotes") -> list[Json]:
    """The evidence rows of an actor's mentions, in text order."""
    found = raw(article(text=text, actors=[{**MAYOR, "evidence": evidence}]), profile=profile)[
        "evidence"
    ]
    return sorted(found, key=lambda row: (row["start"], row["part"]))


def test_a_mention_is_numbered_in_text_order_per_field_and_role() -> None:
    text = "the mayor, mayor, the mayor, mayor, mayor"
    evidence = [
        {"role": "mention", "start": 36, "end": 41},
        {"role": "mention", "start": 18, "end": 27},
        {"role": "mention", "start": 0, "end": 9},
        {"role": "other", "start": 29, "end": 34},
        {"role": "mention", "field": "name", "start": 11, "end": 16},
    ]
    found = [(row["start"], row["span"], row["part"]) for row in spans(evidence, text)]
    assert found == [(0, 0, 0), (11, 0, 0), (18, 1, 0), (29, 0, 0), (36, 2, 0)]


def test_the_parts_of_a_discontinuous_span_share_its_number() -> None:
    text = "the mayor, mayor, the mayor, mayor, mayor"
    evidence = [
        {"role": "mention", "start": 18, "end": 21},
        {"role": "mention", "start": 22, "end": 27, "part": 1},
        {"role": "mention", "start": 36, "end": 41, "part": 2},
        {"role": "mention", "start": 0, "end": 3},
        {"role": "mention", "start": 11, "end": 16, "part": 1},
    ]
    found = [(row["start"], row["span"], row["part"]) for row in spans(evidence, text)]
    assert found == [(0, 0, 0), (11, 0, 1), (18, 1, 0), (22, 1, 1), (36, 1, 2)]


@pytest.mark.parametrize(
    "evidence",
    [
        [{"role": "mention", "start": 0, "end": 3, "part": 1}],
        [
            {"role": "mention", "start": 0, "end": 3},
            {"role": "mention", "start": 5, "end": 8, "part": 2},
        ],
        [
            {"role": "mention", "start": 5, "end": 8},
            {"role": "mention", "start": 0, "end": 3, "part": 1},
        ],
        [
            {"role": "mention", "start": 0, "end": 6},
            {"role": "mention", "start": 5, "end": 8, "part": 1},
        ],
        [
            {"role": "mention", "start": 0, "end": 3},
            {"role": "role", "start": 5, "end": 8, "part": 1},
        ],
    ],
)
def test_parts_follow_each_other_in_one_span(evidence: list[Json]) -> None:
    assert problems(article(actors=[{**MAYOR, "evidence": evidence}])) == ["evidence-parts"]


def test_offsets_count_code_points_after_emoji_and_right_to_left_script() -> None:
    text = "🚒🚒 قصف السوق יום ב׳ 👩‍🚒 the mayor said so. na\u00efve, nai\u0308ve."
    evidence: list[Json] = [
        {"role": "mention", "quote": "the mayor"},
        {"role": "mention", "quote": "السوق"},
        {"role": "mention", "quote": "יום ב׳"},
        {"role": "mention", "start": 0, "end": 2},
        {"role": "mention", "quote": "na\u00efve"},
        {"role": "mention", "quote": "nai\u0308ve"},
    ]
    found = spans(evidence, text)
    assert [text[row["start"] : row["end"]] for row in found] == [
        "🚒🚒",
        "السوق",
        "יום ב׳",
        "the mayor",
        "na\u00efve",
        "nai\u0308ve",
    ]
    for row in found:
        assert row["exact_sha256"] == digest(text[row["start"] : row["end"]])


def test_a_quote_is_found_by_the_words_around_it() -> None:
    text = "He said no. She said no."
    found = spans(
        [
            {"role": "mention", "quote": "no", "prefix": "She said "},
            {"role": "mention", "quote": "said", "suffix": " no. She"},
        ],
        text,
    )
    assert [(row["start"], row["end"]) for row in found] == [(3, 7), (21, 23)]


def test_overlapping_places_of_a_quote_are_several_places() -> None:
    data = article(text="aaa", actors=[{**MAYOR, "evidence": [{"role": "mention", "quote": "aa"}]}])
    assert problems(data) == ["evidence-quote-repeated"]


def test_each_row_of_evidence_has_one_subject() -> None:
    span = [{"role": "mention", "quote": "the mayor"}]
    incident = {
        **SHELLING,
        "evidence": span,
        "participants": [{"actor": "army", "role": "initiator", "evidence": span}],
        "casualties": [claim(evidence=span)],
    }
    found = raw(
        article(
            actors=[{**ARMY, "evidence": span}, MAYOR],
            incidents=[incident],
            statements=[{**SAID, "evidence": span}],
        )
    )
    subjects = ("incident_id", "actor_id", "statement_id", "participant_id", "casualty_id")
    seen = [[name for name in subjects if row[name] is not None] for row in found["evidence"]]
    assert sorted(seen) == sorted([name] for name in subjects)
    named = {
        "incident_id": "incidents",
        "participant_id": "participants",
        "casualty_id": "casualties",
    }
    for name, table in named.items():
        row = next(row for row in found["evidence"] if row[name] is not None)
        assert row[name] == only(found[table])[name]


# Absent text


def absent(words: str, *evidence: Json, **statement: Any) -> Json:
    """An article whose text is not distributed, with one statement."""
    given = {**SAID, "evidence": list(evidence), **statement}
    members: Json = {"text_sha256": digest(words), "text_length": len(words)}
    return article(text=None, actors=[MAYOR], statements=[given], **members)


def test_without_text_digests_come_from_the_annotation() -> None:
    words = "It was late, the mayor said."
    data = absent(
        words,
        {"role": "source", "start": 13, "end": 22, "quote": "the mayor"},
        {"role": "content", "start": 0, "end": 11, "exact_sha256": digest("It was late")},
        {"role": "cue", "start": 23, "end": 27, "quote": "said", "exact_sha256": digest("said")},
        quote_type="indirect",
    )
    found = raw(data, profile="full")
    assert only(found["articles"])["text_length"] == len(words)
    by_role = {row["span_role"]: row for row in found["evidence"]}
    assert {role: row["exact_sha256"] for role, row in by_role.items()} == {
        "source": digest("the mayor"),
        "content": digest("It was late"),
        "cue": digest("said"),
    }
    assert {role: row["exact"] for role, row in by_role.items()} == {
        "source": "the mayor",
        "content": None,
        "cue": "said",
    }
    statement = only(found["statements"])
    assert (statement["speaker_label"], statement["quote_type"]) == ("the mayor", "indirect")


def test_without_text_no_type_of_quote_is_guessed() -> None:
    data = absent(
        "It was late.", {"role": "content", "start": 0, "end": 11, "quote": "It was late"}
    )
    assert only(raw(data)["statements"])["quote_type"] is None


@pytest.mark.parametrize(
    ("evidence", "rule"),
    [
        ({"quote": "late"}, "evidence-without-text"),
        ({"start": 0, "end": 2}, "evidence-unproved"),
        ({"start": 0, "end": 2, "quote": "It was"}, "evidence-quote-differs"),
        ({"start": 0, "end": 2, "quote": "It", "exact_sha256": "0" * 64}, "evidence-hash"),
        ({"start": 0, "end": 99, "quote": "It"}, "evidence-outside-text"),
    ],
)
def test_without_text_evidence_proves_itself(evidence: Json, rule: str) -> None:
    assert problems(absent("It was late.", {"role": "content", **evidence})) == [rule]


# Verbatim profiles

_PRINTED = article(
    source={"headline": "Shells hit a market"},
    text="“It was late,” the mayor said. Nine people died. " + "word " * 60,
    actors=[MAYOR],
    incidents=[
        {
            **SHELLING,
            "title": "Shells on a market",
            "casualties": [
                claim(count_text="Nine people", evidence=[{"role": "count", "quote": "Nine"}])
            ],
        }
    ],
    statements=[
        {
            **SAID,
            "quote_text": "It was late,",
            "evidence": [
                {"role": "source", "quote": "the mayor"},
                {"role": "cue", "quote": "said"},
                {"role": "content", "quote": "“It was late,”"},
                {"role": "other", "quote": "died. " + "word " * 39},
                {"role": "other", "quote": ". " + "word " * 40 + "word", "prefix": "died"},
            ],
        }
    ],
)


@pytest.mark.parametrize(
    ("profile", "headline", "statement", "count"),
    [
        ("quotes", "Shells hit a market", ("the mayor", "said", "It was late,"), "Nine people"),
        ("full", "Shells hit a market", ("the mayor", "said", "It was late,"), "Nine people"),
        ("no_verbatim", None, (None, None, None), None),
    ],
)
def test_a_profile_decides_which_printed_words_are_published(
    profile: str, headline: str | None, statement: tuple[str | None, ...], count: str | None
) -> None:
    found = raw(_PRINTED, profile=profile)
    assert only(found["articles"])["headline"] == headline
    row = only(found["statements"])
    assert (row["speaker_label"], row["cue_text"], row["quote_text"]) == statement
    assert only(found["casualties"])["count_text"] == count
    # Own words and codes are no printed words.
    assert (row["paraphrase"], row["quote_type"]) == ("Shells hit the market.", "direct")
    assert row["anonymity"] is None
    assert only(found["incidents"])["title"] == "Shells on a market"


@pytest.mark.parametrize("profile", ["quotes", "no_verbatim"])
def test_only_the_full_profile_publishes_the_exact_words(profile: str) -> None:
    assert {row["exact"] for row in raw(_PRINTED, profile=profile)["evidence"]} == {None}


def test_the_full_profile_publishes_exact_words_of_at_most_200_characters() -> None:
    found = raw(_PRINTED, profile="full")["evidence"]
    longest, too_long = sorted(found, key=lambda row: row["end"] - row["start"])[-2:]
    assert (longest["end"] - longest["start"], too_long["end"] - too_long["start"]) == (201, 206)
    assert longest["exact"] == "died. " + "word " * 38 + "word"
    assert too_long["exact"] is None
    exact = {row["exact"] for row in found}
    assert {"Nine", "the mayor", "said", "“It was late,”"} <= exact


def quoted(*quotes: str | None, profile: str = "quotes") -> list[str]:
    """The rules that statements with these quotes break; each is inside the one before."""
    text = "\n".join(f"{n}: “{quote}”" for n, quote in enumerate(quotes))
    statements = [
        {
            **SAID,
            "id": f"s{n}",
            "quote_text": quote,
            "parent": f"s{n - 1}" if n else None,
            "evidence": [{"role": "content", "quote": f"“{quote}”", "prefix": f"{n}: "}],
        }
        for n, quote in enumerate(quotes)
    ]
    data = article(actors=[MAYOR], statements=statements, text=text)
    return rules(checked(data, profile=profile).issues)


def test_quotes_have_limits_in_words_that_only_published_words_must_keep() -> None:
    fine, long = " ".join(["word"] * 25), " ".join(["word"] * 26)
    assert quoted(fine) == []
    assert quoted(long) == ["quote-too-long"]
    assert quoted(long, profile="no_verbatim") == []
    four = [f"{letter} " * 24 + letter for letter in "abcd"]
    assert quoted(*four) == []
    assert quoted(*four, "e") == ["quotes-too-long"]
    assert quoted(*four, "d d d") == []
    assert quoted(None) == []
