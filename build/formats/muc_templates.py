"""Templates of a MUC key as marks and links: the template, its place, the fillers of its slots."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from dateline.build.formats.muc_keys import Template
from dateline.build.formats.muc_slots import Filler, counts, dates, fillers, location
from dateline.build.formats.source import Link, Lost, Mark, Span, Values

# Slots whose fillers are somebody or something, and the slots that say more about each of those.
_NAMED = {
    "PERP: INDIVIDUAL ID": {},
    "PERP: ORGANIZATION ID": {"PERP: ORGANIZATION CONFIDENCE": "CONFIDENCE"},
    "PHYS TGT: ID": {
        "PHYS TGT: TYPE": "TYPE",
        "PHYS TGT: NUMBER": "NUMBER",
        "PHYS TGT: FOREIGN NATION": "NATION",
        "PHYS TGT: EFFECT OF INCIDENT": "EFFECT",
    },
    "HUM TGT: NAME": {
        "HUM TGT: TYPE": "TYPE",
        "HUM TGT: NUMBER": "NUMBER",
        "HUM TGT: FOREIGN NATION": "NATION",
        "HUM TGT: EFFECT OF INCIDENT": "EFFECT",
    },
    "INCIDENT: INSTRUMENT ID": {"INCIDENT: INSTRUMENT TYPE": "TYPE"},
}
_KINDS = "INCIDENT: INSTRUMENT TYPE"
_DESCRIBED = "HUM TGT: DESCRIPTION"
_NAMED[_DESCRIBED] = _NAMED["HUM TGT: NAME"]
_MORE = {slot for slots in _NAMED.values() for slot in slots}
# Slots that say which template it is, no more.
_IDS = {"MESSAGE: ID", "MESSAGE: TEMPLATE"}
_NARROWEST_FIRST = ("PLACE", "ADMIN2", "ADMIN1", "COUNTRY")

Found = Iterator[Mark | Link | Lost]


def taken(template: Template, key: str, text: str) -> Found:
    """The mark of a template under this key; then its place and fillers, each with its links."""
    placed = location(_first(template, "INCIDENT: LOCATION"))
    yield Mark(key, "template", values=_values(template, placed), line=template.line)
    yield from _place(template, key, placed, text)
    for slot in _NAMED:
        for number, filler in enumerate(fillers(template.slots.get(slot, []))):
            # What describes somebody whom the slot of names has is said there.
            if slot != _DESCRIBED or not filler.about:
                yield from _filled(template, key, slot, number, filler, text)
    yield from _about_nobody(template)


def is_empty(template: Template) -> bool:
    """Whether a template says that its message has no incident."""
    return template.slots.get("MESSAGE: TEMPLATE", ["*"])[0].startswith("*")


def same(marks: Sequence[Mark]) -> list[Link]:
    """Fillers of one slot with the same words in several templates of a message are one."""
    firsts: dict[tuple[str, tuple[Span, ...]], Mark] = {}
    links = []
    for mark in marks:
        if mark.pieces and mark.label in _NAMED:
            first = firsts.setdefault((mark.label, mark.pieces), mark)
            if first is not mark:
                links.append(Link("same words", first.id, mark.id, line=mark.line))
    return links


def _stated(template: Template, slot: str) -> list[str]:
    return [line for line in template.slots.get(slot, ()) if line not in ("-", "*", "")]


def _first(template: Template, slot: str) -> str:
    return next(iter(_stated(template, slot)), "")


def _named(slot: str) -> str:
    """The name of a slot of the template as a whole; both kinds of targets have one of a name."""
    return slot if " TGT: " in slot else slot.partition(": ")[2]


def _values(template: Template, placed: Mapping[str, str]) -> Values:
    """What a template says as a whole: its own slots, the date and place that they mean."""
    values = {
        _named(slot): tuple(_stated(template, slot))
        for slot in template.slots
        if slot not in {*_NAMED, *_MORE, *_IDS} and _stated(template, slot)
    }
    if _first(template, "MESSAGE: TEMPLATE").endswith("(OPTIONAL)"):
        values["OPTIONAL"] = ("true",)
    kinds = [each.value for each in fillers(template.slots.get(_KINDS, []))]
    if any(kinds):
        values["INSTRUMENT TYPE"] = tuple(dict.fromkeys(filter(None, kinds)))
    meant = {**dates(_first(template, "INCIDENT: DATE")), **placed}
    return {**values, **{name: (value,) for name, value in meant.items()}}


def _place(template: Template, key: str, placed: Mapping[str, str], text: str) -> Found:
    """The mark of the narrowest name of a place that stands in the text."""
    found = (_places(text, [placed[name]]) for name in _NARROWEST_FIRST if name in placed)
    places = next(filter(None, found), None)
    if places:
        label, place = "INCIDENT: LOCATION", f"{key}.place"
        first, others = tuple(places[:1]), tuple(places[1:])
        yield Mark(place, label, first, line=template.line, others=others)
        yield Link(label, key, place, line=template.line)


def _filled(
    template: Template, owner: str, slot: str, number: int, filler: Filler, text: str
) -> Found:
    """The mark of a filler, with links from its template: one, and one for each effect."""
    label = "HUM TGT: NAME" if slot == _DESCRIBED else slot
    key = f"{owner}.{label.replace(' ', '').replace(':', '-')}-{slot[9:10]}{number}"
    values, line = _said(template, slot, filler), template.line
    places = _places(text, filler.strings)
    quote = None if places else filler.strings[0]
    if not places:
        yield Lost(slot, f"its words stand nowhere: {quote!r}", line)
    yield Mark(key, label, tuple(places[:1]), quote, values, line, tuple(places[1:]))
    yield Link(label, owner, key, values, line)
    for each in values.get("EFFECT", ()):
        effect = f"{label.partition(':')[0]}: EFFECT"
        yield Link(effect, owner, key, {**values, "EFFECT": (each,)}, line)


def _about_nobody(template: Template) -> Iterator[Lost]:
    """What slots say of somebody whom the template does not name."""
    for slot in (*sorted(_MORE - {_KINDS}), _DESCRIBED):
        owners = (
            ["HUM TGT: NAME"] if slot == _DESCRIBED else [s for s in _NAMED if slot in _NAMED[s]]
        )
        named = [each for s in owners for each in fillers(template.slots.get(s, []))]
        for filler in fillers(template.slots.get(slot, [])):
            is_loose = not any(map(filler.is_about, named))
            if is_loose and (filler.about or slot != _DESCRIBED):
                words = filler.value or filler.strings[0]
                reason = f"it is about nobody whom the template names: {words!r}"
                yield Lost(slot, reason, template.line)


def _said(template: Template, slot: str, filler: Filler) -> Values:
    """What other slots of a template say about a filler."""
    values: dict[str, tuple[str, ...]] = {}
    for other, name in _NAMED[slot].items():
        about = [e for e in fillers(template.slots.get(other, [])) if e.is_about(filler)]
        values[name] = tuple(dict.fromkeys(each.value for each in about))
    if slot == "HUM TGT: NAME":
        described = fillers(template.slots.get(_DESCRIBED, []))
        values["DESCRIPTION"] = tuple(
            words for each in described if each.is_about(filler) for words in each.strings
        )
    values["ALIASES"] = filler.strings[1:]
    values["OPTIONAL"] = ("true",) if filler.is_optional else ()
    stated = counts(values.get("NUMBER", ()))
    return {n: v for n, v in values.items() if v} | {n: (v,) for n, v in stated.items()}


def _places(text: str, strings: Sequence[str]) -> list[Span]:
    """Where the first of these words that stands in the text stands, white space aside."""
    for string in strings:
        words = r"\s+".join(map(re.escape, string.split()))
        found = [m.span() for m in re.finditer(rf"(?<!\w){words}(?!\w)", text)] if words else []
        if found:
            return found
    return []
