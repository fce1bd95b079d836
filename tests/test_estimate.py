"""The casualty estimate: of cases worked out by hand, and of random ones as in the reference."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any, NamedTuple

import pytest
from corpus import ARMY, SAID, SHELLING, article, claim, merged, only, published, rules
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from random_claims import ACTORS, draw
from reference_estimate import estimate

Json = dict[str, Any]
Estimate = tuple[int | None, int | None, int | None, str]

KILLED = ("killed_low", "killed_best", "killed_high", "estimate_rule")
RULES = ("range_only", "most_recent_reliable", "majority", "most_conservative")


class Report(NamedTuple):
    """An article on the incident of a case; `copies` is the number of the report it repeats."""

    claims: tuple[Json, ...]
    day: int
    publisher: str | None
    copies: int | None


def report(
    *claims: Json, day: int = 5, publisher: str | None = "Wire", copies: int | None = None
) -> Report:
    """A report of the wire on 5 March."""
    return Report(claims, day, publisher, copies)


class Case(NamedTuple):
    """Reports on one incident, the project's rule and what the estimate must be.

    `incident` is what the registry says of the incident.
    """

    reports: list[Report]
    rule: str
    expected: Estimate
    incident: Json | None = None

    def articles(self, name: str) -> list[Json]:
        """The reports as articles, converted from another set."""
        return [
            article(
                f"{name}/{number}",
                {
                    "publisher": told.publisher,
                    "published_at": f"2024-03-{told.day:02}",
                    "syndicated_from": f"{name}/{told.copies}" if told.copies is not None else None,
                },
                annotation={"method": "import"},
                actors=ACTORS,
                incidents=[{**SHELLING, "key": name, "casualties": list(told.claims)}],
            )
            for number, told in enumerate(self.reports)
        ]


def by(claimant: str, count: Any, **members: Any) -> Json:
    """A claimant's total of the dead."""
    return claim(claimant=claimant, count=count, **members)


def part(claimant: str, category: str, count: Any, **members: Any) -> Json:
    """What a claimant says of some of the dead."""
    return claim(claimant=claimant, victim_category=category, count=count, **members)


NONE = (None, None, None, "none_reported")
CASES = {
    "without claims nothing is reported": Case([report()], "majority", NONE),
    "the injured are not the dead": Case([report(claim(harm_type="injured"))], "majority", NONE),
    "a claim without number says nothing": Case([report(claim(count=None))], "majority", NONE),
    "nobody is not unknown": Case([report(claim(count=0))], "majority", (0, 0, 0, "single_claim")),
    "one claimant": Case([report(by("army", 9))], "majority", (9, 9, 9, "single_claim")),
    "one claimant with a bound below": Case(
        [report(by("army", 9, quantifier="at_least"))], "majority", (9, 9, None, "single_claim")
    ),
    "one claimant's parts add up": Case(
        [
            report(
                part("army", "civilian", 2, covers_set=True),
                part("army", "militant", [5, 7], covers_set=True),
            )
        ],
        "majority",
        (7, None, 9, "single_claim"),
    ),
    "a total is not added to its parts": Case(
        [report(by("army", 9), part("army", "civilian", 2), part("army", "militant", 7))],
        "majority",
        (9, 9, 9, "single_claim"),
    ),
    "a subset is in no sum": Case(
        [
            report(
                part("army", "civilian", 2, id="c", covers_set=True),
                part("army", "civilian", 1, demographic="child", subset_of="c", covers_set=True),
            )
        ],
        "majority",
        (2, 2, 2, "single_claim"),
    ),
    "claimants that agree": Case(
        [report(by("army", 9), by("rebels", 9))], "most_recent_reliable", (9, 9, 9, "consensus")
    ),
    "claimants that agree on open bounds": Case(
        [report(by("army", 9, quantifier="more_than"), by("rebels", 9, quantifier="more_than"))],
        "majority",
        (10, None, None, "consensus"),
    ),
    "claimants that differ give a range": Case(
        [report(by("army", 9), by("rebels", 12))], "range_only", (9, None, 12, "range_only")
    ),
    "one open bound opens the range": Case(
        [report(by("army", 9, quantifier="at_most"), by("rebels", 12, quantifier="at_least"))],
        "range_only",
        (None, None, None, "none_reported"),
    ),
    "the most recent claimant": Case(
        [report(by("army", 9)), report(by("rebels", 12), day=6)],
        "most_recent_reliable",
        (9, 12, 12, "most_recent_reliable"),
    ),
    "two claimants of the latest day": Case(
        [report(by("army", 9), by("rebels", 12), by("clinic", 4, as_of="2024-03-04"))],
        "most_recent_reliable",
        (4, None, 12, "range_only"),
    ),
    "a most recent claimant without best": Case(
        [report(by("army", 9)), report(by("rebels", [5, 12]), day=6)],
        "most_recent_reliable",
        (5, None, 12, "range_only"),
    ),
    "a majority": Case(
        [report(by("army", 9), by("rebels", 12), by("clinic", 9, quantifier="at_least"))],
        "majority",
        (9, 9, None, "majority"),
    ),
    "half is no majority": Case(
        [report(by("army", 9), by("rebels", 12))], "majority", (9, None, 12, "range_only")
    ),
    "a majority without best": Case(
        [report(by("army", [1, 3]), by("rebels", [1, 4]), by("clinic", 2))],
        "majority",
        (1, None, 4, "range_only"),
    ),
    "the most conservative": Case(
        [report(by("army", 9), by("rebels", 12), by("clinic", [1, 20]))],
        "most_conservative",
        (1, 9, 20, "most_conservative"),
    ),
    "a later toll of one claimant supersedes": Case(
        [report(by("army", 9)), report(by("army", 12), day=7), report(by("army", 3), day=6)],
        "range_only",
        (12, 12, 12, "single_claim"),
    ),
    "a toll is as old as its day, not as its article": Case(
        [report(by("army", 9), day=6), report(by("army", 12, as_of="2024-03-04"), day=7)],
        "range_only",
        (9, 9, 9, "single_claim"),
    ),
    "two articles of one day are one claimant's hull": Case(
        [report(by("army", 9)), report(by("army", [7, 12]))],
        "majority",
        (7, None, 12, "single_claim"),
    ),
    "two articles of one day that agree": Case(
        [report(by("army", 9)), report(by("army", 9))], "majority", (9, 9, 9, "single_claim")
    ),
    "the own voice is the publisher's": Case(
        [report(claim(count=9)), report(claim(count=12), day=6)],
        "range_only",
        (12, 12, 12, "single_claim"),
    ),
    "own voices of two publishers compete": Case(
        [report(claim(count=9)), report(claim(count=12), day=6, publisher="Post")],
        "range_only",
        (9, None, 12, "range_only"),
    ),
    "own voices of unknown publishers compete": Case(
        [report(claim(count=9), publisher=None), report(claim(count=12), day=6, publisher=None)],
        "range_only",
        (9, None, 12, "range_only"),
    ),
    "a copy adds nothing": Case(
        [report(claim(count=9)), report(claim(count=12), day=6, publisher="Post", copies=0)],
        "range_only",
        (9, 9, 9, "single_claim"),
    ),
    "a denial is no number": Case(
        [
            report(
                by("army", 9), part("rebels", "civilian", None, stance="denies", covers_set=False)
            )
        ],
        "range_only",
        (9, 9, 9, "single_claim"),
    ),
    "who cannot confirm gives no number": Case(
        [report(by("army", 9), by("rebels", None, stance="cannot_confirm"))],
        "range_only",
        (9, 9, 9, "single_claim"),
    ),
    "none covering: the largest sum of parts is a lower bound": Case(
        [
            report(
                part("army", "civilian", 2, covers_set=False),
                part("army", "militant", 3, covers_set=False),
                part("rebels", "civilian", 4, covers_set=False),
            )
        ],
        "most_conservative",
        (5, None, None, "range_only"),
    ),
    "who speaks of a part does not set the total": Case(
        [report(by("army", 9), part("rebels", "civilian", 20, covers_set=False))],
        "range_only",
        (9, 9, 9, "single_claim"),
    ),
    "disjoint sets add up": Case(
        [report(by("army", 9, victim_set="a"), by("rebels", 3, victim_set="b"))],
        "majority",
        (12, 12, 12, "single_claim"),
    ),
    "a set without best leaves the sum without": Case(
        [
            report(
                by("army", 9, victim_set="a"),
                by("rebels", 3, victim_set="b", quantifier="more_than"),
            )
        ],
        "majority",
        (13, None, None, "single_claim"),
    ),
    "sets with several rules: the project's before the others": Case(
        [
            report(by("army", 9, victim_set="a"), by("army", 3, victim_set="b")),
            report(by("rebels", 11, victim_set="a"), by("rebels", 3, victim_set="b"), day=6),
        ],
        "most_recent_reliable",
        (12, 14, 14, "most_recent_reliable"),
    ),
    "sets with several rules: a range before all": Case(
        [
            report(by("army", 9, victim_set="a"), by("army", 3, victim_set="b")),
            report(by("rebels", 11, victim_set="a")),
        ],
        "most_recent_reliable",
        (12, None, 14, "range_only"),
    ),
    "sets with several rules: consensus before a single claim": Case(
        [
            report(by("army", 9, victim_set="a"), by("army", 3, victim_set="b")),
            report(by("rebels", 9, victim_set="a")),
        ],
        "majority",
        (12, 12, 12, "consensus"),
    ),
    "a rule that chose in one set has not chosen in the sum": Case(
        [
            report(by("army", 9, victim_set="a"), by("army", [1, 2], victim_set="b")),
            report(by("rebels", 11, victim_set="a"), day=6),
        ],
        "most_recent_reliable",
        (10, None, 13, "range_only"),
    ),
    "sets that the registry holds apart add up": Case(
        [report(by("army", 9, victim_set="a")), report(by("rebels", 3, victim_set="b"))],
        "range_only",
        (12, 12, 12, "single_claim"),
        {"victim_sets": {"disjoint": [["b", "a"]]}},
    ),
    "sets that the registry calls equal compete": Case(
        [report(by("army", 9, victim_set="a")), report(by("rebels", 3, victim_set="b"))],
        "range_only",
        (3, None, 9, "range_only"),
        {"victim_sets": {"equal": [["b", "a"]]}},
    ),
    "sets are equal by way of a third": Case(
        [
            report(by("army", 9, victim_set="a")),
            report(by("rebels", 3, victim_set="b")),
            report(by("clinic", 4, victim_set="c")),
            report(by("army", 2, victim_set="d")),
        ],
        "most_conservative",
        (5, 5, 11, "most_conservative"),
        {"victim_sets": {"equal": [["c", "a"], ["b", "c"]], "disjoint": [["d", "b"]]}},
    ),
    "a person decides": Case(
        [report(by("army", 9), by("rebels", 12))],
        "range_only",
        (9, 9, 12, "editorial"),
        {
            "estimate_rule": "editorial",
            "estimate_note": "the army's count was by name",
            "killed_low": 9,
            "killed_best": 9,
            "killed_high": 12,
        },
    ),
}


@cache
def estimates(rule: str) -> dict[str, Estimate]:
    """The estimates of all cases of one rule, merged together: a merge takes a while."""
    names = {name: f"k{number}" for number, name in enumerate(CASES)}
    cases = {names[name]: case for name, case in CASES.items() if case.rule == rule}
    articles = [data for key, case in cases.items() for data in case.articles(key)]
    entries = [{"key": key, **(case.incident or {})} for key, case in cases.items()]
    found = {
        row["incident_key"]: tuple(row[name] for name in KILLED)
        for row in published(articles, estimate_rule=rule, incidents=entries)["incidents"]
    }
    return {name: found[key] for name, key in names.items() if key in found}


@pytest.mark.parametrize("name", CASES)
def test_the_estimate_of_a_case(name: str) -> None:
    assert estimates(CASES[name].rule)[name] == CASES[name].expected


@pytest.mark.parametrize("rule", RULES)
def test_the_worked_example_of_the_data_model(rule: str) -> None:
    names = ("army", "residents", "idris", "diplomat", "officials")
    actors = [{**ARMY, "id": name, "key": None, "name": name} for name in names]
    statements = [{**SAID, "id": name, "speaker": name, "evidence": []} for name in names]
    statements[4]["parent"] = "diplomat"

    def says(name: str, category: str, count: int | None, **members: Any) -> Json:
        said = {"claimant": name, "statement": name, "victim_category": category, "count": count}
        return claim(**{**said, "covers_set": False, "victim_set": "compound_dead", **members})

    claims = [
        says("army", "militant", 9, covers_set=True),
        says("residents", "civilian", 2, id="two"),
        says("residents", "civilian", 1, demographic="child", subset_of="two"),
        says("idris", "civilian", None, stance="denies"),
        says("officials", "state_forces", 3, covers_set=True, victim_set="soldiers_dead"),
    ]
    found = published(
        [
            article(
                actors=actors, statements=statements, incidents=[{**SHELLING, "casualties": claims}]
            )
        ],
        estimate_rule=rule,
    )
    row = only(found["incidents"])
    assert (row["killed_low"], row["killed_best"], row["killed_high"]) == (12, 12, 12)
    assert (row["estimate_rule"], row["verification_status"]) == ("single_claim", "contested")
    denied = only(found["casualties"], stance="denies")
    assert (denied["quantifier"], denied["count_low"]) == ("none_stated", None)


def test_a_person_who_decides_says_why() -> None:
    decided = {**SHELLING, "estimate_rule": "editorial", "killed_best": 9}
    found = merged([article(incidents=[decided])])
    assert rules(found.issues) == ["field-missing"]
    assert "estimate_note" in found.issues[0].message


def test_an_estimate_by_hand_that_the_claims_do_not_give_is_refused() -> None:
    wrong = {**SHELLING, "casualties": [claim(count=9)], "killed_best": 8}
    found = merged([article(incidents=[wrong])])
    assert rules(found.issues) == ["derived-differs"]
    right = {**wrong, "killed_best": 9, "estimate_rule": "single_claim"}
    assert only(published([article(incidents=[right])])["incidents"])["killed_best"] == 9


def test_more_people_than_a_column_holds_are_an_error() -> None:
    most = 2**31 - 2
    claims = [claim(count=most, victim_set=name) for name in ("a", "b")]
    found = merged([article(incidents=[{**SHELLING, "casualties": claims}])])
    assert rules(found.issues) == ["estimate-too-large"]
    more = claim(count=most, quantifier="more_than")
    row = only(published([article(incidents=[{**SHELLING, "casualties": [more]}])])["incidents"])
    assert row["killed_low"] == 2**31 - 1


@pytest.mark.parametrize("rule", RULES)
def test_the_estimate_of_random_claims_is_that_of_the_plain_reference(rule: str) -> None:
    # The cases are too large to be made smaller; the smallest that fails is shown.
    @settings(max_examples=2, deadline=None, database=None, phases=[Phase.generate])
    @given(st.randoms(use_true_random=True))
    def agree(random: Random) -> None:
        drawn = {f"k{number}": draw(random, f"k{number}") for number in range(150)}
        found = published(
            [data for case in drawn.values() for data in case.articles],
            estimate_rule=rule,
            incidents=[case.entry for case in drawn.values()],
        )
        wrong = []
        for row in found["incidents"]:
            case, got = drawn[row["incident_key"]], tuple(row[name] for name in KILLED)
            expected = estimate(case.claims, rule)
            wrong += [(case, got, expected)] if got != expected else []
        assert len(found["incidents"]) == len(drawn)
        assert not wrong, min(wrong, key=lambda one: len(one[0].claims))

    agree()
