"""MUC: messages and keys, dates, places, numbers, words that are searched."""

from pathlib import Path

import pytest
from imports import run, sample, valid, words, written

from dateline.build.formats.muc_slots import counts, dates, fillers, location

MESSAGES = """\
DEV-MUC3-9001 (SITE)

   PORT ORRA, 3 MAR 84 (RADIO SADE) -- [TEXT] THE RIVER FRONT SAID THAT IT
HAD BLOWN UP A BRIDGE NEAR PORT ORRA, KILLING TWO GUARDS AND HURTING
A GUARD.  THE RIVER
FRONT HAS DONE SO BEFORE.


DEV-MUC3-9002 (SITE)

   PORT ORRA, 4 MAR 84 (NA) -- [TEXT] NOTHING HAPPENED.
"""
KEY = """\
;;; a comment of the editors

0.  MESSAGE: ID                     DEV-MUC3-9001 (SITE)
1.  MESSAGE: TEMPLATE               1 (OPTIONAL)
2.  INCIDENT: DATE                  01 MAR 84 - 03 MAR 84
3.  INCIDENT: LOCATION              HONDURAS: CORTES (DEPARTMENT): PORT ORRA (CITY)
4.  INCIDENT: TYPE                  BOMBING
5.  INCIDENT: STAGE OF EXECUTION    ACCOMPLISHED
6.  INCIDENT: INSTRUMENT ID         -
7.  INCIDENT: INSTRUMENT TYPE       BOMB: "-"
8.  PERP: INCIDENT CATEGORY         TERRORIST ACT
9.  PERP: INDIVIDUAL ID             -
10. PERP: ORGANIZATION ID           "RIVER FRONT" / "FRONT OF THE RIVER"
11. PERP: ORGANIZATION CONFIDENCE   CLAIMED OR ADMITTED: "RIVER FRONT" / "FRONT OF THE RIVER"
12. PHYS TGT: ID                    "A BRIDGE"
13. PHYS TGT: TYPE                  TRANSPORTATION ROUTE: "A BRIDGE"
14. PHYS TGT: NUMBER                1: "A BRIDGE"
15. PHYS TGT: FOREIGN NATION        -
16. PHYS TGT: EFFECT OF INCIDENT    DESTROYED: "A BRIDGE"
17. PHYS TGT: TOTAL NUMBER          -
18. HUM TGT: NAME                   -
19. HUM TGT: DESCRIPTION            "TWO GUARDS"
                                    ?"A GUARD"
                                    "PASSERS-BY"
20. HUM TGT: TYPE                   LAW ENFORCEMENT: "TWO GUARDS"
                                    LAW ENFORCEMENT: "A GUARD"
                                    CIVILIAN: "PASSERS-BY"
21. HUM TGT: NUMBER                 2: "TWO GUARDS"
                                    1: "A GUARD"
                                    PLURAL: "PASSERS-BY"
22. HUM TGT: FOREIGN NATION         -
23. HUM TGT: EFFECT OF INCIDENT     DEATH: "TWO GUARDS"
                                    INJURY: "A GUARD"
                                    NO INJURY OR DEATH: "PASSERS-BY"
24. HUM TGT: TOTAL NUMBER           -

0.  MESSAGE: ID                     DEV-MUC3-9002 (SITE)
1.  MESSAGE: TEMPLATE               *
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path / "src", {"messages": MESSAGES, "keys/key": KEY})


def test_a_template_is_an_incident(source: Path, tmp_path: Path) -> None:
    found = run("muc", source, tmp_path / "into")
    assert found.code == 0
    article = found.articles["DEV-MUC3-9001"]
    (incident,) = article["incidents"]
    assert incident["incident_type"] == "remote_explosive"
    assert (incident["date_start"], incident["date_end"], incident["date_precision"]) == (
        "1984-03-01",
        "1984-03-03",
        "days",
    )
    assert incident["location"] == {
        "country_code": "HND",
        "admin1": "CORTES",
        "place_name": "PORT ORRA",
        "geo_precision": "exact",
    }
    assert words(article, incident, "place") == ["PORT ORRA", "PORT ORRA"]
    assert article["source"] == {
        "language": "en",
        "publisher": "RADIO SADE",
        "dateline": "PORT ORRA",
        "published_at": "1984-03-03",
    }
    # An agency whose sign reads as no value is none.
    assert "publisher" not in found.articles["DEV-MUC3-9002"]["source"]
    assert found.values["marks"]["template"]["skipped"] == {
        "the message has no incident of these kinds": 1
    }
    valid(tmp_path / "into")


def test_alternatives_are_one_actor_who_claims_the_act(source: Path, tmp_path: Path) -> None:
    article = run("muc", source, tmp_path / "into").articles["DEV-MUC3-9001"]
    front = next(a for a in article["actors"] if a["name"] == "RIVER FRONT")
    assert front["aliases"] == ["FRONT OF THE RIVER"]
    # Words that stand in two places are evidence in both, over the end of a line too.
    assert words(article, front, "mention") == ["RIVER FRONT", "RIVER\nFRONT"]
    part = next(p for p in article["incidents"][0]["participants"] if p["actor"] == front["id"])
    assert part["attribution_basis"] == "claimed_or_admitted"
    assert part["attributed_by"] == front["id"]


def test_harmed_people_are_claims_with_their_numbers(source: Path, tmp_path: Path) -> None:
    found = run("muc", source, tmp_path / "into")
    claims = found.articles["DEV-MUC3-9001"]["incidents"][0]["casualties"]
    assert [
        (c["harm_type"], c["victim_category"], c["count_low"], c["count_best"], c["count_high"])
        for c in claims
    ] == [("killed", "state_forces", 2, 2, 2), ("injured", "state_forces", 1, 1, 1)]
    assert found.values["links"]["HUM TGT: EFFECT"]["skipped"] == {
        "its EFFECT is NO INJURY OR DEATH": 1
    }


def test_words_that_stand_nowhere_are_listed(source: Path, tmp_path: Path) -> None:
    found = run("muc", source, tmp_path / "into")
    # The slot of descriptions is of the same people as that of names.
    assert found.values["marks"]["HUM TGT: DESCRIPTION"]["skipped"] == {
        "its words stand nowhere: 'PASSERS-BY'": 1
    }
    names = [a["name"] for a in found.articles["DEV-MUC3-9001"]["actors"]]
    assert names == ["RIVER FRONT", "TWO GUARDS", "A GUARD", "PASSERS-BY"]


@pytest.mark.parametrize("width", [35, 36, 40])
def test_values_may_begin_in_any_column(width: int, tmp_path: Path) -> None:
    moved = "\n".join(
        f"{line[:35].rstrip():{width}}{line[36:]}" if line[:1].isdigit() else line
        for line in KEY.split("\n")
    )
    source = written(tmp_path / "src", {"messages": MESSAGES, "key": moved})
    article = run("muc", source, tmp_path / "into").articles["DEV-MUC3-9001"]
    assert article["incidents"][0]["incident_type"] == "remote_explosive"


SECOND = """
0.  MESSAGE: ID                     DEV-MUC3-9001 (SITE)
1.  MESSAGE: TEMPLATE               2
; the editors: the rifle is the army's
4.  INCIDENT: TYPE                  ATTACK
8.  PERP: INCIDENT CATEGORY         *
9.  PERP: INDIVIDUAL ID             *
10. PERP: ORGANIZATION ID           "RIVER FRONT"
; another comment, within the slot
                                    ?"A GUARD"
18. HUM TGT: NAME                   "PORT ORRA"
19. HUM TGT: DESCRIPTION            "A BRIDGE NEAR PORT ORRA": "PORT ORRA"
"""


def test_templates_of_one_message_share_their_actors(tmp_path: Path) -> None:
    source = written(tmp_path / "src", {"messages": MESSAGES, "key": KEY + SECOND})
    article = run("muc", source, tmp_path / "into").articles["DEV-MUC3-9001"]
    first, second = article["incidents"]
    fronts = [a["id"] for a in article["actors"] if a["name"] == "RIVER FRONT"]
    assert len(fronts) == 1
    initiators = [
        [p["actor"] for p in each["participants"] if p["role"] == "initiator"]
        for each in (first, second)
    ]
    assert initiators[0] == fronts
    assert initiators[1][0] == fronts[0]


def test_optional_fillers_comments_and_descriptions(tmp_path: Path) -> None:
    source = written(tmp_path / "src", {"messages": MESSAGES, "key": KEY + SECOND})
    article = run("muc", source, tmp_path / "into").articles["DEV-MUC3-9001"]
    attributes = [each.get("attributes", {}) for each in article["incidents"]]
    assert [each.get("OPTIONAL") for each in attributes] == ["true", None]
    assert attributes[1] == {}
    optional = [a["name"] for a in article["actors"] if "OPTIONAL" in a.get("attributes", {})]
    assert optional == ["A GUARD", "A GUARD"]
    # What describes somebody who has a name is no actor of its own, nor are `*` and comments.
    names = [a["name"] for a in article["actors"]]
    assert names == ["RIVER FRONT", "TWO GUARDS", "A GUARD", "PASSERS-BY", "A GUARD", "PORT ORRA"]
    named = next(a for a in article["actors"] if a["name"] == "PORT ORRA")
    assert named["attributes"]["DESCRIPTION"] == "A BRIDGE NEAR PORT ORRA"


@pytest.mark.parametrize(("begin", "end"), [("\ufeff", "\n"), ("", "\r\n")])
def test_files_may_have_a_byte_order_mark_or_other_line_ends(
    begin: str, end: str, tmp_path: Path
) -> None:
    plain = written(tmp_path / "a", {"messages": MESSAGES, "key": KEY})
    files = {
        "messages": begin + MESSAGES.replace("\n", end),
        "key": begin + KEY.partition("\n\n")[2].replace("\n", end),
    }
    found = run("muc", written(tmp_path / "b", files), tmp_path / "into")
    assert found.code == 0
    assert found.values["marks"] == run("muc", plain, tmp_path / "plain").values["marks"]
    assert found.articles["DEV-MUC3-9001"]["source"]["publisher"] == "RADIO SADE"


def test_one_broken_file_stops_no_other(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "messages": MESSAGES,
        "key": KEY,
        "latin": MESSAGES.replace("9001", "9003").encode() + b"\xe4",
        "unnamed": "0.  MESSAGE: ID\n" + KEY.partition("\n\n")[2].partition("\n\n")[2],
    }
    found = run("muc", written(tmp_path / "src", files), tmp_path / "into")
    assert [
        (Path(each["places"][0]["file"]).name, each["message"].partition(",")[0])
        for each in found.values["issues"]
    ] == [
        ("latin", "expected UTF-8"),
        ("unnamed", "expected the text of an unnamed message"),
    ]
    assert sorted(found.articles) == ["DEV-MUC3-9001", "DEV-MUC3-9002"]


def test_a_key_without_its_message_is_told(tmp_path: Path) -> None:
    source = written(tmp_path / "src", {"messages": MESSAGES.split("\n\n\n")[1], "key": KEY})
    found = run("muc", source, tmp_path / "into")
    assert found.rules == ["import-unreadable"]
    assert list(found.articles) == ["DEV-MUC3-9002"]


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("03 JAN 90", "1990-01-03", "1990-01-03", "day"),
        ("15 JAN 89 - 20 JAN 89", "1989-01-15", "1989-01-20", "days"),
        ("15 JAN 89 - 21 JAN 89", "1989-01-15", "1989-01-21", "week"),
        ("01 JAN 89 - 31 JAN 89", "1989-01-01", "1989-01-31", "month"),
        ("01 JAN 89 - 31 DEC 89", "1989-01-01", "1989-12-31", "year"),
        ("- 21 JAN 89", None, "1989-01-21", "open"),
        ("-20 MAR 89", None, "1989-03-20", "open"),
        ("(12 NOV 89) / (- 12 NOV 89)", "1989-11-12", "1989-11-12", "day"),
        ("-", None, None, None),
        ("31 FEB 89", None, None, None),
    ],
)
def test_dates(text: str, start: str | None, end: str | None, precision: str | None) -> None:
    named = {"DATE_START": start, "DATE_END": end, "DATE_PRECISION": precision}
    assert dates(text) == {name: value for name, value in named.items() if value is not None}


@pytest.mark.parametrize(
    ("text", "low", "best", "high", "quantifier"),
    [
        ("1", 1, 1, 1, "exact"),
        ("~20", None, 20, None, "approximately"),
        ("6-8", 6, None, 8, "range"),
        ("6-", 6, 6, None, "at_least"),
        ("-9", None, None, 9, "at_most"),
        ("- 9", None, None, 9, "at_most"),
        ("PLURAL", None, None, None, "none_stated"),
        ("2 / 3", 2, None, 3, "range"),
        ("2 / PLURAL", None, None, None, "none_stated"),
    ],
)
def test_numbers(
    text: str, low: int | None, best: int | None, high: int | None, quantifier: str
) -> None:
    named = {"COUNT_LOW": low, "COUNT_BEST": best, "COUNT_HIGH": high}
    stated = {name: str(value) for name, value in named.items() if value is not None}
    assert counts([text]) == {"QUANTIFIER": quantifier, **stated}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PERU", {"COUNTRY": "PERU", "GEO_PRECISION": "country"}),
        ("PERU - ECUADOR", {"GEO_PRECISION": "international", "BORDER": "PERU - ECUADOR"}),
        (
            "PERU: ANCASH (DEPARTMENT)",
            {"COUNTRY": "PERU", "ADMIN1": "ANCASH", "GEO_PRECISION": "admin1", "PLACE": "ANCASH"},
        ),
        (
            "PERU: LIMA (CITY): SAN ISIDRO (NEIGHBORHOOD)",
            {"COUNTRY": "PERU", "PLACE": "SAN ISIDRO", "GEO_PRECISION": "exact"},
        ),
        ("-", {}),
    ],
)
def test_places(text: str, expected: dict[str, str]) -> None:
    assert location(text) == expected


def test_fillers() -> None:
    found = fillers(['?"A" / "B"', 'CIVILIAN: "C \\"D\\" E"', '"CHIEF": "F"', "-", "SOME DAMAGE"])
    assert [(f.value, f.strings, f.about, f.is_optional) for f in found] == [
        ("", ("A", "B"), (), True),
        ("CIVILIAN", ('C "D" E',), ('C "D" E',), False),
        ("", ("CHIEF",), ("F",), False),
        ("SOME DAMAGE", ("SOME DAMAGE",), (), False),
    ]


def test_the_sample(tmp_path: Path) -> None:
    found = run("muc", sample("muc34"), tmp_path / "into")
    assert found.code == 0
    assert len(found.articles) == 10
    # 18 templates, 4 of them of messages without an incident (the sample's README).
    assert found.values["marks"]["template"]["became"] == {"incident": 14}
    assert sum(found.values["marks"]["template"]["skipped"].values()) == 4
    valid(tmp_path / "into")
