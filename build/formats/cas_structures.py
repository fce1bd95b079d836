"""Feature structures of a UIMA CAS as marks and links, as dkpro-cassis gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dateline.build.formats.source import Link, Lost, Mark, Span, parted

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


def label_of(structure: Any) -> str:
    """The short name of a structure's type."""
    return str(structure.type.name).rpartition(".")[2]


def taken(
    structures: Sequence[Any], text: str, unmapped: set[int]
) -> tuple[list[Mark], list[Link], list[Lost]]:
    """Marks, links and what is lost of these structures; `unmapped` are offsets that are none."""
    found: list[Mark | Link | Lost] = []
    for each in structures:
        # Whatever has a structure of a role gets a link of it.
        if not ({"role", "target"} <= _names(each) and not hasattr(each, "begin")):
            found += _taken(each, text, unmapped)
    marks = [each for each in found if isinstance(each, Mark)]
    links, loose = parted((each for each in found if isinstance(each, Link)), marks)
    lost = [each for each in found if isinstance(each, Lost)]
    lost += [Lost(link.label, "it ties what is not both an annotation") for link in loose]
    return marks, links, lost


def _taken(structure: Any, text: str, unmapped: set[int]) -> Iterator[Mark | Link | Lost]:
    """The mark of a structure and links from it, or the link that it is."""
    label = label_of(structure)
    if label in _SEGMENTS:
        yield Lost(label, "the tool makes it of the text")
        return
    values, ties = _features(structure)
    governor = getattr(structure, "Governor", None)
    dependent = getattr(structure, "Dependent", None)
    if governor is not None and dependent is not None:
        # A relation layer: its own place is that of the dependent.
        name = values.popitem()[1][0] if len(values) == 1 else label
        yield Link(name, str(governor.xmiID), str(dependent.xmiID), values)
        return
    piece = _piece(structure)
    if piece and ({*piece} & unmapped or not 0 <= piece[0] < piece[1] <= len(text)):
        yield Lost(label, "its offsets are no span of the text")
        piece = None
    words = text[slice(*piece)].split() if piece else []
    # A feature that repeats the words says nothing more.
    more = {name: said for name, said in values.items() if " ".join(said).split() != words}
    yield Mark(str(structure.xmiID), label, (piece,) if piece else (), None, more)
    yield from ties


def _piece(structure: Any) -> Span | None:
    begin, end = getattr(structure, "begin", None), getattr(structure, "end", None)
    return None if begin is None or end is None else (begin, end)


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
    found = (each.get("documentId") for each in structures if label_of(each) == "DocumentMetaData")
    return next((str(each) for each in found if each), None)
