"""What a mapping makes of marks and links, case by case."""

from typing import Any

from dateline.build.formats.convert import converted
from dateline.build.formats.items import local_id, name_of
from dateline.build.formats.mapping import MappingFile
from dateline.build.formats.source import Document, Link, Mark
from dateline.build.formats.tally import Tally

TEXT = "The army shelled Orra and Vell. It said five died; the army denied it."


def mark(key: str, label: str, said: str = "", **values: str) -> Mark:
    start = TEXT.index(said)
    pieces = ((start, start + len(said)),) if said else ()
    return Mark(key, label, pieces, None, {name: (value,) for name, value in values.items()})


def made(
    rules: dict[str, Any], marks: list[Mark], links: list[Link], **more: Any
) -> tuple[dict[str, Any], Tally]:
    document = Document("d", TEXT, tuple(marks), tuple(links))
    listed = {label: [rule] if isinstance(rule, dict) else rule for label, rule in rules.items()}
    return converted(document, MappingFile(listed, **more), "test")


ACTOR = {"makes": "actor"}
WORDS = {"makes": "words"}
ARMY, IT = mark("a", "Group", "The army"), mark("b", "Group", "It")
ATTACK = mark("e", "Attack", "shelled", kind="shells", force="10")


def test_one_actor_in_one_role_takes_part_once_with_all_its_words() -> None:
    by = {"participant": {"role": "initiator"}, "span": "role"}
    rules = {"Attack": {"makes": "incident", "links": {"By": by}}, "Group": ACTOR}
    links = [Link("By", "e", "a"), Link("By", "e", "b"), Link("Same", "b", "a")]
    article, _ = made(rules, [ATTACK, IT, ARMY], links, same=frozenset({"Same"}))
    (actor,) = article["actors"]
    # The first in the text gives the name, whatever comes first in the file.
    assert (actor["name"], actor["weak_aliases"]) == ("The army", ["It"])
    (part,) = article["incidents"][0]["participants"]
    assert [each["quote"] for each in part["evidence"]] == ["The army", "It"]
    assert part["actor"] == actor["id"]


def test_what_was_said_first_stays_and_the_rest_is_listed() -> None:
    place = {"text": "location.place_name", "span": "place"}
    rules = {"Attack": {"makes": "incident", "links": {"In": place}}, "Town": WORDS}
    links = [Link("In", "e", "o"), Link("In", "e", "v")]
    marks = [ATTACK, mark("o", "Town", "Orra"), mark("v", "Town", "Vell")]
    article, tally = made(rules, marks, links)
    (incident,) = article["incidents"]
    assert incident["location"]["place_name"] == "Orra"
    # The words are evidence of the place all the same.
    assert [e["quote"] for e in incident["evidence"] if e["role"] == "place"] == ["Orra", "Vell"]
    assert tally.skipped[("links", "In"), "location.place_name is another already"] == 1


def test_claims_have_ids_and_fields_of_the_link_and_of_the_other_mark() -> None:
    dead = {
        "casualty": {
            "harm_type": {"from": "harm", "values": {"dead": "killed", "safe": None}},
            "count_best": {"from": "number"},
        },
        "span": "count",
    }
    rules = {"Attack": {"makes": "incident", "links": {"Toll": dead}}, "Number": WORDS}
    number = mark("n", "Number", "five", number="5")
    links = [
        Link("Toll", "e", "n", {"harm": ("dead",)}),
        Link("Toll", "e", "n", {"harm": ("dead",)}),
        Link("Toll", "e", "n", {"harm": ("safe",)}),
        Link("Toll", "e", "n", {"harm": ("odd",)}),
    ]
    article, tally = made(rules, [ATTACK, number], links)
    claims = article["incidents"][0]["casualties"]
    assert [(c["id"], c["harm_type"], c["count_best"]) for c in claims] == [
        ("e.1", "killed", 5),
        ("e.2", "killed", 5),
        ("e.3", "unclassified", 5),
    ]
    assert tally.skipped[("links", "Toll"), "its harm is safe"] == 1
    reason = "the mapping has no code for harm 'odd', which is left open"
    assert tally.skipped[("links", "Toll"), reason] == 1


def test_attributes_that_nothing_uses_stay_with_the_item_or_with_what_words_belong_to() -> None:
    fields = {"incident_type": {"from": "kind", "values": {"shells": "shelling_missile"}}}
    rules = {
        "Attack": {"makes": "incident", "fields": fields, "links": {"In": {"span": "place"}}},
        "Town": WORDS,
    }
    marks = [ATTACK, mark("o", "Town", "Orra", size="small")]
    article, tally = made(rules, marks, [Link("In", "e", "o")])
    (incident,) = article["incidents"]
    assert incident["incident_type"] == "shelling_missile"
    assert incident["attributes"] == {"force": "10", "In": [{"words": "Orra", "size": "small"}]}
    assert tally.attributes == {(("marks", "Attack"), "force"): 1, (("marks", "Town"), "size"): 1}


def test_of_several_rules_the_first_that_holds_is_taken() -> None:
    rules = {
        "Group": [
            {"where": {"@linked_as": ["By"]}, "makes": "actor"},
            {"where": {"@text": ["It"]}, "skip": "a pronoun"},
            {"makes": "words"},
        ],
        "Att*": {"makes": "incident", "links": {"By": {"participant": {"role": "initiator"}}}},
        "*": {"skip": "never"},
    }
    article, tally = made(rules, [ATTACK, ARMY, IT], [Link("By", "e", "a")])
    assert [each["name"] for each in article["actors"]] == ["The army"]
    assert tally.skipped[("marks", "Group"), "a pronoun"] == 1


def test_a_link_may_be_read_from_its_end() -> None:
    speaks = {"makes": "statement", "linked_from": {"Says": {"field": "speaker"}}}
    links = [Link("Says", "a", "s"), Link("Says", "b", "s")]
    marks = [ARMY, IT, mark("s", "Speech", "five died")]
    article, tally = made({"Speech": speaks, "Group": ACTOR}, marks, links)
    assert article["statements"][0]["speaker"] == "a"
    assert tally.skipped[("links", "Says"), "speaker is another already"] == 1


def test_links_to_what_makes_no_item_are_listed() -> None:
    speaks = {"makes": "statement", "links": {"By": {"field": "speaker"}}}
    attack = {"makes": "incident", "links": {"By": {"participant": {"role": "initiator"}}}}
    marks = [mark("s", "Speech", "five died"), ATTACK, mark("o", "Town", "Orra")]
    links = [Link("By", "s", "o"), Link("By", "e", "o")]
    article, tally = made({"Speech": speaks, "Attack": attack, "Town": WORDS}, marks, links)
    assert tally.skipped[("links", "By"), "Town, which it names, makes no item"] == 1
    assert tally.skipped[("links", "By"), "Town, which takes part, makes no actor"] == 1
    assert "speaker" not in article["statements"][0]


def test_values_that_marks_share_join_and_unite_them() -> None:
    joins = (
        {
            "label": "By",
            "from": "Speech",
            "from_attribute": "n",
            "to": "Group",
            "to_attribute": "of",
        },
    )
    marks = [
        mark("s", "Speech", "five", n="1"),
        mark("t", "Speech", "died", n="1"),
        Mark("a", "Group", ARMY.pieces, None, {"of": ("1", "6")}),
    ]
    speaks = {"makes": "statement", "links": {"By": {"field": "speaker", "span": "source"}}}
    article, _ = made(
        {"Speech": speaks, "Group": ACTOR}, marks, [], joins=joins, unite={"Speech": "n"}
    )
    (statement,) = article["statements"]
    parts = [(e["quote"], e.get("part", 0)) for e in statement["evidence"]]
    assert parts == [("five", 0), ("died", 1), ("The army", 0)]


def test_values_that_stand_for_none_unite_and_join_nothing() -> None:
    marks = [
        mark("s", "Speech", "five", n="0"),
        mark("t", "Speech", "died", n="0"),
        mark("a", "Group", "The army", of="0"),
    ]
    join = {"from": "Speech", "from_attribute": "n", "to": "Group", "to_attribute": "of"}
    rules = {
        "Speech": {"makes": "statement", "links": {"By": {"field": "speaker"}}},
        "Group": ACTOR,
    }
    tied: dict[str, Any] = {"joins": ({"label": "By", **join},), "unite": {"Speech": "n"}}
    article, _ = made(rules, marks, [], **tied, no_ids=frozenset({"0"}))
    assert [each.get("speaker") for each in article["statements"]] == [None, None]
    # Elsewhere it is an id as any other.
    article, _ = made(rules, marks, [], **tied)
    assert [each["speaker"] for each in article["statements"]] == ["a"]


def test_ids_and_names_fit_and_differ() -> None:
    assert [local_id(each) for each in ("a b", "-q", "", "é")] == ["a-b", "x-q", "x", "x-"]
    assert len(local_id("x" * 300)) <= 200
    assert (len(name_of("x" * 161)), name_of("x" * 160)) == (160, "x" * 160)
    marks = [mark("a b", "Group", "The army"), mark("a-b", "Group", "It")]
    article, _ = made({"Group": ACTOR}, marks, [])
    assert [each["id"] for each in article["actors"]] == ["a-b", "a-b-"]
