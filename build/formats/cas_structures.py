"""Feature structures of a UIMA CAS as marks and links, as dkpro-cassis gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from dateline.build.formats.source import Link, Lost, Mark

# What tools make of the text itself, no annotation.
_SEGMENTS = {
    "DocumentAnnotation",
    "DocumentMetaData",
    "Paragraph",
    "Sentence",
    "Sofa",
    "TagsetDescription",
    "Token",
}
_OWN = {"begin", "end", "sofa", "xmiID", "type", "Governor", "Dependent"}


def _short(structure: Any) -> str:
    return str(structure.type.name).rpartition(".")[2]


def taken(
    structures: Sequence[Any], text: str, unmapped: set[int]
) -> tuple[list[Mark], list[Link], list[Lost]]:
    """Marks, links and what is lost of these structures; `unmapped` are offsets that are none."""
    marks: list[Mark] = []
    links: list[Link] = []
    lost: list[Lost] = []
    for each in structures:
        label = _short(each)
        if label in _SEGMENTS:
            lost.append(Lost(label, "the tool makes it of the text"))
            continue
        if {"role", "target"} <= _names(each) and not hasattr(each, "begin"):
            # Whatever has it gets a link of that role.
            continue
        values, ties = _features(each)
        first_end, last_end = getattr(each, "Governor", None), getattr(each, "Dependent", None)
        if first_end is not None and last_end is not None:
            # A relation layer: its own place is that of the dependent.
            first = next(iter(values), "")
            name = values.pop(first)[0] if len(values) == 1 else label
            links.append(Link(name, str(first_end.xmiID), str(last_end.xmiID), values))
            continue
        begin, end = getattr(each, "begin", None), getattr(each, "end", None)
        pieces: tuple[tuple[int, int], ...] = ()
        if begin is not None and end is not None:
            if {begin, end} & unmapped or not 0 <= begin < end <= len(text):
                lost.append(Lost(label, "its offsets are no span of the text"))
            else:
                pieces = ((begin, end),)
        words = " ".join(" ".join(text[slice(*piece)] for piece in pieces).split())
        # A feature that repeats the words says nothing more.
        values = {n: v for n, v in values.items() if " ".join(" ".join(v).split()) != words}
        marks.append(Mark(str(each.xmiID), label, pieces, None, values))
        links += ties
    known = {mark.id for mark in marks}
    lost += [
        Lost(link.label, "it ties what is not both an annotation")
        for link in links
        if not {link.source, link.target} <= known
    ]
    return marks, [each for each in links if {each.source, each.target} <= known], lost


def _features(structure: Any) -> tuple[dict[str, tuple[str, ...]], list[Link]]:
    """Values that are set, and a link for each feature structure that a feature refers to."""
    values: dict[str, tuple[str, ...]] = {}
    links: list[Link] = []
    source = str(structure.xmiID)
    for feature in structure.type.all_features:
        value = structure.get(feature.name)
        if feature.name in _OWN or value is None:
            continue
        found = list(getattr(value, "elements", None) or ([value] if not _is_array(value) else ()))
        plain = tuple(word for each in found if not _is_structure(each) for word in _words(each))
        if plain:
            values[feature.name] = plain
        links += [
            _link(feature.name, source, each) for each in found if each and _is_structure(each)
        ]
    return values, links


def _words(value: Any) -> Iterable[str]:
    """The words of a value; blanks stand for nothing, several ids are divided by them."""
    if isinstance(value, bool):
        return [str(value).lower()]
    return str(value).split() if re.fullmatch(r"[\d ]*", str(value)) else [str(value)]


def _is_structure(value: Any) -> bool:
    return hasattr(value, "xmiID") and hasattr(value, "type")


def _is_array(value: Any) -> bool:
    return hasattr(value, "elements")


def _link(name: str, source: str, value: Any) -> Link:
    """A link to a structure, or by way of one that has a role and a target."""
    target = value.get("target") if hasattr(value, "get") and "role" in _names(value) else None
    if target is not None:
        return Link(str(value.get("role") or name), source, str(target.xmiID))
    return Link(name, source, str(value.xmiID))


def _names(structure: Any) -> set[str]:
    return {feature.name for feature in structure.type.all_features}


def language_of(structures: Iterable[Any]) -> object:
    """The language that a document says it has."""
    return next((each.get("language") for each in structures if "language" in _names(each)), None)


def name_of(structures: Iterable[Any]) -> str | None:
    """The document's own name, of its metadata."""
    found = (each.get("documentId") for each in structures if _short(each) == "DocumentMetaData")
    return next((str(each) for each in found if each), None)
