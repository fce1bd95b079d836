"""How far an incident is verified, and what violence it is: from who takes part and who says so."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from corpus import SAID, Json, claim, merged, only, plays, published, rules, scoped, told


def blamed(actor: str, by: str) -> Json:
    """An initiator whom somebody names."""
    return plays(actor, "initiator", "stated_by_others", attributed_by=by)


def says(act: str, speaker: str, **members: Any) -> Json:
    """A statement about the incident `k`."""
    given = {
        "id": f"{speaker}-{act}",
        "speaker": speaker,
        "speech_act": act,
        "incident": "shelling",
    }
    return {**SAID, **given, "target": "army" if act == "accuse" else None, **members}


def denied(**members: Any) -> Json:
    """A denial that there are dead, by the army."""
    given = {"claimant": "army", "statement": "army-deny", "stance": "denies", "count": None}
    return claim(**{**given, **members})


COPY = {"publisher": "Post", "syndicated_from": "a-1"}
DENIAL = says("deny", "army", incident=None)
ASSERTED = says("assert", "rebels", incident=None)
OTHER = {"publisher": "Post"}

VERIFICATION: dict[str, tuple[list[Json], str]] = {
    "nothing but the article": ([told(1)], "single_source"),
    "one claimant": (
        [told(1, claim(claimant="rebels", statement="rebels-assert"), statements=[ASSERTED])],
        "single_source",
    ),
    "the own voice alone": ([told(1, claim())], "single_source"),
    "a claimant and the own voice": (
        [
            told(
                1,
                claim(),
                claim(claimant="rebels", statement="rebels-assert"),
                statements=[ASSERTED],
            )
        ],
        "corroborated",
    ),
    "two who attribute it": (
        [told(1, participants=[blamed("army", "rebels"), blamed("army", "ministry")])],
        "corroborated",
    ),
    "two articles": ([told(1), told(2)], "corroborated"),
    "an article and one that only lists it": ([told(1), told(2, evidence=[])], "single_source"),
    "an article and its copy": ([told(1), told(2, source=COPY)], "single_source"),
    "a copy of a copy": (
        [
            told(1),
            told(2, source=COPY),
            told(3, claim(), source={"publisher": "Sun", "syndicated_from": "a-2"}),
        ],
        "single_source",
    ),
    "a copy and another article": ([told(1), told(2, source=COPY), told(3)], "corroborated"),
    "who cannot confirm is no source": (
        [
            told(
                1,
                claim(),
                denied(stance="cannot_confirm"),
                statements=[DENIAL],
            )
        ],
        "single_source",
    ),
    "an initiator admits it": (
        [
            told(
                1,
                participants=[
                    plays("army", "initiator", "claimed_or_admitted", attributed_by="army")
                ],
            )
        ],
        "acknowledged",
    ),
    "a captor admits it": (
        [
            told(
                1,
                participants=[plays("army", "captor", "claimed_or_admitted", attributed_by="army")],
            )
        ],
        "acknowledged",
    ),
    "somebody claims it": (
        [
            told(
                1,
                participants=[
                    plays("army", "claimant", "claimed_or_admitted", attributed_by="army")
                ],
            )
        ],
        "acknowledged",
    ),
    "a victim says so itself": (
        [
            told(
                1,
                participants=[plays("army", "victim", "claimed_or_admitted", attributed_by="army")],
            )
        ],
        "single_source",
    ),
    "a denied claim, although admitted": (
        [
            told(
                1,
                denied(),
                participants=[
                    plays("army", "initiator", "claimed_or_admitted", attributed_by="army")
                ],
                statements=[DENIAL],
            )
        ],
        "contested",
    ),
    "a denial in a copy alone": (
        [told(1), told(2, denied(), statements=[DENIAL], source=COPY)],
        "single_source",
    ),
    "accused and denied": (
        [told(1, statements=[says("accuse", "rebels"), says("deny", "army")])],
        "contested",
    ),
    "accused in one article, denied in another": (
        [
            told(1, statements=[says("accuse", "rebels")]),
            told(2, statements=[says("deny", "army")]),
        ],
        "contested",
    ),
    "accused alone": ([told(1, statements=[says("accuse", "rebels")])], "single_source"),
    "denied alone": ([told(1, statements=[says("deny", "army")])], "single_source"),
    "said not to have denied": (
        [told(1, statements=[says("accuse", "rebels"), says("deny", "army", polarity="negated")])],
        "single_source",
    ),
    "a denial of something else": (
        [told(1, statements=[says("accuse", "rebels"), DENIAL])],
        "single_source",
    ),
    "two sources name two initiators": (
        [told(1, participants=[blamed("army", "rebels"), blamed("rebels", "ministry")])],
        "contested",
    ),
    "one source names two initiators": (
        [told(1, participants=[blamed("army", "villagers"), blamed("police", "villagers")])],
        "single_source",
    ),
    "two sources name the same two initiators": (
        [
            told(
                1,
                participants=[
                    blamed(actor, by)
                    for actor in ("army", "police")
                    for by in ("rebels", "villagers")
                ],
            )
        ],
        "corroborated",
    ),
    "a source names one initiator fewer": (
        [
            told(
                1,
                participants=[
                    blamed("army", "rebels"),
                    blamed("police", "rebels"),
                    blamed("army", "villagers"),
                ],
            )
        ],
        "corroborated",
    ),
    "two publishers name two initiators in their own voice": (
        [
            told(1, participants=[plays("army", "initiator")]),
            told(2, participants=[plays("rebels", "initiator")], source=OTHER),
        ],
        "contested",
    ),
    "a copy names another initiator": (
        [
            told(1, participants=[plays("army", "initiator")]),
            told(2, participants=[plays("rebels", "initiator")], source=COPY),
        ],
        "single_source",
    ),
    "an initiator that is cleared": (
        [
            told(
                1,
                participants=[
                    blamed("army", "rebels"),
                    plays("rebels", "initiator", "cleared", attributed_by="ministry"),
                ],
            )
        ],
        "single_source",
    ),
    "two sources name two targets": (
        [
            told(
                1,
                participants=[
                    plays("army", "target", "stated_by_others", attributed_by="rebels"),
                    plays("police", "target", "stated_by_others", attributed_by="villagers"),
                ],
            )
        ],
        "corroborated",
    ),
    "discounted by hand": (
        [told(1, denied(), statements=[DENIAL], verification_status="discounted")],
        "discounted",
    ),
}


@cache
def verified() -> dict[str, str]:
    """The verification status of each case."""
    keys = {f"case-{number}/k": name for number, name in enumerate(VERIFICATION)}
    articles = [
        data
        for number, (told, _) in enumerate(VERIFICATION.values())
        for data in scoped(f"case-{number}", told)
    ]
    found = published(articles)["incidents"]
    return {keys[row["incident_key"]]: row["verification_status"] for row in found}


@pytest.mark.parametrize("name", VERIFICATION)
def test_who_says_so_decides_how_far_an_incident_is_verified(name: str) -> None:
    assert verified()[name] == VERIFICATION[name][1]


A = {"side": "a"}
B = {"side": "b"}
PARTIES: dict[str, tuple[Json, list[Json], str | None, bool | None]] = {
    "a state against rebels": (
        {},
        [plays("army", "initiator", **A), plays("rebels", "target", **B)],
        "state_based",
        False,
    ),
    "rebels against a state": (
        {},
        [plays("rebels", "initiator", **A), plays("police", "target", **B)],
        "state_based",
        False,
    ),
    "two states": (
        {},
        [plays("army", "belligerent", **A), plays("blue-helmets", "belligerent", **B)],
        "state_based",
        None,
    ),
    "a state against gunmen": (
        {},
        [plays("army", "initiator", **A), plays("gunmen", "target", **B)],
        "state_based",
        False,
    ),
    "two sides without a state": (
        {},
        [plays("militia", "initiator", **A), plays("rebels", "target", **B)],
        "non_state",
        False,
    ),
    "a state with a militia against rebels": (
        {},
        [
            plays("army", "initiator", **A),
            plays("militia", "initiator", **A),
            plays("rebels", "target", **B),
        ],
        "state_based",
        False,
    ),
    "an armed side against civilians": (
        {},
        [plays("rebels", "initiator", **A), plays("villagers", "victim")],
        "one_sided",
        True,
    ),
    "a state against civilians on the other side": (
        {},
        [plays("army", "initiator", **A), plays("villagers", "target", **B)],
        "one_sided",
        True,
    ),
    "gunmen that nobody knows against civilians": (
        {},
        [plays("gunmen", "initiator", **A), plays("villagers", "victim")],
        None,
        True,
    ),
    "an armed side against civilians and officials": (
        {},
        [
            plays("rebels", "initiator", **A),
            plays("villagers", "victim"),
            plays("ministry", "target", **B),
        ],
        None,
        True,
    ),
    "civilians on whose side a ministry is": (
        {},
        [
            plays("rebels", "initiator", **A),
            plays("villagers", "victim"),
            plays("ministry", "intervener", **B),
        ],
        None,
        True,
    ),
    "civilians between two armed sides": (
        {},
        [
            plays("army", "initiator", **A),
            plays("rebels", "target", **B),
            plays("nurses", "victim"),
        ],
        "state_based",
        True,
    ),
    "an armed side alone": ({}, [plays("rebels", "initiator", **A)], None, None),
    "armed actors on no side": (
        {},
        [plays("army", "initiator"), plays("rebels", "target")],
        None,
        False,
    ),
    "an unknown actor is harmed": (
        {},
        [plays("army", "initiator", **A), plays("stranger", "victim", **B)],
        None,
        None,
    ),
    "somebody unclassified is harmed": (
        {},
        [plays("army", "initiator", **A), plays("somebody", "victim", **B)],
        None,
        None,
    ),
    "a soldier and a stranger are harmed": (
        {},
        [plays("army", "victim", **B), plays("stranger", "victim", **B)],
        None,
        None,
    ),
    "a captive": (
        {},
        [plays("rebels", "captor", **A), plays("nurses", "captive", **B)],
        "one_sided",
        True,
    ),
    "a civilian witness": (
        {},
        [
            plays("army", "initiator", **A),
            plays("rebels", "target", **B),
            plays("villagers", "witness"),
        ],
        "state_based",
        False,
    ),
    "a state that is cleared": (
        {},
        [
            plays("army", "initiator", "cleared", **A),
            plays("militia", "initiator", **A),
            plays("rebels", "target", **B),
        ],
        "non_state",
        False,
    ),
    "nobody": ({}, [], None, None),
    "a type without violence": (
        {"incident_type": "arrest_detention"},
        [plays("police", "captor", **A), plays("rebels", "captive", **B)],
        "not_applicable",
        False,
    ),
    "a type that an import leaves open": (
        {"incident_type": "unclassified", "annotation": {"method": "import"}},
        [plays("army", "initiator", **A), plays("rebels", "target", **B)],
        None,
        False,
    ),
    "a threat": (
        {"stage": "threatened"},
        [plays("rebels", "initiator", **A), plays("villagers", "target")],
        "one_sided",
        True,
    ),
}


@cache
def classified() -> dict[str, tuple[str | None, bool | None]]:
    """Violence type and civilian targeting of each case."""
    keys = {f"case-{number}/k": name for number, name in enumerate(PARTIES)}
    articles = [
        data
        for number, (incident, participants, *_) in enumerate(PARTIES.values())
        for data in scoped(f"case-{number}", [told(1, participants=participants, **incident)])
    ]
    found = published(articles)["incidents"]
    return {
        keys[row["incident_key"]]: (row["violence_type"], row["civilian_targeting"])
        for row in found
    }


@pytest.mark.parametrize("name", PARTIES)
def test_who_takes_part_decides_the_type_of_violence(name: str) -> None:
    assert classified()[name] == PARTIES[name][2:]


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("violence_type", "non_state", "one_sided"),
        ("civilian_targeting", False, True),
        ("verification_status", "corroborated", "single_source"),
    ],
)
def test_a_derived_value_by_hand_must_be_the_derived_one(name: str, wrong: Any, right: Any) -> None:
    participants = [plays("army", "initiator", **A), plays("villagers", "victim", **B)]
    issues = merged([told(1, participants=participants, **{name: wrong})]).issues
    assert rules(issues) == ["derived-differs"]
    assert f"expected {name} {str(right).lower()}" in issues[0].message
    row = only(published([told(1, participants=participants, **{name: right})])["incidents"])
    assert row[name] == right
