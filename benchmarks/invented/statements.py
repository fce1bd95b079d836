"""The statements of one article."""

from __future__ import annotations

from typing import Any

from invented.story import Item, Story


def statement(
    story: Story, local: str, speaker: str, act: str, topic: str, paraphrase: str, **more: Any
) -> Item:
    """One statement: source, cue and content spans; indirect unless `more` says otherwise."""
    cue, *_ = story.evidence(f"{local}.cue", "cue")
    return {
        "id": local,
        "speaker": speaker,
        "quote_type": "indirect",
        "speech_act": act,
        "topic": topic,
        "cue_text": cue["quote"],
        "paraphrase": paraphrase,
        **more,
        "evidence": [
            *story.evidence(f"{local}.source", "source"),
            cue,
            *story.evidence(f"{local}.content", "content"),
        ],
    }


def statements(story: Story) -> list[Item]:
    """The eight statements of the article, s1 to s8."""
    slots = story.slots
    claimed = "The armed group gives its own toll and vows to stay."
    quote = slots["rebel_quote"] + ("" if story.rivalled else ",")
    rebel = (
        ("assert", "casualties", claimed, "mixed")
        if story.rivalled
        else ("condemn", "condemnation", "The armed group vows to stay.", "direct")
    )
    asked = not story.second.harm
    return [
        statement(
            story,
            "s1",
            "spokes",
            "assert",
            "operations",
            "The army calls the operation a success.",
            on_behalf_of="army",
            quote_type="direct",
            quote_text=slots["spokes_quote"],
            incident="i1",
            said_on=str(story.day),
        ),
        statement(
            story,
            "s2",
            "ministry",
            "assert",
            "casualties",
            "The ministry puts a number on the dead.",
            incident="i1",
        ),
        statement(
            story,
            "s3",
            "residents",
            "assert",
            "casualties",
            "Locals name millers among the dead.",
            incident="i1",
        ),
        statement(
            story,
            "s4",
            "rebel",
            *rebel[:3],
            quote_type=rebel[3],
            quote_text=quote,
            incident="i1",
            target="army",
        ),
        statement(
            story,
            "s5",
            "witness",
            "assert",
            "incident_account",
            "A witness recounts the hours.",
            quote_type="direct",
            quote_text=slots["witness_quote"] + ",",
            incident="i2",
        ),
        statement(
            story,
            "s6",
            "residents",
            "call_for" if asked else "assert",
            "humanitarian" if asked else "casualties",
            "Locals want the bridge opened." if asked else "Locals give a number.",
            incident="i2",
        ),
        *(accusation(story) if story.disputed else warning(story)),
    ]


def accusation(story: Story) -> list[Item]:
    """The army blames the armed group, which denies it."""
    return [
        statement(
            story,
            "s7",
            "spokes",
            "accuse",
            "responsibility",
            "The army accuses the armed group.",
            on_behalf_of="army",
            target="rebel",
            incident="i2",
        ),
        statement(
            story,
            "s8",
            "rebel",
            "deny",
            "casualties",
            "The armed group says it harmed nobody.",
            incident="i2",
        ),
    ]


def warning(story: Story) -> list[Item]:
    """The witness passes on a warning: a statement within a statement."""
    return [
        statement(
            story,
            "s7",
            "witness",
            "assert",
            "other",
            "The witness speaks of an earlier threat.",
        ),
        statement(
            story,
            "s8",
            "rebel",
            "warn_threaten",
            "operations",
            "Fighters threaten a closure.",
            addressee="residents",
            parent="s7",
        ),
    ]
