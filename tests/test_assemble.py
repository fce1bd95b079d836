"""An article's rows: ids, references, defaults and evidence as the data model states them."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
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
    with_claims,
)

Json = dict[str, Any]

RESIDENTS: Json = {
    "id": "residents",
    "name": "residents of Orra",
    "entity_kind": "unnamed_group",
    "actor_type": "witness_resident",
}


def expected_id(prefix: str, *parts: str | None) -> str:
    """An id worked out from the words of data-model.md section 2."""
    text = "\0".join([prefix, *(part or "" for part in parts)])
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"{prefix}_{base64.b32encode(digest).decode('ascii').lower()[:16]}"


def one_claim(given: Json, **members: Any) -> Json:
    """The row of the only claim of an article."""
    return only(raw(with_claims(given, **members))["casualties"])


def one_statement(given: Json, **members: Any) -> Json:
    """The row of the only statement of an article."""
    members = {"actors": [MAYOR], **members}
    return only(raw(article(statements=[{**SAID, **given}], **members))["statements"])


# Identifiers


def test_article_actor_and_incident_ids_are_made_of_key_or_local_name() -> None:
    found = raw(
        article(
            "a/1", actors=[ARMY, MAYOR], incidents=[SHELLING, {**SHELLING, "id": "x", "key": "k:1"}]
        )
    )
    assert only(found["articles"])["article_id"] == expected_id("art", "a/1")
    assert [row["actor_id"] for row in found["actors"]] == [
        expected_id("act", "key", "army"),
        expected_id("act", "local", "a/1", "mayor"),
    ]
    assert [row["incident_id"] for row in found["incidents"]] == [
        expected_id("inc", "local", "a/1", "shelling"),
        expected_id("inc", "key", "k:1"),
    ]
    assert [row["incident_key"] for row in found["incidents"]] == [None, "k:1"]
    assert only(found["articles"])["article_key"] == "a/1"


def test_statement_id_is_made_of_article_and_local_id() -> None:
    assert one_statement({})["statement_id"] == expected_id("stm", "a-1", "said")


@pytest.mark.parametrize("by", [None, "mayor"])
def test_participant_id_is_made_of_its_identity(by: str | None) -> None:
    basis = "suspected"
    participant = {"actor": "army", "role": "initiator", "attribution_basis": basis}
    found = raw(
        article(
            actors=[ARMY, MAYOR],
            incidents=[{**SHELLING, "participants": [{**participant, "attributed_by": by}]}],
        )
    )
    incident = expected_id("inc", "local", "a-1", "shelling")
    army, mayor = expected_id("act", "key", "army"), expected_id("act", "local", "a-1", "mayor")
    row = only(found["participants"])
    assert row["participant_id"] == expected_id(
        "par", incident, army, "initiator", basis, mayor if by else None
    )
    assert row["attributed_by_actor_id"] == (mayor if by else None)


def test_the_id_of_a_named_claim_is_made_of_its_name() -> None:
    incident = expected_id("inc", "local", "a-1", "shelling")
    expected = expected_id("cas", incident, expected_id("art", "a-1"), "id", "c1")
    assert one_claim(claim(id="c1"))["casualty_id"] == expected


def test_the_id_of_a_claim_without_name_is_made_of_what_is_written() -> None:
    incident, art = expected_id("inc", "local", "a-1", "shelling"), expected_id("art", "a-1")
    army = expected_id("act", "key", "army")
    bare = expected_id(
        "cas", incident, art, None, "killed", "asserts", "all", "any", "any", None, None
    )
    assert one_claim(claim())["casualty_id"] == bare
    full = one_claim(
        claim(
            claimant="army",
            statement="said",
            stance="denies",
            harm_type="injured",
            victim_category="civilian",
            demographic="child",
            occupation="medical",
            victim_set="hurt",
            covers_set=False,
            as_of="2024-03-04",
            count=None,
        ),
        actors=[ARMY],
        statements=[{**SAID, "speaker": "army"}],
    )
    parts = ("injured", "denies", "civilian", "child", "medical", "hurt", "2024-03-04")
    assert full["casualty_id"] == expected_id("cas", incident, art, army, *parts)


def test_evidence_id_is_made_of_subject_field_role_and_resolved_place() -> None:
    found = raw(
        article(
            actors=[
                {
                    **MAYOR,
                    "evidence": [
                        {"role": "mention", "quote": "the mayor", "field": "name"},
                        {"role": "mention", "start": 46, "end": 60},
                    ],
                }
            ]
        )
    )["evidence"]
    mayor, art = expected_id("act", "local", "a-1", "mayor"), expected_id("art", "a-1")
    start = str(TEXT.index("the mayor"))
    end = str(TEXT.index("the mayor") + len("the mayor"))
    assert [row["evidence_id"] for row in found] == [
        expected_id("evd", mayor, art, "name", "mention", start, end, "0"),
        expected_id("evd", mayor, art, None, "mention", "46", "60", "0"),
    ]


def test_ids_depend_neither_on_the_file_nor_on_the_order_of_items() -> None:
    first = article("a-1", actors=[ARMY, MAYOR], incidents=[SHELLING], statements=[SAID])
    second = article("a-2", actors=[MAYOR, ARMY], incidents=[SHELLING])
    turned = {**first, "actors": [MAYOR, ARMY]}
    one, two = raw(first, second), raw(second, turned)
    for table, key in {"actors": "actor_id", "statements": "statement_id"}.items():
        assert {row[key] for row in one[table]} == {row[key] for row in two[table]}


# References


def test_references_become_the_ids_of_the_rows_they_name() -> None:
    found = raw(
        article(
            actors=[ARMY, MAYOR, {**RESIDENTS, "parent": "army"}],
            incidents=[
                {
                    **SHELLING,
                    "parent": "battle",
                    "participants": [{"actor": "army", "role": "initiator", "statement": "said"}],
                    "casualties": [
                        claim(
                            victim_category="civilian",
                            demographic="child",
                            count=1,
                            subset_of="c1",
                            covers_set=False,
                        ),
                        claim(id="c1", claimant="mayor", statement="said", victim_actor="army"),
                        claim(id="c2", as_of="2024-03-04", supersedes="c1", victim_set=None),
                    ],
                },
                {**SHELLING, "id": "battle"},
            ],
            statements=[
                {
                    **SAID,
                    "on_behalf_of": "residents",
                    "addressee": "army",
                    "target": "army",
                    "incident": "shelling",
                    "parent": "outer",
                },
                {**SAID, "id": "outer"},
            ],
        )
    )
    actors = {row["name"]: row["actor_id"] for row in found["actors"]}
    army, mayor = actors["Northern Army"], actors["mayor of Orra"]
    assert only(found["actors"], name="residents of Orra")["parent_actor_id"] == army
    shelling, battle = (row["incident_id"] for row in found["incidents"])
    assert [row["parent_incident_id"] for row in found["incidents"]] == [battle, None]
    said, outer = found["statements"]
    assert (said["speaker_actor_id"], said["on_behalf_of_actor_id"]) == (
        mayor,
        actors["residents of Orra"],
    )
    assert (said["addressee_actor_id"], said["target_actor_id"]) == (army, army)
    assert (said["incident_id"], said["parent_statement_id"]) == (shelling, outer["statement_id"])
    child, total, later = found["casualties"]
    assert child["subset_of_casualty_id"] == later["supersedes_casualty_id"] == total["casualty_id"]
    assert (total["claimant_actor_id"], total["victim_actor_id"]) == (mayor, army)
    assert total["statement_id"] == said["statement_id"]
    assert only(found["participants"])["statement_id"] == said["statement_id"]


# Articles


@pytest.mark.parametrize(
    ("written", "precision", "instant"),
    [
        ("2024-03-05", "day", datetime(2024, 3, 5, tzinfo=UTC)),
        ("2024-03-05T06:40Z", "minute", datetime(2024, 3, 5, 6, 40, tzinfo=UTC)),
        ("2024-03-05T00:30+03:00", "minute", datetime(2024, 3, 4, 21, 30, tzinfo=UTC)),
        ("2024-03-05T06:40:12Z", "second", datetime(2024, 3, 5, 6, 40, 12, tzinfo=UTC)),
        ("2024-03-05T23:59:59.5-02:00", "second", datetime(2024, 3, 6, 1, 59, 59, 500000, UTC)),
    ],
)
def test_publication_is_an_instant_in_utc_and_its_precision_is_as_written(
    written: str, precision: str, instant: datetime
) -> None:
    row = only(raw(article(source={"published_at": written}))["articles"])
    assert (row["published_precision"], row["published_at"]) == (precision, instant)
    assert row["_published"] == date(2024, 3, 5)


@pytest.mark.parametrize("written", ["2024-03-05T00:30+03:00", "2024-03-05T23:59:59-02:00"])
def test_the_day_of_a_claim_is_the_day_of_publication_as_written(written: str) -> None:
    row = one_claim(claim(), source={"published_at": written})
    assert row["as_of"] == date(2024, 3, 5)


def test_an_article_states_its_text_by_digest_and_length() -> None:
    text = "Orra — 😀 “قصف”"
    row = only(raw(article(text=text))["articles"])
    assert (row["text_sha256"], row["text_length"]) == (digest(text), 14)
    assert row["text_normalization"] == "none"
    assert row["license"] == "LicenseRef-unknown"


def test_an_import_need_not_know_where_it_comes_from() -> None:
    data = {
        "version": 1,
        "id": "i",
        "source": {},
        "text": TEXT,
        "annotation": {"method": "import"},
        "incidents": [{**SHELLING, "casualties": [claim()]}],
    }
    found = raw(data)
    row = only(found["articles"])
    assert row["language"] == "und"
    assert {row[name] for name in ("publisher", "published_at", "published_precision")} == {None}
    assert only(found["casualties"])["as_of"] is None


def test_words_as_printed_lose_only_runs_of_white_space() -> None:
    source = {
        "headline": " Shells \n hit  a\tmarket ",
        "byline": "A.\n B.",
        "dateline": "ORRA  (W)",
    }
    row = only(raw(article(source=source))["articles"])
    assert (row["headline"], row["byline"], row["dateline"]) == (
        "Shells hit a market",
        "A. B.",
        "ORRA (W)",
    )


def test_a_copy_refers_to_its_original() -> None:
    row = only(raw(article(source={"syndicated_from": "a-0"}))["articles"])
    assert row["syndicated_from_article_id"] == expected_id("art", "a-0")


# Statements


def test_a_statement_has_honest_defaults() -> None:
    row = one_statement({})
    assert (row["attribution_type"], row["polarity"], row["certainty"]) == (
        "assertion",
        "affirmed",
        "unspecified",
    )
    assert (row["speaker_label"], row["cue_text"], row["quote_type"]) == (
        "the mayor",
        "said",
        "indirect",
    )


def test_given_words_stand_where_evidence_has_others() -> None:
    row = one_statement({"speaker_label": "the\n mayor of Orra", "cue_text": "has said"})
    assert (row["speaker_label"], row["cue_text"]) == ("the mayor of Orra", "has said")


def test_a_label_is_the_first_source_span_with_all_its_parts() -> None:
    text = "Col. Idris, of the army, said so. He added, Idris went on, that it was over."
    evidence = [
        {"role": "source", "quote": "Idris", "prefix": "added, "},
        {"role": "source", "quote": "Col. Idris", "part": 0},
        {"role": "source", "quote": "army", "part": 1},
        {"role": "cue", "quote": "went on"},
        {"role": "cue", "quote": "said"},
    ]
    row = one_statement({"evidence": evidence}, text=text)
    assert (row["speaker_label"], row["cue_text"]) == ("Col. Idris army", "said")


def test_a_label_is_the_first_source_in_the_text_whatever_field_it_is_for() -> None:
    evidence = [
        {"role": "source", "quote": "Soldiers"},
        {"role": "source", "quote": "the mayor", "field": "speaker_actor_id"},
    ]
    assert one_statement({"evidence": evidence})["speaker_label"] == "the mayor"


def test_a_label_longer_than_its_column_is_left_out() -> None:
    text = "The " + "very " * 40 + "late mayor said so."
    evidence = [{"role": "source", "quote": text[: text.index(" said")]}]
    assert one_statement({"evidence": evidence}, text=text)["speaker_label"] is None


def test_a_statement_without_speaker_and_source_is_implicit() -> None:
    evidence = [{"role": "content", "quote": "Soldiers closed the road"}]
    row = one_statement({"speaker": None, "evidence": evidence})
    assert (row["anonymity"], row["speaker_label"]) == ("implicit", None)
    # With a source in the text, or a speaker, it is not.
    assert one_statement({"speaker": None})["anonymity"] is None
    assert one_statement({"evidence": evidence})["anonymity"] is None


@pytest.mark.parametrize(
    ("contents", "kind"),
    [
        (["“It was late”"], "direct"),
        (["«It was late»", '"and dark"'], "direct"),
        (["‘It was late’"], "direct"),
        (["'It was late'"], "direct"),
        (["「遅かった」"], "direct"),
        (["“It was late”", "and dark"], "mixed"),
        (["it was “late”"], "mixed"),
        (["it was ‘late’ then"], "mixed"),
        (["“late” it was, for the soldiers’"], "mixed"),
        (["it was the soldiers' and the mayor's"], "indirect"),
        (["it wasn't late"], "indirect"),
        (["'twas the mayor's fault"], "indirect"),
        (["it was late"], "indirect"),
    ],
)
def test_quotation_marks_in_the_content_tell_the_type_of_quote(
    contents: list[str], kind: str
) -> None:
    text = "The mayor said: " + " … ".join(contents)
    evidence = [{"role": "content", "quote": words} for words in contents]
    row = one_statement({"evidence": evidence, "quote_text": None}, text=text)
    assert row["quote_type"] == kind


def test_a_quote_is_published_with_single_spaces() -> None:
    evidence = [{"role": "content", "quote": "So “it\nwas late”"}]
    given = {"quote_text": "it  was\nlate", "quote_type": "mixed", "evidence": evidence}
    row = one_statement(given, text="So “it\nwas late”.")
    assert (row["quote_text"], row["quote_type"]) == ("it was late", "mixed")


# What imports leave open


def test_unclassified_is_for_imports_and_models() -> None:
    data = article(
        annotation={"method": "import"},
        actors=[{**MAYOR, "actor_type": "unclassified"}],
        incidents=[{**SHELLING, "incident_type": "unclassified"}],
    )
    found = raw(data)
    assert only(found["actors"])["actor_type"] == "unclassified"
    assert only(found["incidents"])["incident_type"] == "unclassified"
    by_hand = {**data, "annotation": {"method": "manual"}}
    assert problems(by_hand) == ["unclassified-by-hand", "unclassified-by-hand"]


def test_what_is_called_unclassified_is_no_open_code() -> None:
    place = {**SHELLING["location"], "place_name": "unclassified"}
    incident = {**SHELLING, "key": "unclassified", "title": "unclassified", "location": place}
    actor = {**MAYOR, "id": "unclassified", "name": "unclassified"}
    assert problems(article(actors=[actor], incidents=[incident])) == []


# Annotations


def test_an_annotation_holds_until_an_item_or_an_evidence_has_its_own() -> None:
    span = {"role": "mention", "quote": "the mayor"}
    reviewed = {"method": "model_reviewed", "annotator": "model:m@1", "confidence": 0.5}
    data = article(
        annotation={"method": "manual", "annotator": "a1"},
        actors=[
            {**MAYOR, "evidence": [span]},
            {
                **ARMY,
                "evidence": [{"role": "mention", "quote": "Soldiers"}],
                "annotation": reviewed,
            },
            {
                **RESIDENTS,
                "annotation": reviewed,
                "evidence": [{**span, "annotation": {"annotator": "a2"}}],
            },
        ],
    )
    found = [
        (row["method"], row["annotator_id"], row["confidence"]) for row in raw(data)["evidence"]
    ]
    assert found == [
        ("manual", "a1", None),
        ("model_reviewed", "model:m@1", 0.5),
        ("manual", "a2", None),
    ]


def test_the_annotation_of_an_incident_holds_for_its_parts() -> None:
    incident = {
        **SHELLING,
        "annotation": {"method": "import", "annotator": "acled"},
        "casualties": [
            claim(
                victim_category="civilian",
                count=2,
                evidence=[{"role": "count", "quote": "Two"}],
            )
        ],
    }
    found = raw(article(incidents=[incident]))
    assert only(found["casualties"])["covers_set"] is False
    assert only(found["evidence"])["annotator_id"] == "acled"


def test_without_annotation_an_unnamed_person_did_it_by_hand() -> None:
    actor = {**MAYOR, "evidence": [{"role": "mention", "quote": "the mayor"}]}
    row = only(raw(article(actors=[actor]))["evidence"])
    assert (row["method"], row["annotator_id"], row["confidence"]) == ("manual", "unnamed", None)


# A project's codebook


@pytest.fixture
def codebook(tmp_path: Path) -> Path:
    """A codebook that adds columns to articles and incidents, and a weapon."""
    (tmp_path / "vocab").mkdir()
    (tmp_path / "vocab" / "weapon_type.csv").write_text(
        "value,label,definition,broader\nloitering,Loitering munition,a drone that waits,drone\n"
    )
    text = {"title": "T", "description": "D."}
    fields = {
        "incidents": [
            {"name": "crossing", "type": "boolean", **text},
            {"name": "seen_on", "type": "date", **text},
            {"name": "parent", "type": "string", **text},
        ],
        "articles": [{"name": "section", "type": "string", **text}],
        "participants": [{"name": "rank", "type": "integer", **text}],
    }
    for table, columns in fields.items():
        (tmp_path / f"{table}.json").write_text(json.dumps({"fields": columns}), encoding="utf-8")
    return tmp_path


def test_declared_attributes_are_columns_and_others_are_counted(codebook: Path) -> None:
    incident = {
        **SHELLING,
        "parent": "battle",
        "attributes": {"crossing": True, "seen_on": "2024-03-04", "mood": "grim", "title": "No"},
        "participants": [{"actor": "army", "role": "initiator", "attributes": {"rank": 2, "x": 1}}],
    }
    data = article(
        actors=[ARMY],
        incidents=[incident, {**SHELLING, "id": "battle"}],
        attributes={"section": "World", "publisher": "No", "x": {"deep": [1]}},
    )
    result = checked(data, codebook=codebook)
    assert (result.issues, result.counts["attributes_undeclared"]) == ([], 5)
    found = raw(data, codebook=codebook)
    shelling, battle = found["incidents"]
    assert (shelling["crossing"], shelling["seen_on"]) == (True, date(2024, 3, 4))
    assert (shelling["title"], shelling["parent"]) == ("Shells on a market", None)
    assert (battle["crossing"], battle["seen_on"]) == (None, None)
    assert only(found["participants"])["rank"] == 2
    row = only(found["articles"])
    assert (row["section"], row["publisher"]) == ("World", "Wire")
    assert "mood" not in shelling
    assert "x" not in row


def test_without_codebook_no_attribute_is_published() -> None:
    data = article(
        attributes={"publisher": "No"},
        incidents=[{**SHELLING, "attributes": {"title": "No", "crossing": True}}],
    )
    assert checked(data).counts["attributes_undeclared"] == 3
    found = raw(data)
    assert only(found["articles"])["publisher"] == "Wire"
    assert only(found["incidents"])["title"] == "Shells on a market"


def test_a_value_that_a_project_adds_is_known(codebook: Path) -> None:
    data = article(incidents=[{**SHELLING, "weapon_type": "loitering"}])
    assert only(raw(data, codebook=codebook)["incidents"])["weapon_type"] == "loitering"
    assert problems(data) == ["unknown-value"]
