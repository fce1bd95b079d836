"""Participants and casualty claims of the incidents of one article."""

from __future__ import annotations

from typing import Any

from invented.story import Item, Story


def participant(story: Story, tag: str, actor: str, role: str, side: str, **more: Any) -> Item:
    """One role in an incident."""
    lead = {"side": side, "is_primary": True} if side else {}
    return {"actor": actor, "role": role, **lead, **more, "evidence": story.evidence(tag, "role")}


def fighters(story: Story) -> list[Item]:
    """Army and armed group: both in the article's voice, or both as the army tells it."""
    if story.first.kind == "armed_clash":
        return [
            participant(story, "p11", "army", "belligerent", "a"),
            participant(story, "p12", "rebel", "belligerent", "b"),
        ]
    told = {"attributed_by": "army", "statement": "s1"}
    return [
        participant(
            story, "p11", "army", "initiator", "a", attribution_basis="claimed_or_admitted", **told
        ),
        participant(
            story, "p12", "rebel", "target", "b", attribution_basis="stated_by_authorities", **told
        ),
    ]


def bystanders(story: Story) -> list[Item]:
    """The armed group as residents or the army name it, and the residents; or a march alone."""
    kind = story.second.kind
    if kind == "peaceful_protest":
        return [participant(story, "p22", "residents", "protester", "")]
    told = (
        {"attribution_basis": "stated_by_authorities", "attributed_by": "army", "statement": "s7"}
        if story.disputed
        else {"attribution_basis": "stated_by_others", "attributed_by": "residents"}
        | {"statement": "s6"}
    )
    roles = ("captor", "captive") if kind == "abduction" else ("initiator", "victim")
    return [
        participant(story, "p21", "rebel", roles[0], "a", **told),
        participant(story, "p22", "residents", roles[1], "b"),
    ]


def claim(story: Story, tag: str, claimant: str, statement: str, **fields: Any) -> Item:
    """One casualty claim with the words it rests on."""
    return {"claimant": claimant, "statement": statement, **fields} | {
        "evidence": story.evidence(tag, "count")
    }


def first_claims(story: Story) -> list[Item]:
    """The ministry's toll, the armed group's where it gives one, and the residents' part of it."""
    slots, killed = story.slots, story.first.killed + story.later
    dead: Item = {"harm_type": "killed", "victim_category": "all", "victim_set": "dead"}
    hurt: Item = {"harm_type": "injured", "victim_category": "all", "victim_set": "hurt"}
    stated = {"quantifier": story.quantifiers[0], "count": killed, "count_text": slots["killed"]}
    found = [
        claim(story, "c1", "ministry", "s2", **dead, **stated),
        claim(story, "c2", "ministry", "s2", **hurt, count=story.first.injured + story.later),
    ]
    if story.rivalled:
        rival = killed + story.first.rival
        found.append(claim(story, "c0", "rebel", "s4", **dead, count=rival))
    part = {"victim_category": "civilian", "covers_set": False, "count": 2, "count_text": "two"}
    return [*found, claim(story, "c3", "residents", "s3", **(dead | part), id="millers")]


def second_claims(story: Story) -> list[Item]:
    """The residents' count of the second event, and a denial where there is one."""
    if not story.second.harm:
        return []
    set_of: Item = {"harm_type": story.second.harm, "victim_set": "village"}
    set_of |= {"victim_category": "civilian"}
    quantifier = story.quantifiers[1]
    count: Item = {"quantifier": quantifier, "count_text": story.slots["second"]}
    count |= {"count_low": 12} if quantifier == "vague" else {"count": story.second.killed}
    own = {"covers_set": True, "victim_actor": "residents"}
    found = [claim(story, "c4", "residents", "s6", **set_of, **own, **count)]
    if story.disputed:
        denial = {"stance": "denies", "covers_set": False, "quantifier": "none_stated"}
        found.append(claim(story, "c5", "rebel", "s8", **set_of, **denial))
    return found
