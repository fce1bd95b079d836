"""One annotated article of the benchmark corpus: source, actors, incidents."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from random import Random

from invented import sentences
from invented.claims import bystanders, fighters, first_claims, second_claims
from invented.events import TITLES, WEAPONS, Event
from invented.statements import statements
from invented.story import Item, Story, tell


def article(seed: int, index: int, shared: tuple[Event, int] | None) -> Item:
    """The annotated article of this number; the same for the same arguments."""
    rng = Random(f"{seed}/{index}")
    story = tell(rng, seed, index, shared)
    return {
        "version": 1,
        "id": story.id,
        "source": source(rng, story),
        "text": story.text,
        "text_sha256": hashlib.sha256(story.text.encode()).hexdigest(),
        "text_length": len(story.text),
        "annotation": {"method": "manual", "annotator": f"a{index % 7}"},
        "actors": actors(story),
        "incidents": incidents(story),
        "statements": statements(story),
    }


def source(rng: Random, story: Story) -> Item:
    """Where and when the article was printed; the date in one of the three accepted forms."""
    clock = f"{rng.randrange(24):02d}:{rng.randrange(60):02d}"
    form = rng.choice(("", "T{}Z", "T{}:30Z", "T{}:00+02:00"))
    publisher = rng.choice(sentences.PUBLISHERS)
    return {
        "publisher": publisher,
        "url": f"https://{publisher.split()[-1].lower()}.example.org/{story.id}",
        "headline": f"{story.slots['army']} and {story.slots['rebel']}: {story.first.place} shaken",
        "dateline": f"{story.first.place.upper()}, {story.day:%d %b}",
        "dateline_country": sentences.COUNTRIES[story.first.country][0],
        "published_at": f"{story.day}{form.format(clock)}",
        "retrieved_at": f"{story.day + timedelta(days=2)}T06:00:00Z",
        "language": "en",
        "license": "LicenseRef-proprietary",
    }


def actors(story: Story) -> list[Item]:
    """Three actors with a key, the same in every article, and three of this article's own."""
    slots, code = story.slots, sentences.COUNTRIES[story.first.country][0]
    kinds = {
        "ministry": ("organization", "government", slots["ministry"]),
        "army": ("organization", "state_military", slots["army"]),
        "rebel": ("organization", "rebel_group", slots["rebel"]),
        "spokes": ("person", "state_military", slots["spokes"]),
        "residents": ("unnamed_group", "witness_resident", f"residents of {slots['place2']}"),
        "witness": (
            "unnamed_person",
            "witness_resident",
            f"{slots['witness']} from {slots['place2']}",
        ),
    }
    extra: dict[str, Item] = {
        "ministry": {"aliases": [f"{slots['ministry'].split()[0]} Ministry of Defence"]},
        "army": {"parent": "ministry", "active_from": "1921"},
        "rebel": {"aliases": [f"{slots['rebel'].split()[0]} fighters"], "active_from": "1998-05"},
        "spokes": {"privacy_class": "public_figure"},
    }
    return [
        {"id": local, "name": name, "entity_kind": kind, "actor_type": actor_type}
        | {"country_code": code}
        | ({"key": key_of(name)} if kind == "organization" else {})
        | extra.get(local, {})
        | {"evidence": story.evidence(local, "mention")}
        for local, (kind, actor_type, name) in kinds.items()
    ]


def key_of(name: str) -> str:
    """The dataset-wide key of a keyed actor, in the ASCII form that keys have."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().translate(str.maketrans("ëåøé", "eaoe")))


def incidents(story: Story) -> list[Item]:
    """The fight that opens the article, and the event of the same days elsewhere."""
    return [
        incident(story, "i1", story.first)
        | {"participants": fighters(story), "casualties": first_claims(story)},
        incident(story, "i2", story.second)
        | {"participants": bystanders(story), "casualties": second_claims(story)},
    ]


def incident(story: Story, local: str, event: Event) -> Item:
    """The facts of an incident with its evidence; what can be derived is left out."""
    window = (
        {"date_precision": "day"}
        if event.start == event.end
        else {"date_end": str(event.end), "date_precision": "days"}
    )
    return {
        "id": local,
        **({"key": event.key} if event.key else {}),
        "incident_type": event.kind,
        "title": TITLES[event.kind].format(event.place),
        "date_start": str(event.start),
        **window,
        **({"weapon_type": WEAPONS[event.kind]} if event.kind in WEAPONS else {}),
        "location": {
            "country_code": sentences.COUNTRIES[event.country][0],
            "admin1": event.region,
            "place_name": event.place,
            "latitude": event.point[0],
            "longitude": event.point[1],
            "geo_precision": event.geo_precision,
        },
        "evidence": [
            *story.evidence(f"{local}.type", "trigger", "incident_type"),
            *story.evidence(f"{local}.date", "date", "date_start"),
            *story.evidence(f"{local}.place", "place", "place_name"),
        ],
    }
