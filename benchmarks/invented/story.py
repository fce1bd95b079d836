"""What one article of the benchmark corpus tells: facts drawn from its own seed, and its text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from invented import sentences
from invented.events import Event, first_event, second_event, word

Item = dict[str, Any]
Spans = dict[str, list[tuple[int, int]]]

TEXT_LENGTH = 4850
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PREFIXES = {"at_least": "at least ", "approximately": "about "}


@dataclass(frozen=True)
class Story:
    """The facts of one article, its text, and where each tag of a template stands in it."""

    id: str
    day: date
    later: int
    first: Event
    second: Event
    quantifiers: tuple[str, str]
    rivalled: bool
    disputed: bool
    slots: dict[str, str]
    text: str
    spans: Spans

    def evidence(self, tag: str, role: str, field: str | None = None) -> list[Item]:
        """Evidence items of one tag, in text order."""
        return [
            {"role": role, "start": start, "end": end, "quote": self.text[start:end]}
            | ({"field": field} if field else {})
            for start, end in self.spans[tag]
        ]


def tell(rng: Random, seed: int, index: int, shared: tuple[Event, int] | None) -> Story:
    """The facts, and the text with the spans of its tags."""
    first, later = shared or (first_event(rng, 2 * index), 0)
    day = first.end + timedelta(days=1 + later)
    second = second_event(rng, 2 * index + 1, first, day)
    quantifiers = (
        rng.choice(("exact", "at_least")),
        rng.choice(("exact", "at_least", "approximately", "vague")),
    )
    rivalled = rng.random() < 0.5
    disputed = second.harm == "killed" and rng.random() < 0.5
    slots = fill_slots(rng, index, first, second, later, quantifiers)
    paragraphs = (
        sentences.LEADS[first.kind],
        rng.choice(sentences.TOLLS),
        sentences.SPOKES,
        sentences.REBEL_MIXED if rivalled else sentences.REBEL_DIRECT,
        sentences.PARTS,
        sentences.SECONDS[second.kind],
        sentences.WITNESS,
        sentences.COUNTS[second.harm],
        sentences.DISPUTED if disputed else sentences.NESTED,
        sentences.BACKGROUND,
    )
    text, spans = parse(compose(rng, paragraphs).format(**slots))
    story_id = f"bench-{seed}-{index:07d}"
    facts = (story_id, day, later, first, second, quantifiers, rivalled, disputed)
    return Story(*facts, slots, text, spans)


def fill_slots(
    rng: Random, index: int, first: Event, second: Event, later: int, quantifiers: tuple[str, str]
) -> dict[str, str]:
    """Slot of the templates -> words."""
    _, state, _, _ = sentences.COUNTRIES[first.country]
    family = word(9_000_000 + index)
    return {
        "army": f"{state} Army",
        "ministry": f"{state} Defence Ministry",
        "rebel": f"{word(8_000_000 + first.rebel)} {sentences.GROUPS[first.rebel % 4]}",
        "family": family,
        "spokes": f"{rng.choice(sentences.GIVEN)} {family}",
        "witness": rng.choice(sentences.WITNESSES),
        "place1": first.place,
        "place2": second.place,
        "admin1": first.region,
        "day1": f"{first.start:%A}",
        "day2": f"{second.start:%A}",
        "killed": count_words(first.killed + later, quantifiers[0]),
        "injured": count_words(first.injured + later, "exact"),
        "rival": count_words(first.killed + later + first.rival, "exact"),
        "civilians": "two",
        "second": count_words(second.killed, quantifiers[1]),
        "spokes_quote": rng.choice(sentences.SPOKES_QUOTES),
        "rebel_quote": rng.choice(sentences.REBEL_QUOTES),
        "witness_quote": rng.choice(sentences.WITNESS_QUOTES),
    }


def count_words(number: int, quantifier: str) -> str:
    """A count as an article prints it."""
    if quantifier == "vague":
        return "dozens of"
    return PREFIXES.get(quantifier, "") + (NUMBERS[number] if number < 10 else str(number))


def compose(rng: Random, paragraphs: tuple[str, ...]) -> str:
    """The annotated paragraphs, each followed by its share of the filler."""
    size, filler = len(parse("\n\n".join(paragraphs))[0]), []
    for sentence in rng.sample(sentences.FILLER, len(sentences.FILLER)):
        if size < TEXT_LENGTH:
            filler.append(sentence)
            size += len(sentence) + 1
    count = len(paragraphs)
    mixed = [" ".join([own, *filler[n::count]]) for n, own in enumerate(paragraphs)]
    return ("📷 Photo: archive\n" if rng.random() < 0.2 else "") + "\n\n".join(mixed)


def parse(marked: str) -> tuple[str, Spans]:
    """Plain text, and the spans of each tag in code points."""
    spans: Spans = defaultdict(list)
    plain: list[str] = []
    opened: list[tuple[list[str], int]] = []
    length = 0
    for token in re.split(r"(⟦[^|]*\||⟧)", marked):
        if token.startswith("⟦"):
            opened.append((token[1:-1].split("+"), length))
        elif token == "⟧":
            tags, start = opened.pop()
            for tag in tags:
                spans[tag].append((start, length))
        else:
            plain.append(token)
            length += len(token)
    return "".join(plain), spans
