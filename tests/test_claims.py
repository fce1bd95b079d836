"""Casualty claims inside their article: counts spelled out, sets and coverage by default."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from corpus import ARMY, MAYOR, SAID, claim, only, problems, raw, with_claims

Json = dict[str, Any]


def one_claim(given: Json, **members: Any) -> Json:
    """The row of the only claim of an article."""
    return only(raw(with_claims(given, **members))["casualties"])


@pytest.mark.parametrize(
    ("given", "quantifier", "counts"),
    [
        ({"count": 7}, "exact", (7, 7, 7)),
        ({"count": 0}, "exact", (0, 0, 0)),
        ({"count": 7.0}, "exact", (7, 7, 7)),
        ({"count": 7, "quantifier": "exact"}, "exact", (7, 7, 7)),
        ({"count": 7, "quantifier": "at_least"}, "at_least", (7, 7, None)),
        ({"count": 7, "quantifier": "more_than"}, "more_than", (8, None, None)),
        ({"count": 7, "quantifier": "at_most"}, "at_most", (None, None, 7)),
        ({"count": 7, "quantifier": "approximately"}, "approximately", (None, 7, None)),
        ({"count": [5, 7]}, "range", (5, None, 7)),
        ({"count": [5, 7], "quantifier": "range"}, "range", (5, None, 7)),
        ({"quantifier": "vague", "count_text": "dozens of men"}, "vague", (12, None, None)),
        ({"quantifier": "vague", "count_low": 3}, "vague", (3, None, None)),
        ({"quantifier": "none_stated"}, "none_stated", (None, None, None)),
        ({"count_low": 7, "count_best": 7, "count_high": 7}, "exact", (7, 7, 7)),
        ({"count_low": 7, "count_best": 7}, "at_least", (7, 7, None)),
        ({"count_low": 8, "quantifier": "more_than"}, "more_than", (8, None, None)),
        ({"count_high": 7}, "at_most", (None, None, 7)),
        ({"count_best": 7}, "approximately", (None, 7, None)),
        ({"count_low": 5, "count_high": 7}, "range", (5, None, 7)),
        ({}, "none_stated", (None, None, None)),
    ],
)
def test_a_count_spells_out_to_three_bounds_and_a_quantifier(
    given: Json, quantifier: str, counts: tuple[int | None, ...]
) -> None:
    row = one_claim({"harm_type": "killed", "victim_category": "all", **given})
    assert row["quantifier"] == quantifier
    assert (row["count_low"], row["count_best"], row["count_high"]) == counts


@pytest.mark.parametrize(
    ("words", "low"),
    [
        ("tens of people", 10),
        ("Dozens", 12),
        ("hundreds,", 100),
        ("several", 2),
        ("a  number\nof men", 2),
        ("mass casualties", 2),
    ],
)
def test_number_words_without_a_number_have_floors(words: str, low: int) -> None:
    row = one_claim(claim(count=None, quantifier="vague", count_text=words))
    assert (row["count_low"], row["count_best"], row["count_high"]) == (low, None, None)
    assert row["count_text"] == " ".join(words.split())


def test_a_bound_below_alone_fits_several_quantifiers_so_one_is_asked_for() -> None:
    data = with_claims(claim(count=None, count_low=3))
    assert problems(data) == ["casualty-quantifier-missing"]


@pytest.mark.parametrize(
    "given",
    [
        {"count": 3, "quantifier": "none_stated"},
        {"count": 3, "quantifier": "vague"},
        {"count": [3, 3]},
        {"count": [3, 4], "quantifier": "exact"},
        {"count_low": 3, "count_best": 3, "quantifier": "more_than"},
        {"quantifier": "vague", "count_text": "a few"},
        {"quantifier": "exact"},
        {"count_low": 3, "count_best": 4, "count_high": 5},
    ],
)
def test_counts_of_another_shape_than_their_quantifier_are_refused(given: Json) -> None:
    data = with_claims({"harm_type": "killed", "victim_category": "all", **given})
    assert problems(data) == ["casualty-count-shape"]


def test_a_claim_has_honest_defaults() -> None:
    row = one_claim(claim())
    assert (row["stance"], row["demographic"], row["occupation"]) == ("asserts", "any", "any")
    assert (row["victim_set"], row["covers_set"]) == ("killed", True)
    assert (row["claimant_actor_id"], row["statement_id"]) == (None, None)


def test_given_values_stand_where_there_are_defaults() -> None:
    row = one_claim(
        claim(
            stance="cannot_confirm",
            count=None,
            demographic="woman",
            occupation="medical",
            victim_set="dead",
            covers_set=False,
            as_of="2024-03-04",
        )
    )
    assert (row["stance"], row["demographic"], row["occupation"]) == (
        "cannot_confirm",
        "woman",
        "medical",
    )
    assert (row["victim_set"], row["covers_set"]) == ("dead", False)
    assert row["as_of"] == date(2024, 3, 4)


def test_a_set_without_name_is_called_after_the_harm_unless_others_of_the_harm_have_names() -> None:
    hurt = claim(harm_type="injured", count=3)
    found = raw(with_claims(claim(victim_set="dead"), hurt))["casualties"]
    assert [row["victim_set"] for row in found] == ["dead", "injured"]
    assert problems(with_claims(claim(victim_set="dead"), claim(as_of="2024-03-04"))) == [
        "casualty-set-missing"
    ]


def test_who_covers_the_set_is_known_of_totals_and_of_what_stands_beside_them() -> None:
    part = claim(victim_category="civilian", count=2)
    found = raw(with_claims(claim(), part))["casualties"]
    assert [row["covers_set"] for row in found] == [True, True]
    assert problems(with_claims(part)) == ["casualty-covers-missing"]
    # Another claimant's total says nothing about this one's part.
    other = {**part, "claimant": "army", "statement": "said"}
    statements = [{**SAID, "speaker": "army"}]
    data = with_claims(claim(), other, actors=[ARMY], statements=statements)
    assert problems(data) == ["casualty-covers-missing"]


def test_a_claim_for_children_alone_is_not_a_total() -> None:
    children = claim(demographic="child", count=3)
    assert problems(with_claims(children)) == ["casualty-covers-missing"]
    assert one_claim({**children, "covers_set": False})["covers_set"] is False


@pytest.mark.parametrize("method", ["import", "model"])
def test_an_import_or_a_model_covers_a_set_only_where_it_says_so(method: str) -> None:
    part = claim(victim_category="civilian", count=2)
    assert one_claim(part, annotation={"method": method})["covers_set"] is False
    assert one_claim(claim(), annotation={"method": method})["covers_set"] is True


def test_a_claimant_by_hand_comes_with_the_statement() -> None:
    spoken = claim(claimant="mayor")
    assert problems(with_claims(spoken, actors=[MAYOR])) == ["casualty-statement-missing"]
    row = one_claim(spoken, actors=[MAYOR], annotation={"method": "import"})
    assert row["statement_id"] is None
