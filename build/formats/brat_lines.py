"""The lines of brat's stand-off files, by kind.

The grammar is that of brat's own reader (server/src/annotation.py): lines end in a line feed,
fields are divided by tabs, the first letter of an id gives the kind of a line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from dateline.build.formats.source import Link, Lost, Mark, Span, Values

_ID = re.compile(r"([A-Za-z]+|#[A-Za-z]*)([0-9]+)(.*)|\*")


@dataclass
class Lines:
    """What the lines of one file hold, by kind; texts of values by the id that they speak of."""

    spans: dict[str, Mark] = field(default_factory=dict)
    events: dict[str, tuple[Mark, str, list[tuple[str, str]]]] = field(default_factory=dict)
    relations: dict[str, Link] = field(default_factory=dict)
    equals: list[Link] = field(default_factory=list)
    values: defaultdict[str, list[tuple[str, str, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    lost: list[Lost] = field(default_factory=list)

    def has(self, key: str) -> bool:
        """Whether something of this id is there."""
        return key in self.spans or key in self.events or key in self.relations

    def values_of(self, key: str) -> Values:
        """The values of attributes, normalisations and notes about an id."""
        found: dict[str, tuple[str, ...]] = {}
        for label, value, _ in self.values.get(key, []):
            found[label] = (*found.get(label, ()), value)
        return found


def read_lines(content: str, lines: Lines) -> None:
    """Takes the lines of a file in; those that cannot be read are among the lost."""
    records: list[tuple[int, str]] = []
    for number, line in enumerate(content.split("\n"), 1):
        line = line.removesuffix("\r")
        if records and line and "\t" not in line and _goes_on(records[-1][1]):
            records[-1] = (records[-1][0], f"{records[-1][1]}\n{line}")
        elif line.strip():
            records.append((number, line))
    for number, record in records:
        reason = _read(record, number, lines)
        if reason is not None:
            lines.lost.append(Lost(f"line {record[:1]}", f"{reason}: {record[:60]!r}", number))


def _goes_on(record: str) -> bool:
    """Whether a span has a newline inside: its words are shorter than its offsets say."""
    kind, _, quote = record.partition("\t")[2].partition("\t")
    offsets = kind.partition(" ")[2]
    try:
        pieces = [_piece(each) for each in offsets.split(";")]
    except ValueError:
        return False
    return record.startswith("T") and len(quote) < sum(end - start for start, end in pieces)


def _read(record: str, number: int, lines: Lines) -> str | None:
    """Takes one line in; the reason why it cannot be taken, null where it is."""
    key, _, rest = record.partition("\t")
    if not _ID.fullmatch(key):
        return "expected an id and a tab"
    if key != "*" and lines.has(key):
        return f"{key} is there already"
    reader = _READERS.get(key[0])
    if reader is None:
        return f"{key[0]} is no kind of line"
    try:
        reader(key, rest, number, lines)
    except (ValueError, IndexError):
        return f"not the form of a line {key[0]}"
    return None


def _span(key: str, rest: str, number: int, lines: Lines) -> None:
    kind, _, quote = rest.partition("\t")
    label, _, offsets = kind.partition(" ")
    pieces = tuple(_piece(each) for each in offsets.split(";"))
    lines.spans[key] = Mark(key, label, pieces, quote, line=number)


def _piece(offsets: str) -> Span:
    start, end = map(int, offsets.split())
    return start, end


def _event(key: str, rest: str, number: int, lines: Lines) -> None:
    parts = [part.partition(":") for part in rest.split()]
    (label, colon, trigger), *arguments = parts
    if not colon or not all(each[1] for each in arguments):
        raise ValueError(rest)
    roles = [(role, target) for role, _, target in arguments]
    lines.events[key] = (Mark(key, label, line=number), trigger, roles)


def _relation(key: str, rest: str, number: int, lines: Lines) -> None:
    label, *arguments = rest.split()
    (first, source), (second, target) = (each.split(":", 1) for each in arguments)
    values = {"from": (first,), "to": (second,)}
    lines.relations[key] = Link(label, source, target, values, number)


def _equal(_: str, rest: str, number: int, lines: Lines) -> None:
    label, first, *others = rest.split()
    lines.equals += [Link(label, first, other, line=number) for other in others]


def _attribute(_: str, rest: str, number: int, lines: Lines) -> None:
    label, target, *value = rest.split(maxsplit=2)
    lines.values[target].append((label, value[0] if value else "true", number))


def _normalisation(_: str, rest: str, number: int, lines: Lines) -> None:
    label, target, reference = rest.partition("\t")[0].split(maxsplit=2)
    lines.values[target].append((label, reference, number))


def _note(_: str, rest: str, number: int, lines: Lines) -> None:
    kind, _, words = rest.partition("\t")
    label, target = kind.split()
    lines.values[target].append((label, words, number))


_READERS = {
    "T": _span,
    "E": _event,
    "R": _relation,
    "*": _equal,
    "A": _attribute,
    "M": _attribute,
    "N": _normalisation,
    "#": _note,
}
