"""Articles of the benchmark corpus made unusual or wrong, each in one way of several.

A `SOUND` way keeps the article's meaning and takes a form that few annotations have; a `WRONG`
way breaks a rule. Each takes the JSON document of an article and changes it in place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from random import Random

from invented.story import Item

Way = Callable[[Item], None]


def dirty_articles(ways: tuple[Way, ...], count: int, seed: int) -> dict[int, Way]:
    """Article number -> how it is changed; one article in 100, at least one, ways in turn."""
    chosen = Random(f"{seed}/dirt").sample(range(count), max(1, count // 100))
    return {index: ways[turn % len(ways)] for turn, index in enumerate(chosen)}


def attribute_added(document: Item) -> None:
    """An attribute that no codebook declares."""
    document["actors"][0]["attributes"] = {"desk": "north"}


def quote_without_offsets(document: Item) -> None:
    """A quote whose place has to be searched for."""
    for key in ("start", "end"):
        del document["incidents"][0]["evidence"][0][key]


def span_with_digest(document: Item) -> None:
    """A span that carries the hash of its words."""
    span = document["statements"][0]["evidence"][0]
    span["exact_sha256"] = hashlib.sha256(span["quote"].encode()).hexdigest()


def span_of_another_annotator(document: Item) -> None:
    """A span that was annotated by somebody else than the article."""
    document["statements"][1]["evidence"][0]["annotation"] = {"method": "manual", "annotator": "b"}


def role_missing(document: Item) -> None:
    """A participant without a role."""
    del document["incidents"][0]["participants"][0]["role"]


def span_moved(document: Item) -> None:
    """A span one character beside its quote."""
    span = document["incidents"][0]["evidence"][0]
    span["start"] += 1
    span["end"] += 1


def speaker_unknown(document: Item) -> None:
    """A statement whose speaker is no actor of the article."""
    document["statements"][0]["speaker"] = "nobody"


def type_unknown(document: Item) -> None:
    """An incident of a type that the vocabulary has not."""
    document["incidents"][1]["incident_type"] = "quarrel"


def count_in_words(document: Item) -> None:
    """A count that is a text."""
    document["incidents"][0]["casualties"][0]["count"] = "many"


def date_impossible(document: Item) -> None:
    """A date that no calendar has."""
    document["incidents"][0]["date_start"] = "2011-02-30"


def text_changed(document: Item) -> None:
    """A text that is not the one that was hashed."""
    document["text"] += "\n"


SOUND: tuple[Way, ...] = (
    attribute_added,
    quote_without_offsets,
    span_with_digest,
    span_of_another_annotator,
)
WRONG: tuple[Way, ...] = (
    role_missing,
    span_moved,
    speaker_unknown,
    type_unknown,
    count_in_words,
    date_impossible,
    text_changed,
)
