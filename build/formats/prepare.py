"""A document before its marks get meaning: what the mapping unites and joins is tied by links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from dateline.build.formats.mapping import MappingFile
from dateline.build.formats.source import Document, Link, Lost, Mark


def prepared(document: Document, mapping: MappingFile) -> Document:
    """The document with marks of one discontinuous span as one, and a link for each join."""
    document = _once(document)
    marks, now = _united(document, mapping)
    links = [
        replace(
            link, source=now.get(link.source, link.source), target=now.get(link.target, link.target)
        )
        for link in document.links
    ]
    return replace(document, marks=tuple(marks), links=(*links, *_joined(marks, mapping)))


def _once(document: Document) -> Document:
    """The document without marks whose id another one has, which are lost."""
    marks: dict[str, Mark] = {}
    lost = list(document.lost)
    for mark in document.marks:
        if marks.setdefault(mark.id, mark) is not mark:
            lost.append(Lost(mark.label, "its id is there already", mark.line))
    return replace(document, marks=tuple(marks.values()), lost=tuple(lost))


def _united(document: Document, mapping: MappingFile) -> tuple[list[Mark], dict[str, str]]:
    """The marks, and by id of one that is now a piece of another the id of that one."""
    firsts: dict[tuple[str, str], Mark] = {}
    now: dict[str, str] = {}
    for mark in document.marks:
        value = _only(mark, mapping)
        first = firsts.get((mark.label, value)) if value else None
        if first is None:
            firsts[mark.label, value or f"\0{mark.id}"] = mark
        else:
            now[mark.id] = first.id
            pieces = tuple(sorted({*first.pieces, *mark.pieces}))
            values = dict(first.values)
            for name, each in mark.values.items():
                values[name] = tuple(dict.fromkeys((*values.get(name, ()), *each)))
            firsts[mark.label, value] = replace(first, pieces=pieces, quote=None, values=values)
    return list(firsts.values()), now


def _only(mark: Mark, mapping: MappingFile) -> str:
    values = _ids(mark, mapping.unite[mark.label], mapping) if mark.label in mapping.unite else ()
    return values[0] if len(values) == 1 else ""


def _ids(mark: Mark, attribute: str, mapping: MappingFile) -> Sequence[str]:
    return [each for each in mark.values.get(attribute, ()) if each not in mapping.no_ids]


def _joined(marks: list[Mark], mapping: MappingFile) -> list[Link]:
    links = []
    for join in mapping.joins:
        ends = defaultdict(list)
        for mark in marks:
            if mark.label == join["to"]:
                for value in _ids(mark, join["to_attribute"], mapping):
                    ends[value].append(mark)
        links += [
            Link(join["label"], mark.id, end.id, line=mark.line)
            for mark in marks
            if mark.label == join["from"]
            for value in _ids(mark, join["from_attribute"], mapping)
            for end in ends[value]
        ]
    return links


def heads(document: Document, mapping: MappingFile, actors: Collection[str]) -> dict[str, str]:
    """By actor that links call the same as others: the first of them in the text."""
    parents: dict[str, str] = {}

    def top(key: str) -> str:
        while parents.get(key, key) != key:
            key = parents[key]
        return key

    # What stands nowhere is behind what stands somewhere.
    order = {m.id: (not m.pieces, m.pieces[:1], n) for n, m in enumerate(document.marks)}
    for link in document.links:
        if link.label in mapping.same and {link.source, link.target} <= set(actors):
            first, second = sorted((top(link.source), top(link.target)), key=order.__getitem__)
            parents[second] = first
    return {key: top(key) for key in parents}
