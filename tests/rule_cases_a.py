"""Changes to the published rows of the base that break the rules of actors and incidents."""

from __future__ import annotations

import itertools
from typing import Any

from dateline.build.assemble.ids import make_id

ARMY, MAYOR, TRADER, DEAD = (
    make_id("act", "local", "orra-market", name) for name in ("army", "mayor", "trader", "dead")
)
MARKET = make_id("inc", "local", "orra-market", "market")

Change = dict[str, Any]


def actor(key: str, **values: Any) -> Change:
    """Sets columns of an actor."""
    return {"table": "actors", "where": {"actor_id": key}, "set": values}


def incident(**values: Any) -> Change:
    """Sets columns of the incident."""
    return {"table": "incidents", "where": {"incident_id": MARKET}, "set": values}


def claims(**values: Any) -> Change:
    """Sets columns of the claim."""
    return {"table": "casualties", "where": {"incident_id": MARKET}, "set": values}


def plays(key: str, **values: Any) -> Change:
    """Sets columns of what an actor is in the incident."""
    return {"table": "participants", "where": {"actor_id": key}, "set": values}


def another(**values: Any) -> Change:
    """Adds an incident like that of the base, without its estimate."""
    facts = {
        "incident_id": "inc_second",
        "incident_type": "shelling_missile",
        "stage": "accomplished",
        "verification_status": "single_source",
        "title": "Second",
        "date_start": "2024-03-04",
        "date_end": "2024-03-04",
        "date_precision": "day",
        "country_code": "ISL",
        "place_name": "Orra",
        "latitude": 64.1,
        "longitude": -21.5,
        "geo_precision": "exact",
        "estimate_rule": "none_reported",
    }
    return {"table": "incidents", "add": {**facts, **values}}


def part(key: str, role: str, incident_id: str = MARKET, **values: Any) -> Change:
    """Adds an actor to an incident."""
    facts = {
        "participant_id": f"par_{key[4:]}{role}",
        "incident_id": incident_id,
        "actor_id": key,
        "role": role,
        "side": "none",
        "attribution_basis": "reported_as_fact",
        "is_primary": False,
    }
    return {"table": "participants", "add": {**facts, **values}}


def chain(length: int) -> list[Change]:
    """The army below so many other actors."""
    above = [f"act_level{level}" for level in range(length)]
    return [
        actor(ARMY, parent_actor_id=above[0]),
        *(
            {
                "table": "actors",
                "add": {
                    "actor_id": key,
                    "name": f"Body {key}",
                    "entity_kind": "organization",
                    "actor_type": "state_military",
                    "privacy_class": "not_a_person",
                    "parent_actor_id": parent,
                },
            }
            for key, parent in zip(above, [*above[1:], None], strict=True)
        ),
    ]


SECOND_ARTICLE: Change = {
    "table": "articles",
    "add": {
        "article_id": "art_second",
        "article_key": "orra-river",
        "publisher": "Orra Post",
        "published_at": "2024-03-05T00:00:00+00:00",
        "published_precision": "day",
        "language": "en",
        "text_sha256": "a" * 64,
        "text_length": 9,
        "text_normalization": "none",
        "license": "LicenseRef-unknown",
    },
}


def seen(column: str, key: str, **values: Any) -> Change:
    """Adds a piece of evidence of an item in the second article."""
    facts = {
        "evidence_id": "evd_second",
        "article_id": "art_second",
        "span_role": "mention",
        "start": 0,
        "end": 4,
        "span": 0,
        "part": 0,
        "exact_sha256": "b" * 64,
        "method": "manual",
        "annotator_id": "a1",
    }
    return {"table": "evidence", "add": {**facts, column: key, **values}}


IMPORTED: Change = {
    "table": "evidence",
    "where": {"incident_id": MARKET},
    "set": {"method": "import"},
}
EDITORIAL = {"estimate_rule": "editorial", "estimate_note": "Two figures."}
THREATENED = {
    "stage": "threatened",
    "killed_low": None,
    "killed_best": None,
    "killed_high": None,
    "estimate_rule": "none_reported",
}
NO_CLAIM: Change = {"table": "casualties", "where": {"incident_id": MARKET}, "drop": True}

# By rule: changes that break it, and the nearest that do not.
CASES: list[tuple[str, list[Change], list[Change]]] = [
    ("actor-parent-cycle", [actor(ARMY, parent_actor_id=ARMY)], chain(1)),
    (
        "actor-parent-cycle",
        [actor(ARMY, parent_actor_id=MAYOR), actor(MAYOR, parent_actor_id=ARMY)],
        [actor(ARMY, parent_actor_id=MAYOR)],
    ),
    ("actor-parent-depth", chain(9), chain(8)),
    ("actor-parent-depth-hint", chain(6), chain(5)),
    ("actor-parent-depth-hint", chain(8), chain(9)),
    ("actor-gw-code", [actor(ARMY, gw_code=395)], [actor(ARMY, gw_code=395, entity_kind="state")]),
    (
        "actor-state-country",
        [actor(ARMY, entity_kind="state", country_code=None)],
        [actor(ARMY, country_code=None)],
    ),
    (
        "actor-active-order",
        [actor(ARMY, active_from="2011-07", active_to="2011-06-30")],
        [actor(ARMY, active_from="2011-07", active_to="2011")],
    ),
    (
        "actor-inactive-hint",
        [actor(ARMY, active_from="2024-03-05")],
        [actor(ARMY, active_from="2024-03")],
    ),
    ("actor-inactive-hint", [actor(ARMY, active_to="2023")], [actor(ARMY, active_to="2024")]),
    (
        "actor-private-identified",
        [actor(TRADER, wikidata_id="Q1")],
        [actor(ARMY, wikidata_id="Q2")],
    ),
    (
        "actor-private-identified",
        [actor(TRADER, aliases=["fishmonger"])],
        [actor(TRADER, aliases=[])],
    ),
    (
        "actor-privacy-kind",
        [actor(ARMY, privacy_class="private_person")],
        [actor(ARMY, privacy_class="unclassified")],
    ),
    (
        "actor-privacy-kind",
        [actor(TRADER, privacy_class="not_a_person")],
        [actor(TRADER, privacy_class="minor")],
    ),
    (
        "actor-unnamed-several-articles",
        [SECOND_ARTICLE, seen("actor_id", TRADER)],
        [SECOND_ARTICLE, seen("actor_id", TRADER, article_id=make_id("art", "orra-market"))],
    ),
    (
        "actor-unnamed-several-articles",
        [SECOND_ARTICLE, seen("actor_id", DEAD)],
        [SECOND_ARTICLE, seen("actor_id", DEAD), actor(DEAD, actor_key="dead-of-orra")],
    ),
    (
        "actor-duplicate-hint",
        [actor(MAYOR, name="ÁRMY  of-Sade", entity_kind="organization")],
        [actor(MAYOR, name="ÁRMY  of-Sade")],
    ),
    (
        "actor-duplicate-hint",
        [actor(MAYOR, name="AS", aliases=["army of Sade"], entity_kind="organization")],
        [actor(MAYOR, name="Army of Sade", entity_kind="organization", country_code=None)],
    ),
    (
        "actor-duplicate-hint",
        [actor(MAYOR, name="किसान", entity_kind="unit"), actor(ARMY, name="किसान")],
        [actor(MAYOR, name="कसन", entity_kind="unit"), actor(ARMY, name="किसान")],
    ),
    (
        "actor-repeated",
        [
            actor(k, name=n, gw_code=395, entity_kind="state")
            for k, n in ((ARMY, "Sade"), (MAYOR, "SADE"))
        ],
        [
            actor(k, name=n, gw_code=395, entity_kind="state")
            for k, n in ((ARMY, "Sade"), (MAYOR, "Sade East"))
        ],
    ),
    (
        "actor-alias-repeated",
        [actor(ARMY, aliases=["Army of Sade"])],
        [actor(ARMY, aliases=["Armed Forces of Sade"])],
    ),
    (
        "actor-alias-repeated",
        [actor(ARMY, aliases=["AS"], weak_aliases=["the army", "AS"])],
        [actor(ARMY, aliases=["AS"], weak_aliases=["the army"])],
    ),
    (
        "actor-orphan",
        [{"table": "statements", "where": {"speaker_actor_id": TRADER}, "drop": True}],
        [
            {"table": "statements", "where": {"speaker_actor_id": TRADER}, "drop": True},
            actor(ARMY, parent_actor_id=TRADER),
        ],
    ),
    (
        "incident-date-early",
        [incident(date_start="1899-12-31", date_end="1899-12-31")],
        [incident(date_start="1900-01-01", date_end="1900-01-01")],
    ),
    (
        "incident-date-long-hint",
        [incident(date_start="2024-02-01", date_end="2024-03-03")],
        [incident(date_start="2024-02-01", date_end="2024-03-02")],
    ),
    ("incident-point-half", [incident(latitude=None)], [incident(latitude=None, longitude=None)]),
    (
        "incident-point-forbidden",
        [incident(geo_precision="country")],
        [incident(geo_precision="country", latitude=None, longitude=None)],
    ),
    (
        "incident-point-forbidden",
        [incident(geo_precision="unknown")],
        [incident(geo_precision="region")],
    ),
    (
        "incident-point-null-island",
        [incident(latitude=0.0, longitude=0.0)],
        [incident(latitude=0.0, longitude=0.1)],
    ),
    (
        "incident-point-missing-hint",
        [incident(geo_precision="near", latitude=None, longitude=None)],
        [incident(geo_precision="admin2", latitude=None, longitude=None)],
    ),
    (
        "incident-centroid-reused",
        [another(place_name="Tarvel")],
        [another(place_name="  ÓRRA")],
    ),
    (
        "incident-centroid-reused",
        [incident(admin1="North"), another(place_name="Tarvel", admin1="North")],
        [incident(admin1="North"), another(place_name="Tarvel", admin1="South")],
    ),
    (
        "incident-centroid-reused",
        [another(place_name="Tarvel", geo_precision="near")],
        [another(place_name="Tarvel", geo_precision="admin2")],
    ),
    (
        "incident-division-missing",
        [incident(geo_precision="admin2", admin1="North")],
        [incident(geo_precision="admin2", admin1="North", admin2="Orra District")],
    ),
    (
        "incident-division-missing",
        [incident(geo_precision="admin1")],
        [incident(geo_precision="admin1"), IMPORTED],
    ),
    (
        "incident-killed-order",
        [incident(**EDITORIAL, killed_low=4, killed_best=None, killed_high=3)],
        [incident(**EDITORIAL, killed_low=3, killed_best=None, killed_high=3)],
    ),
    (
        "estimate-differs",
        [claims(count_low=4, count_best=4, count_high=4)],
        [claims(harm_type="killed")],
    ),
    (
        "estimate-differs",
        [incident(killed_high=None)],
        [incident(**EDITORIAL, killed_high=None)],
    ),
    (
        "estimate-rule-differs",
        [incident(estimate_rule="consensus")],
        [incident(estimate_rule="single_claim")],
    ),
    (
        "estimate-zero-unclaimed",
        [incident(**EDITORIAL, killed_low=0, killed_best=0)],
        [incident(killed_best=0), claims(count_low=0, count_best=0, count_high=0)],
    ),
    (
        "violence-type-differs",
        [plays(DEAD, side="b"), actor(DEAD, actor_type="rebel_group")],
        [
            plays(DEAD, side="b"),
            actor(DEAD, actor_type="rebel_group"),
            incident(violence_type="state_based"),
        ],
    ),
    (
        "violence-type-differs",
        [incident(incident_type="arrest_detention")],
        [incident(incident_type="arrest_detention", violence_type="not_applicable")],
    ),
    (
        "civilian-targeting-differs",
        [actor(DEAD, actor_type="rebel_group")],
        [actor(DEAD, actor_type="rebel_group"), incident(civilian_targeting=False)],
    ),
    (
        "verification-differs",
        [incident(verification_status="corroborated")],
        [
            incident(verification_status="corroborated"),
            SECOND_ARTICLE,
            seen("incident_id", MARKET),
        ],
    ),
    (
        "verification-differs",
        [claims(stance="denies")],
        [claims(stance="denies"), incident(verification_status="discounted")],
    ),
    (
        "incident-suicide-weapon",
        [incident(incident_type="suicide_attack")],
        [incident(incident_type="suicide_attack"), IMPORTED],
    ),
    (
        "incident-suicide-weapon",
        [incident(incident_type="suicide_attack", weapon_type="multiple")],
        [incident(incident_type="suicide_attack", weapon_type="suicide_device")],
    ),
    (
        "incident-air-weapon",
        [incident(incident_type="air_drone_strike", weapon_type="explosives")],
        [incident(incident_type="air_drone_strike", weapon_type="drone")],
    ),
    (
        "incident-protest-violent",
        [incident(incident_type="peaceful_protest"), plays(DEAD, role="protester")],
        [
            incident(incident_type="peaceful_protest"),
            plays(DEAD, role="protester"),
            plays(ARMY, role="intervener"),
        ],
    ),
    (
        "incident-protest-violent",
        [incident(incident_type="peaceful_protest"), plays(ARMY, role="intervener")],
        [
            incident(incident_type="peaceful_protest"),
            plays(ARMY, role="intervener"),
            claims(victim_actor_id=None),
        ],
    ),
    (
        "incident-arrest-killed",
        [incident(incident_type="arrest_detention")],
        [incident(incident_type="arrest_detention"), claims(stance="denies")],
    ),
    ("incident-threatened-killed", [incident(**THREATENED)], [incident(**THREATENED), NO_CLAIM]),
    (
        "incident-threatened-killed",
        [incident(**{**THREATENED, **EDITORIAL, "killed_low": 1}), NO_CLAIM],
        [incident(**{**THREATENED, "stage": "attempted"})],
    ),
    (
        "incident-parent-cycle",
        [another(parent_incident_id=MARKET), incident(parent_incident_id="inc_second")],
        [another(parent_incident_id=MARKET)],
    ),
    (
        "incident-parent-dates",
        [another(parent_incident_id=MARKET, date_end="2024-03-05")],
        [another(parent_incident_id=MARKET, date_start=None, date_precision="open")],
    ),
    (
        "incident-parent-country-hint",
        [another(parent_incident_id=MARKET, country_code="NOR")],
        [another(parent_incident_id=MARKET, country_code=None)],
    ),
    (
        "incident-duplicate",
        [another(latitude=64.18), part(ARMY, "initiator", "inc_second")],
        [another(latitude=64.2, place_name="Tarvel"), part(ARMY, "initiator", "inc_second")],
    ),
    (
        "incident-duplicate",
        [another(latitude=None, longitude=None), part(ARMY, "initiator", "inc_second")],
        [another(), part(MAYOR, "initiator", "inc_second")],
    ),
    (
        "incident-duplicate",
        [
            another(date_start="2024-02-05", date_precision="month"),
            part(ARMY, "initiator", "inc_second"),
        ],
        [
            another(date_start="2024-03-03", date_end="2024-03-03"),
            part(ARMY, "initiator", "inc_second"),
        ],
    ),
    (
        "incident-duplicate",
        [another(), part(ARMY, "initiator", "inc_second")],
        [another(parent_incident_id=MARKET), part(ARMY, "initiator", "inc_second")],
    ),
]

PERSONAL = ["Ala Brenn", "J. Orlan", "Mr. Idun", "Idris al-Karim", "Ana de la Vey"]
LABELS = [
    "resident 1",
    "mayor of Orra",
    "Resident of Orra",
    "Senior Official",
    "Western Diplomat",
    "Police Officer",
    "UN Spokesperson",
    "MSF Nurse",
    "Idun",
    "woman, 34, from Orra",
    "住民",
    "أحد السكان",
    "Ärztin aus Orra",
    "Житель Орры",
    "Иван Петров",
]
CASES += [
    ("actor-private-named-hint", [actor(TRADER, name=name)], [actor(TRADER, name=label)])
    for name, label in zip(itertools.cycle(PERSONAL), LABELS, strict=False)
]
