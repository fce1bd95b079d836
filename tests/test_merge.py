"""Rows of one key become one row; what the articles say differently is told, never overwritten."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from corpus import ARMY, MAYOR, SAID, SHELLING, article, claim, merged, only, published, rules

Json = dict[str, Any]

KEYED = {**SHELLING, "key": "orra"}
BARE = {"id": "it", "key": "orra"}


def telling(number: int, incident: Json, day: int = 5, **members: Any) -> Json:
    """The article of this number on one incident."""
    source = {"published_at": f"2024-03-{day:02}"}
    return article(f"a-{number}", source, incidents=[incident], **members)


def knowing(number: int, *actors: Json, day: int = 5) -> Json:
    """The article of this number that names actors."""
    return article(f"a-{number}", {"published_at": f"2024-03-{day:02}"}, actors=list(actors))


def places(issue: Any) -> list[tuple[str, str]]:
    """Where an issue is: file and pointer."""
    return [(place.file, place.pointer) for place in issue.places]


# Rows of one key


def test_equal_values_merge_and_missing_values_fill() -> None:
    first = {"id": "x", "key": "army", "name": "Northern Army", "gw_code": None}
    second = {"id": "y", "key": "army", **{n: ARMY[n] for n in ("entity_kind", "actor_type")}}
    third = {"id": "z", "key": "army", "name": "Northern Army", "country_code": "ISL"}
    found = published([knowing(1, first), knowing(2, second), knowing(3, third)])["actors"]
    row = only(found)
    assert (row["name"], row["entity_kind"], row["country_code"]) == (
        "Northern Army",
        "organization",
        "ISL",
    )


def test_what_has_no_key_stays_the_articles_own() -> None:
    found = published([knowing(1, MAYOR), knowing(2, {**MAYOR, "name": "another mayor"})])
    assert sorted(row["name"] for row in found["actors"]) == ["another mayor", "mayor of Orra"]


def test_lists_unite_sorted() -> None:
    names = [["Northern Forces", "NA"], ["NA", "Army of the North"], None, []]
    told = [knowing(n, {**ARMY, "aliases": found}) for n, found in enumerate(names)]
    entry = {"key": "army", "aliases": ["The Army"]}
    expected = ["Army of the North", "NA", "Northern Forces"]
    assert only(published(told)["actors"])["aliases"] == expected
    registered = only(published(told, actors=[entry])["actors"])
    assert registered["aliases"] == [*expected, "The Army"]


def test_without_any_list_there_is_none() -> None:
    row = only(published([knowing(1, ARMY), knowing(2, {**ARMY, "aliases": None})])["actors"])
    assert row["aliases"] is None


def test_claims_evidence_and_statements_add_up() -> None:
    span = [{"role": "mention", "quote": "Soldiers"}]
    incident = {**KEYED, "casualties": [claim()]}
    told = [
        telling(n, incident, actors=[{**ARMY, "evidence": span}, MAYOR], statements=[SAID])
        for n in (1, 2)
    ]
    found = published(told)
    sizes = {name: len(table) for name, table in found.items()}
    assert sizes == {
        "articles": 2,
        "incidents": 1,
        "actors": 3,
        "statements": 2,
        "participants": 0,
        "casualties": 2,
        "evidence": 18,
    }


def test_every_table_is_sorted_by_its_key() -> None:
    told = [
        telling(n, {**KEYED, "casualties": [claim()]}, actors=[MAYOR], statements=[SAID])
        for n in range(8)
    ]
    found = published(told)
    keys = {"articles": "article_id", "actors": "actor_id", "casualties": "casualty_id"}
    for name, key in {**keys, "statements": "statement_id", "evidence": "evidence_id"}.items():
        ids = [row[key] for row in found[name]]
        assert ids == sorted(ids)
        assert len(ids) >= 8


def test_values_that_differ_are_a_conflict_that_names_both_articles() -> None:
    told = [
        knowing(1, ARMY),
        knowing(2, {**ARMY, "actor_type": "rebel_group"}),
        knowing(3, {**ARMY, "actor_type": "rebel_group"}),
    ]
    found = merged(told)
    assert rules(found.issues) == ["merge-conflict"]
    assert found.tables == {}
    message = found.issues[0].message
    assert '"state_military" in article a-1 and "rebel_group" in article a-2' in message
    assert places(found.issues[0])[:2] == [
        ("0.json", "/actors/0/actor_type"),
        ("1.json", "/actors/0/actor_type"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "pointer"),
    [
        ({"date_start": "2024-03-03"}, {}, "/incidents/0/date_start"),
        ({"weapon_type": "drone"}, {"weapon_type": "air"}, "/incidents/0/weapon_type"),
        (
            {"location": {**SHELLING["location"], "latitude": 64.5, "longitude": -21.5}},
            {"location": {**SHELLING["location"], "latitude": 64.25, "longitude": -21.5}},
            "/incidents/0/location/latitude",
        ),
    ],
)
def test_facts_of_an_incident_may_not_differ(one: Json, other: Json, pointer: str) -> None:
    found = merged([telling(1, {**KEYED, **one}), telling(2, {**KEYED, **other})])
    assert rules(found.issues) == ["merge-conflict"]
    assert {found for _, found in places(found.issues[0])} == {pointer}


def test_own_words_are_the_earliest_articles_whatever_the_order_of_the_files() -> None:
    told = [
        telling(3, {**KEYED, "title": "Third", "summary": None}, day=6),
        telling(2, {**KEYED, "title": None, "summary": "Second"}),
        telling(1, {**KEYED, "title": "First", "summary": "First"}, day=7),
        telling(4, {**KEYED, "title": "Fourth", "summary": None}, day=6),
    ]
    for order in itertools.islice(itertools.permutations(told), 0, None, 5):
        found = merged(order)
        row = found.tables["incidents"].to_pylist()[0]
        assert (row["title"], row["summary"]) == ("Third", "Second")
        assert rules(found.issues) == ["merge-rewording", "merge-rewording"]
        reworded = [issue for issue in found.issues if issue.rule == "merge-rewording"]
        assert {issue.severity for issue in reworded} == {"warning"}
        title, summary = sorted(issue.message for issue in reworded)
        assert '"Second" in article a-2 and "First" in article a-1' in title
        assert '"Third" in article a-3 and "Fourth" in article a-4 and "First"' in summary


def test_the_order_of_files_changes_nothing() -> None:
    actors = [{**ARMY, "aliases": ["B", "A"]}, {**MAYOR, "key": "mayor"}]
    told = [
        telling(
            n,
            {
                **KEYED,
                "title": f"Title {n}",
                "participants": [{"actor": "army", "role": "initiator", "side": "a"}],
                "casualties": [claim(count=n, as_of="2024-03-04")],
            },
            actors=actors,
            statements=[SAID],
        )
        for n in range(1, 5)
    ]
    first = merged(told).tables
    for order in (told[::-1], told[2:] + told[:2]):
        second = merged(order).tables
        assert {name: first[name].equals(second[name]) for name in first} == dict.fromkeys(
            first, True
        )


@pytest.mark.parametrize("differing", [{}, {"actor_type": "rebel_group"}])
def test_rows_are_united_a_few_keys_at_a_time_too(
    differing: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [
        knowing(number, {**ARMY, "key": f"army-{number % 7}", "aliases": [f"A {number}"]})
        for number in range(20)
    ]
    told += [knowing(20, {**ARMY, "key": "army-3", **differing})]
    found = merged(told)
    monkeypatch.setattr("dateline.build.merge._UNITED", 2)
    again = merged(told)
    assert again.tables == found.tables
    assert sorted(map(str, again.issues)) == sorted(map(str, found.issues))
    assert bool(found.tables) is not bool(differing)


def test_an_unclassified_value_gives_way() -> None:
    method = {"method": "import"}
    open_one = {**ARMY, "actor_type": "unclassified", "annotation": method}
    row = only(published([knowing(1, open_one), knowing(2, ARMY)])["actors"])
    assert row["actor_type"] == "state_military"
    row = only(published([knowing(1, open_one), knowing(2, open_one)])["actors"])
    assert row["actor_type"] == "unclassified"


def test_what_an_import_leaves_open_is_asked_for_where_the_row_is_annotated_by_hand_too() -> None:
    imported, by_hand = {"annotation": {"method": "import"}}, {"id": "x", "key": "army"}
    for left_open in ("unclassified", None):
        open_one = {**ARMY, "actor_type": left_open, **imported}
        issues = merged([knowing(1, open_one), knowing(2, by_hand)]).issues
        assert rules(issues) == ["field-missing"]
        assert "expected actor_type" in issues[0].message


def test_what_a_table_requires_is_asked_of_the_merged_row() -> None:
    found = merged([knowing(1, {"id": "x", "key": "army"}), knowing(2, {"id": "y", "key": "army"})])
    assert rules(found.issues) == ["field-missing"] * len(found.issues)
    assert {
        message.split("expected ")[1].split(",")[0] for message in map(str, messages(found))
    } == {
        "name",
        "entity_kind",
        "actor_type",
        "privacy_class",
    }
    assert {file for issue in found.issues for file, _ in places(issue)} == {"0.json", "1.json"}


def messages(found: Any) -> list[str]:
    """The messages of all issues."""
    return [issue.message for issue in found.issues]


# Participants


def taking_part(number: int, day: int = 5, said: bool = True, **members: Any) -> Json:
    """The article of this number in which the army takes part."""
    participant = {"actor": "army", "role": "initiator", **members}
    participant |= {"statement": "said"} if said else {}
    incident = {**KEYED, "participants": [participant]}
    return telling(number, incident, day, actors=[ARMY, MAYOR], statements=[SAID])


def test_participants_of_one_identity_are_one_row() -> None:
    span = [{"role": "role", "quote": "Soldiers closed the road"}]
    found = published(
        [
            taking_part(2, 6, is_primary=True, evidence=span),
            taking_part(3, 5, said=False, side="none", is_primary=False, strength_low=3),
            taking_part(1, 7, side="a", is_primary=None, evidence=span, strength_high=9),
        ]
    )
    row = only(found["participants"])
    assert (row["side"], row["is_primary"]) == ("a", True)
    assert (row["strength_low"], row["strength_high"]) == (3, 9)
    articles = {row["article_key"]: row["article_id"] for row in found["articles"]}
    said = only(found["statements"], article_id=articles["a-2"])
    assert row["statement_id"] == said["statement_id"]
    mine = [row for row in found["evidence"] if row["participant_id"] is not None]
    assert {row["participant_id"] for row in mine} == {row["participant_id"]}
    assert len(mine) == 3


def test_participants_on_two_sides_are_a_conflict() -> None:
    found = merged([taking_part(1, side="a"), taking_part(2, side="b")])
    assert rules(found.issues) == ["merge-conflict"]
    assert places(found.issues[0]) == [
        ("0.json", "/incidents/0/participants/0/side"),
        ("1.json", "/incidents/0/participants/0/side"),
    ]


def test_another_role_basis_or_source_is_another_participant() -> None:
    participants = [
        {"actor": "army", "role": "initiator"},
        {"actor": "army", "role": "victim"},
        {"actor": "army", "role": "victim", "attribution_basis": "suspected"},
        {
            "actor": "army",
            "role": "victim",
            "attribution_basis": "suspected",
            "attributed_by": "mayor",
        },
    ]
    incident = {**KEYED, "participants": participants}
    found = published([telling(1, incident, actors=[ARMY, MAYOR])])
    assert len(found["participants"]) == 4


def test_one_identity_twice_in_an_article_is_an_error() -> None:
    participant = {"actor": "army", "role": "initiator"}
    incident = {**KEYED, "participants": [participant, participant]}
    found = merged([telling(1, incident, actors=[ARMY])])
    assert rules(found.issues) == ["identity-repeated"]
    claims = {**KEYED, "casualties": [claim(), claim(count=3)]}
    assert rules(merged([telling(1, claims)]).issues) == ["identity-repeated"]
    named = {**KEYED, "casualties": [claim(), claim(id="c", count=3)]}
    # Two rows then, which say of the same people how many they are.
    assert rules(merged([telling(1, named)]).issues) == ["casualty-claim-repeated"]


# The registry


def test_the_registry_wins_and_settles_what_differs() -> None:
    entry = {"key": "army", "name": "Army of the North", "actor_type": "state_military"}
    told = [
        knowing(1, {**ARMY, "actor_type": "rebel_group"}),
        knowing(2, {**ARMY, "actor_type": "criminal_group", "name": "The Army"}),
        knowing(3, {"id": "a", "key": "army"}),
    ]
    found = published(told, actors=[entry])["actors"]
    assert (only(found)["name"], only(found)["actor_type"]) == (
        "Army of the North",
        "state_military",
    )
    assert merged(told, actors=[entry]).issues == []


def test_the_registrys_own_words_win_without_a_warning() -> None:
    entry = {"key": "orra", "title": "Shelling of Orra"}
    told = [telling(1, {**KEYED, "title": "One"}), telling(2, {**KEYED, "title": "Two"})]
    found = merged(told, incidents=[entry])
    assert rules(found.issues) == []
    assert found.tables["incidents"]["title"].to_pylist() == ["Shelling of Orra"]


def test_an_article_may_give_a_key_alone_where_the_registry_knows_the_rest() -> None:
    entry = {name: value for name, value in KEYED.items() if name != "id"}
    row = only(published([telling(1, BARE)], incidents=[entry])["incidents"])
    assert (row["title"], row["place_name"]) == ("Shells on a market", "Orra")


def test_entries_are_published_when_something_published_refers_to_them() -> None:
    entries = [
        {**ARMY, "key": "army", "parent": "ministry"},
        {**ARMY, "key": "ministry", "name": "Ministry", "parent": "state"},
        {**ARMY, "key": "state", "name": "State"},
        {**ARMY, "key": "navy", "name": "Navy", "parent": "state"},
    ]
    entries = [{k: v for k, v in entry.items() if k != "id"} for entry in entries]
    incidents = [
        {**{k: v for k, v in KEYED.items() if k != "id"}, "key": key, "parent": parent}
        for key, parent in (("orra", "war"), ("war", None), ("peace", "war"))
    ]
    found = published(
        [telling(1, BARE, actors=[{"id": "a", "key": "army"}])], actors=entries, incidents=incidents
    )
    assert sorted(row["actor_key"] for row in found["actors"]) == ["army", "ministry", "state"]
    assert sorted(row["incident_key"] for row in found["incidents"]) == ["orra", "war"]
    parents = {row["actor_id"]: row["actor_key"] for row in found["actors"]}
    army = only(found["actors"], actor_key="army")
    assert parents[army["parent_actor_id"]] == "ministry"


def test_a_parent_that_is_nowhere_is_an_error() -> None:
    entries = [{"key": "army", "parent": "minstry"}]
    found = merged([knowing(1, ARMY)], actors=entries)
    assert rules(found.issues) == ["registry-parent-unknown"]
    incidents = [{"key": "orra", "parent": "war"}]
    assert rules(merged([telling(1, KEYED)], incidents=incidents).issues) == [
        "registry-parent-unknown"
    ]


def test_a_parent_may_be_what_only_an_article_knows() -> None:
    entries = [{"key": "army", "parent": "ministry"}]
    ministry = {**ARMY, "id": "m", "key": "ministry", "name": "Ministry"}
    found = published([knowing(1, ARMY), knowing(2, ministry)], actors=entries)["actors"]
    assert (
        only(found, actor_key="army")["parent_actor_id"]
        == only(found, actor_key="ministry")["actor_id"]
    )


def test_an_entry_that_only_entries_name_is_as_complete_as_by_hand() -> None:
    entries = [{"key": "army", "parent": "ministry"}, {"key": "ministry", "name": "Ministry"}]
    issues = merged([knowing(1, ARMY)], actors=entries).issues
    assert rules(issues) == ["field-missing"] * 3
    assert {place for issue in issues for place in places(issue)} == {("registry/actors.jsonl", "")}


def test_an_import_may_leave_open_what_its_registry_entry_does_not_know() -> None:
    data = article(annotation={"method": "import"}, actors=[{"id": "a", "key": "army"}])
    found = published([data], actors=[{"key": "army", "name": "Army"}])["actors"]
    assert only(found)["actor_type"] == "unclassified"


def test_a_project_column_of_a_registry_entry_wins_too(tmp_path: Path) -> None:
    column = '{"name": "strength", "type": "integer", "title": "Strength", "description": "Men."}'
    (tmp_path / "actors.json").write_text(f'{{"fields": [{column}]}}', encoding="utf-8")
    entry = {"key": "army", "attributes": {"strength": 7, "name": "No"}}
    told = [knowing(1, {**ARMY, "attributes": {"strength": 5}})]
    row = only(published(told, actors=[entry], codebook=tmp_path)["actors"])
    assert (row["strength"], row["name"]) == (7, "Northern Army")


# Victim sets


def dead(number: int, *labels: str) -> Json:
    """An article with a claim for each of the victim sets."""
    return telling(number, {**KEYED, "casualties": [claim(victim_set=name) for name in labels]})


def unlinked(told: list[Json], **victim_sets: Any) -> list[str]:
    """The rules that articles break whose incident has these sets in the registry."""
    entries = [{"key": "orra", "victim_sets": victim_sets}] if victim_sets else []
    return rules(merged(told, incidents=entries).issues)


def test_sets_of_two_articles_that_nobody_links_are_an_error() -> None:
    found = merged([dead(1, "market"), dead(2, "clinic")])
    assert rules(found.issues) == ["victim-set-unlinked"]
    assert {file for file, _ in places(found.issues[0])} == {"0.json", "1.json"}
    assert '"clinic"' in found.issues[0].message
    assert '"market"' in found.issues[0].message


def test_sets_are_linked_by_an_article_that_has_both() -> None:
    assert unlinked([dead(1, "market"), dead(2, "market", "clinic")]) == []
    assert unlinked([dead(1, "market"), dead(2, "market")]) == []


def test_two_articles_with_a_set_each_are_not_linked_by_a_third() -> None:
    told = [dead(1, "market"), dead(2, "market", "clinic"), dead(3, "clinic")]
    assert unlinked(told) == ["victim-set-unlinked"]


def test_the_registry_links_sets() -> None:
    told = [dead(1, "market"), dead(2, "clinic")]
    assert unlinked(told, disjoint=[["market", "clinic"]]) == []
    assert unlinked(told, equal=[["market", "clinic"]]) == []
    assert unlinked(told, disjoint=[["market", "school"]]) == ["victim-set-unlinked"]


def test_equal_sets_are_linked_to_all_that_one_of_them_is_linked_to() -> None:
    told = [dead(1, "a"), dead(2, "b"), dead(3, "c"), dead(4, "d")]
    equal = [["b", "a"], ["c", "b"]]
    assert unlinked(told, equal=equal, disjoint=[["d", "c"]]) == []
    assert unlinked(told, equal=equal) == ["victim-set-unlinked"]
    together = [dead(1, "a"), dead(2, "b"), dead(3, "a", "c")]
    assert unlinked(together, equal=[["a", "b"]]) == []


def test_sets_of_different_harms_or_incidents_need_no_link() -> None:
    hurt = telling(2, {**KEYED, "casualties": [claim(harm_type="injured", victim_set="clinic")]})
    assert unlinked([dead(1, "market"), hurt]) == []
    other = telling(2, {**KEYED, "key": "other", "casualties": [claim(victim_set="clinic")]})
    assert unlinked([dead(1, "market"), other]) == []


# Articles


def test_an_article_id_given_twice_is_an_error_with_all_places() -> None:
    found = merged([article("a-1"), article("a-2"), article("a-1")])
    assert rules(found.issues) == ["article-id-repeated"]
    assert places(found.issues[0]) == [("0.json", "/id"), ("2.json", "/id")]


def test_a_copy_whose_original_is_not_there_is_an_error() -> None:
    found = merged([article("a-1", {"syndicated_from": "a-0"})])
    assert rules(found.issues) == ["article-original-unknown"]
    assert places(found.issues[0]) == [("0.json", "/source/syndicated_from")]


def test_articles_that_copy_each_other_are_errors_and_end() -> None:
    told = [article("a-1", {"syndicated_from": "a-2"}), article("a-2", {"syndicated_from": "a-1"})]
    assert rules(merged(told).issues) == ["article-syndication-cycle"] * 2


def test_a_url_stands_in_one_article() -> None:
    url = {"url": "https://example.org/1"}
    found = merged([article("a-1", url), article("a-2", url)])
    assert rules(found.issues) == ["article-url-repeated", "article-url-repeated"]


def test_an_incident_comes_before_its_articles_are_out() -> None:
    late = {**KEYED, "date_start": "2024-03-08"}
    assert rules(merged([telling(1, late), telling(2, late, day=6)]).issues) == [
        "incident-after-publication"
    ]
    assert rules(merged([telling(1, late), telling(2, late, day=7)]).issues) == []
    threat = {**late, "stage": "threatened"}
    assert rules(merged([telling(1, threat)]).issues) == []
    # The day as written counts, not the day in UTC.
    west = {"published_at": "2024-03-05T23:30-11:00"}
    data = article(source=west, incidents=[{**KEYED, "date_start": "2024-03-07"}])
    assert rules(merged([data]).issues) == ["incident-after-publication"]
