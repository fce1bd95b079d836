"""What follows from merged rows: defaults, superseded tolls, what an import leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from corpus import (
    ARMY,
    MAYOR,
    SAID,
    SHELLING,
    Json,
    article,
    claim,
    merged,
    only,
    plays,
    published,
    rules,
    scoped,
    told,
)

# Defaults of merged rows


def test_privacy_follows_from_the_kind_of_actor_and_a_person_needs_it() -> None:
    kinds = ("organization", "unit", "state", "unnamed_group", "document", "unnamed_person")
    of_sade = {**MAYOR, "country_code": "ISL"}
    actors = [{**of_sade, "id": kind, "name": kind, "entity_kind": kind} for kind in kinds]
    minor = {**MAYOR, "id": "minor", "name": "minor", "privacy_class": "minor"}
    found = published([article(actors=[*actors, minor])])["actors"]
    assert {row["name"]: row["privacy_class"] for row in found} == {
        **dict.fromkeys(kinds, "not_a_person"),
        "unnamed_person": "private_person",
        "minor": "minor",
    }
    person = {**MAYOR, "entity_kind": "person", "name": "Ana Orr"}
    issues = merged([article(actors=[person])]).issues
    assert rules(issues) == ["field-missing"]
    assert "privacy_class" in issues[0].message


@pytest.mark.parametrize(
    ("kind", "anonymity"),
    [
        ("person", "named"),
        ("organization", "named"),
        ("unit", "named"),
        ("state", "named"),
        ("document", "named"),
        ("unnamed_person", "described"),
        ("unnamed_group", "collective"),
    ],
)
def test_anonymity_follows_from_the_kind_of_speaker(kind: str, anonymity: str) -> None:
    assert spoken_by()[kind] == anonymity


@cache
def spoken_by() -> dict[str, str]:
    """The anonymity of a statement by the kind of its speaker, who is in the registry alone."""
    kinds = (
        "person",
        "organization",
        "unit",
        "state",
        "document",
        "unnamed_person",
        "unnamed_group",
    )
    entries = [
        {
            "key": kind,
            "name": kind,
            "entity_kind": kind,
            "actor_type": "government",
            "country_code": "ISL",
            "privacy_class": "public_figure" if kind == "person" else None,
        }
        for kind in kinds
    ]
    data = article(
        actors=[{"id": kind, "key": kind} for kind in kinds],
        statements=[{**SAID, "id": kind, "speaker": kind} for kind in kinds],
    )
    found = published([data], actors=entries)
    names = {row["actor_id"]: row["name"] for row in found["actors"]}
    return {names[row["speaker_actor_id"]]: row["anonymity"] for row in found["statements"]}


def test_anonymity_by_hand_stands() -> None:
    data = article(actors=[MAYOR], statements=[{**SAID, "anonymity": "role_named"}])
    assert only(published([data])["statements"])["anonymity"] == "role_named"


def test_a_label_without_a_speaker_needs_one() -> None:
    found = merged([article(statements=[{**SAID, "speaker": None}])])
    assert sorted(rules(found.issues)) == ["field-missing", "field-missing"]


def test_an_incident_and_its_participants_have_honest_defaults() -> None:
    participant = {"actor": "army", "role": "initiator"}
    found = published([told(1, participants=[participant])])
    row = only(found["incidents"])
    assert (row["stage"], row["date_end"]) == ("accomplished", date(2024, 3, 4))
    row = only(found["participants"])
    assert (row["attribution_basis"], row["side"], row["is_primary"]) == (
        "reported_as_fact",
        "none",
        False,
    )


@pytest.mark.parametrize("precision", ["exact", "near", "admin2", "admin1", "region"])
def test_a_place_has_a_name_unless_it_is_a_country_or_none(precision: str) -> None:
    divisions = {"admin1": "North", "admin2": "Orra District"}
    place = {"geo_precision": precision, "country_code": "ISL", **divisions}
    assert rules(merged([told(1, location=place)]).issues) == ["field-missing"]


def test_a_country_an_open_sea_or_nowhere_needs_no_name() -> None:
    places = [
        {"geo_precision": "country", "country_code": "ISL"},
        {"geo_precision": "international"},
        {"geo_precision": "unknown"},
    ]
    articles = [
        data
        for number, place in enumerate(places)
        for data in scoped(f"case-{number}", [told(1, location=place)])
    ]
    assert {row["place_name"] for row in published(articles)["incidents"]} == {None}


@pytest.mark.parametrize(
    ("dates", "missing"),
    [
        ({"date_precision": "day", "date_start": None}, ["date_start"]),
        ({"date_precision": "open", "date_start": None}, ["date_end"]),
        ({"date_precision": "open", "date_start": None, "date_end": "2024-03-04"}, []),
        ({"date_precision": "unknown", "date_start": None}, []),
    ],
)
def test_dates_are_as_complete_as_their_precision_says(dates: Json, missing: list[str]) -> None:
    issues = merged([told(1, **dates)]).issues
    assert rules(issues) == ["field-missing"] * len(missing)
    lacking = [issue for issue in issues if issue.rule == "field-missing"]
    for issue, name in zip(lacking, missing, strict=True):
        assert f"expected {name}" in issue.message


# Tolls that rise


def toll(number: int, count: int, day: int, **members: Any) -> Json:
    """An article of this day with a toll in its own voice."""
    return told(number, claim(count=count, **members), source={"published_at": f"2024-03-{day:02}"})


def superseded(articles: Sequence[Json], **settings: Any) -> dict[int, int | None]:
    """Which best figure each best figure supersedes."""
    found = published(articles, **settings)["casualties"]
    figures = {row["casualty_id"]: row["count_best"] for row in found}
    return {row["count_best"]: figures.get(row["supersedes_casualty_id"]) for row in found}


def test_a_toll_supersedes_the_claimants_latest_earlier_one() -> None:
    articles = [toll(1, 9, 5), toll(2, 10, 6), toll(3, 12, 8), toll(4, 3, 5, as_of="2024-03-04")]
    assert superseded(articles) == {3: None, 9: 3, 10: 9, 12: 10}


def test_other_people_and_other_voices_are_not_superseded() -> None:
    articles = [
        toll(1, 1, 5),
        toll(2, 2, 6, harm_type="injured", victim_set="killed"),
        toll(3, 3, 6, victim_category="civilian", covers_set=False),
        toll(4, 4, 6, demographic="child", covers_set=False),
        toll(5, 5, 6, occupation="medical", covers_set=False),
        told(6, claim(count=6), source={"publisher": "Post", "published_at": "2024-03-06"}),
        told(7, claim(count=7), source={"syndicated_from": "a-1", "published_at": "2024-03-06"}),
        told(8, claim(count=8), source={"published_at": "2024-03-06"}, key="other"),
    ]
    assert set(superseded(articles).values()) == {None}


def test_equal_sets_are_one_set_to_a_later_toll() -> None:
    articles = [toll(1, 9, 5, victim_set="a"), toll(2, 12, 6, victim_set="b")]
    equal = {"key": "k", "victim_sets": {"equal": [["a", "b"]]}}
    assert superseded(articles, incidents=[equal]) == {9: None, 12: 9}
    apart = {"key": "k", "victim_sets": {"disjoint": [["a", "b"]]}}
    assert superseded(articles, incidents=[apart]) == {9: None, 12: None}


def test_what_an_annotation_says_is_superseded_stands() -> None:
    claims = [
        claim(id="first", count=3, as_of="2024-03-03"),
        claim(id="second", count=4, as_of="2024-03-04"),
        claim(count=5, supersedes="first"),
    ]
    assert superseded([told(1, *claims)]) == {3: None, 4: 3, 5: 3}


# Imports


IMPORTED: Json = {
    "id": "e1",
    "incident_type": "unclassified",
    "date_precision": "unknown",
    "location": {"geo_precision": "unknown"},
}


def imported(incident: Json, **members: Any) -> Json:
    """The published incident of an import."""
    data = article(annotation={"method": "import"}, incidents=[{**IMPORTED, **incident}], **members)
    return only(published([data])["incidents"])


@pytest.mark.parametrize(
    ("incident", "title"),
    [
        ({}, "Incident"),
        (
            {
                "incident_type": "raid_operation",
                "date_start": "2024-03-04",
                "date_precision": "day",
                "location": {"geo_precision": "exact", "country_code": "ISL", "place_name": "Orra"},
            },
            "Raid or operation, Orra, 2024-03-04",
        ),
        (
            {
                "date_end": "2024-03-04",
                "date_precision": "open",
                "location": {"geo_precision": "country", "country_code": "ISL"},
            },
            "Incident, ISL, 2024-03-04",
        ),
        ({"title": "Shells on a market"}, "Shells on a market"),
    ],
)
def test_the_title_of_an_import_is_made_of_type_place_and_date(incident: Json, title: str) -> None:
    assert imported(incident)["title"] == title


def test_an_annotation_by_hand_gives_the_title() -> None:
    issues = merged([article(incidents=[{**SHELLING, "title": None}])]).issues
    assert rules(issues) == ["field-missing"]


def test_required_codes_that_an_import_leaves_open_are_unclassified() -> None:
    data = article(
        annotation={"method": "model", "annotator": "model:m@1"},
        actors=[{"id": "x", "name": "X"}],
        incidents=[{**IMPORTED, "incident_type": None, "weapon_type": None}]
        if False
        else [IMPORTED],
        statements=[{"id": "s", "speaker": "x"}],
    )
    found = published([data])
    actor, incident = only(found["actors"]), only(found["incidents"])
    assert (actor["entity_kind"], actor["actor_type"], actor["privacy_class"]) == (
        "unclassified",
        "unclassified",
        "unclassified",
    )
    assert (incident["incident_type"], incident["weapon_type"]) == ("unclassified", None)
    assert (incident["violence_type"], incident["verification_status"]) == (None, "single_source")
    statement = only(found["statements"])
    assert (statement["speech_act"], statement["topic"], statement["anonymity"]) == (
        "unclassified",
        "unclassified",
        "unclassified",
    )
    assert statement["paraphrase"] is None


# A project's own values


def test_a_value_that_a_project_adds_counts_as_its_broader_one(tmp_path: Path) -> None:
    (tmp_path / "vocab").mkdir()
    added = {
        "actor_type": "herders,Herders,people who herd cattle,civilians",
        "incident_type": "sit_in,Sit-in,a protest that stays,peaceful_protest",
        "date_precision": "fortnight,Fortnight,two weeks,month",
    }
    for name, row in added.items():
        text = f"value,label,definition,broader\n{row}\n"
        (tmp_path / "vocab" / f"{name}.csv").write_text(text, encoding="utf-8")
    herders = {
        **ARMY,
        "id": "herders",
        "key": "herders",
        "name": "Herders",
        "actor_type": "herders",
    }
    army = {**ARMY, "id": "army", "key": "army"}
    participants = [plays("army", "initiator", side="a"), plays("herders", "victim", side="b")]
    raid = {**SHELLING, "participants": participants, "date_precision": "fortnight"}
    raid |= {"date_start": "2024-02-20", "date_end": "2024-03-04"}
    protest = {**SHELLING, "id": "protest", "incident_type": "sit_in"}
    data = article(actors=[herders, army], incidents=[raid, protest])
    found = published([data], codebook=tmp_path)["incidents"]
    assert {(row["violence_type"], row["civilian_targeting"]) for row in found} == {
        ("one_sided", True),
        ("not_applicable", None),
    }
    short = {**raid, "date_end": "2024-02-21"}
    issues = merged([article(actors=[herders, army], incidents=[short])], codebook=tmp_path).issues
    assert rules(issues) == ["incident-date-precision"]
