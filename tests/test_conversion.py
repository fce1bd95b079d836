"""What a conversion keeps: attributes, values and links that no rule uses are never dropped."""

from typing import Any

import pytest
from test_mapping import ACTOR, ARMY, ATTACK, IT, WORDS, made, mark

from dateline.build.formats.source import Link, Mark

SAME = frozenset({"Same"})


def test_attributes_of_all_mentions_of_an_actor_stay() -> None:
    marks = [
        mark("a", "Group", "The army", form="name", rank="x"),
        mark("b", "Group", "It", form="pronoun", rank="x"),
        mark("c", "Group", "the army", form="name"),
    ]
    links = [Link("Same", "a", "b"), Link("Same", "a", "c")]
    article, tally = made({"Group": ACTOR}, marks, links, same=SAME)
    (actor,) = article["actors"]
    assert actor["attributes"] == {"form": ["name", "pronoun"], "rank": "x"}
    assert tally.attributes[("marks", "Group"), "form"] == 3


def test_lists_of_all_mentions_of_an_actor_are_one() -> None:
    rules = {"Group": {"makes": "actor", "fields": {"aliases": {"from": "also"}}}}
    marks = [
        Mark("a", "Group", ARMY.pieces, None, {"also": ("Force", "Guard")}),
        Mark("b", "Group", IT.pieces, None, {"also": ("Guard", "Column")}),
    ]
    article, tally = made(rules, marks, [Link("Same", "a", "b")], same=SAME)
    assert article["actors"][0]["aliases"] == ["Force", "Guard", "Column"]
    assert tally.skipped == {}


@pytest.mark.parametrize("order", [1, -1])
def test_an_attribute_and_a_link_may_have_one_name(order: int) -> None:
    rules = {"Attack": {"makes": "incident", "links": {"In": {"span": "place"}}}, "Town": WORDS}
    event = mark("e", "Attack", "shelled", In="spring")
    town = mark("o", "Town", "Orra", size="small")
    article, _ = made(rules, [event, town][::order], [Link("In", "e", "o")])
    found = article["incidents"][0]["attributes"]["In"]
    assert sorted(map(str, found)) == ["spring", "{'words': 'Orra', 'size': 'small'}"]


def test_of_several_values_the_first_is_taken_and_all_stay() -> None:
    fields = {"incident_type": {"from": "kind", "values": {"shells": "shelling_missile"}}}
    event = Mark("e", "Attack", ATTACK.pieces, None, {"kind": ("shells", "bombs")})
    article, _ = made({"Attack": {"makes": "incident", "fields": fields}}, [event], [])
    (incident,) = article["incidents"]
    assert incident["incident_type"] == "shelling_missile"
    assert incident["attributes"] == {"kind": ["shells", "bombs"]}


def test_a_value_that_says_that_there_is_no_such_item_makes_none() -> None:
    fields = {"incident_type": {"from": "kind", "values": {"shells": None}}}
    article, tally = made({"Attack": {"makes": "incident", "fields": fields}}, [ATTACK], [])
    assert "incidents" not in article
    assert tally.skipped == {(("marks", "Attack"), "its kind is shells"): 1}


def test_only_an_actor_takes_part() -> None:
    by = {"participant": {"role": "initiator"}}
    rules = {"Attack": {"makes": "incident", "links": {"By": by}}}
    marks = [ATTACK, mark("f", "Attack", "died")]
    article, tally = made(rules, marks, [Link("By", "e", "f")])
    assert "participants" not in article["incidents"][0]
    assert tally.skipped[("links", "By"), "Attack, which takes part, makes no actor"] == 1


def test_links_between_marks_of_one_actor_are_in_the_report() -> None:
    marks = [ARMY, IT, mark("o", "Town", "Orra")]
    links = [Link("Same", "a", "b"), Link("Same", "a", "o")]
    _, tally = made({"Group": ACTOR, "Town": WORDS}, marks, links, same=SAME)
    label = ("links", "Same")
    assert (tally.read[label], tally.became[label, "one actor"]) == (2, 1)
    assert tally.skipped[label, "it ties marks that are not both actors"] == 1


def test_a_mark_without_a_place_gives_no_name_to_one_that_has_one() -> None:
    nowhere = Mark("n", "Group", (), "Somebody")
    links = [Link("Same", "n", "a")]
    article, _ = made({"Group": ACTOR}, [nowhere, ARMY], links, same=SAME)
    (actor,) = article["actors"]
    assert (actor["name"], actor["weak_aliases"]) == ("The army", ["Somebody"])


def test_a_repeated_id_is_listed() -> None:
    article, tally = made({"Group": ACTOR}, [ARMY, Mark("a", "Group", IT.pieces)], [])
    assert [each["name"] for each in article["actors"]] == ["The army"]
    assert tally.skipped == {(("marks", "Group"), "its id is there already"): 1}


@pytest.mark.parametrize(
    ("said", "expected"),
    [("5", 5), ("-5", -5), ("--5", "--5"), ("9" * 30, "9" * 30), ("9" * 5000, "9" * 5000)],
)
def test_what_is_no_number_of_a_table_stays_a_text(said: str, expected: Any) -> None:
    toll = {"casualty": {"count_best": {"from": "number"}}}
    rules = {"Attack": {"makes": "incident", "links": {"Toll": toll}}, "Number": WORDS}
    number = mark("n", "Number", "five", number=said)
    article, _ = made(rules, [ATTACK, number], [Link("Toll", "e", "n")])
    assert article["incidents"][0]["casualties"][0]["count_best"] == expected


def test_the_values_of_a_list_are_mapped_one_by_one() -> None:
    fields = {"aliases": {"from": "also", "values": {"f": "Force", "g": "Guard"}}}
    group = Mark("a", "Group", ARMY.pieces, None, {"also": ("g", "f", "x")})
    article, tally = made({"Group": {"makes": "actor", "fields": fields}}, [group], [])
    (actor,) = article["actors"]
    assert actor["aliases"] == ["Guard", "Force"]
    assert actor["attributes"] == {"also": ["g", "f", "x"]}
    reason = "the mapping has no code for also 'x', which is left open"
    assert tally.skipped[("marks", "Group"), reason] == 1


def test_what_is_said_of_a_link_is_used_or_kept() -> None:
    participant = {
        "role": "initiator",
        "attribution_basis": {"from": "basis", "values": {"own": "claimed_or_admitted"}},
    }
    by = {"participant": participant, "span": "role"}
    rules = {"Attack": {"makes": "incident", "links": {"By": by}}, "Group": ACTOR}
    said = {"basis": ("own",), "note": ("perhaps",)}
    marks = [ATTACK, mark("a", "Group", "The army", note="a column")]
    article, tally = made(rules, marks, [Link("By", ATTACK.id, "a", said)])
    (incident,) = article["incidents"]
    assert incident["participants"][0]["attribution_basis"] == "claimed_or_admitted"
    assert incident["attributes"]["By"] == [{"words": "The army", "note": "perhaps"}]
    assert article["actors"][0]["attributes"] == {"note": "a column"}
    assert tally.attributes[("links", "By"), "note"] == 1


def test_a_value_of_a_link_without_a_code_is_kept() -> None:
    participant = {"role": {"from": "as", "values": {"doer": "initiator"}}}
    rules = {
        "Attack": {"makes": "incident", "links": {"By": {"participant": participant}}},
        "Group": ACTOR,
    }
    link = Link("By", ATTACK.id, "a", {"as": ("helper",)})
    article, _ = made(rules, [ATTACK, mark("a", "Group", "The army")], [link])
    (incident,) = article["incidents"]
    assert incident["attributes"]["By"] == [{"words": "The army", "as": "helper"}]
