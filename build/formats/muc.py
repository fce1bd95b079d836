"""MUC-3 and MUC-4: files of messages, and files of answer keys with templates of 25 slots.

A key names words and no offsets: they are searched. The forms of slots are those of the tasks' own
documentation (fill rules of MUC-3 and MUC-4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dateline.build.formats.files import decoded, listed
from dateline.build.formats.muc_keys import (
    KEY,
    MESSAGE,
    Template,
    is_muc,
    messages_of,
    templates_in,
    templates_of,
)
from dateline.build.formats.muc_slots import counts, dates, fillers, location
from dateline.build.formats.source import Document, Link, Lost, Mark, Option, Span, Unreadable

_DATELINE = re.compile(
    r"\s*(?P<place>[^()\n]+?(?:\([^)]*\))?), (?P<date>\d{1,2} [A-Z]{3} \d{2}) \((?P<source>[^)]+)\)"
)
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
_NAMED["HUM TGT: DESCRIPTION"] = _NAMED["HUM TGT: NAME"]
# Signs of agencies that every reader of a table takes for no value.
_NO_NAMES = {"NA"}
_MORE = {slot for slots in _NAMED.values() for slot in slots}


class Muc:
    """The format `muc`."""

    name = "muc"
    meaning = "MUC-3 and MUC-4: files of messages and files of answer keys"
    mapping = "muc"
    options: tuple[Option, ...] = ()

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of messages and files of keys, which are told apart by what is in them."""
        files = (path for path in listed(paths, ("",)) if path.stat().st_size)
        return [path for path in files if is_muc(path.read_bytes())]

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """A document of each message with the templates that any of the keys has for it."""
        content = decoded(path)
        if KEY.search(content):
            known = {message for each in files for message in messages_of(each)}
            for message in templates_in(path):
                if message not in known:
                    yield Unreadable(f"expected the text of {message}, got none in these files")
            return
        keys = templates_of(files)
        starts = [match.start() for match in MESSAGE.finditer(content)]
        for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
            header, _, body = content[start:end].partition("\n")
            name = header.split()[0]
            yield _document(name, body.strip("\n"), keys.get(name, []), path)


FORMAT = Muc()


def _document(name: str, text: str, templates: Sequence[Template], path: Path) -> Document:
    marks: list[Mark] = []
    links: list[Link] = []
    lost: list[Lost] = []
    for number, template in enumerate(templates, 1):
        if template.slots.get("MESSAGE: TEMPLATE", ["*"])[0].startswith("*"):
            lost.append(
                Lost("template", "the message has no incident of these kinds", template.line)
            )
        else:
            _take(template, number, text, marks, links, lost)
    links += _same(marks)
    about = _about(text)
    return Document(name, text, tuple(marks), tuple(links), tuple(lost), str(path), about)


def _take(
    template: Template,
    number: int,
    text: str,
    marks: list[Mark],
    links: list[Link],
    lost: list[Lost],
) -> None:
    values: dict[str, tuple[str, ...]] = {}
    for slot, lines in template.slots.items():
        filled = [line for line in lines if line not in ("-", "*", "")]
        if filled and slot not in _NAMED and slot not in _MORE:
            values[slot.partition(": ")[2]] = tuple(filled)
    key = f"t{number}"
    if values.get("TEMPLATE", ("",))[0].endswith("(OPTIONAL)"):
        values["OPTIONAL"] = ("true",)
    for name in ("ID", "TEMPLATE"):
        values.pop(name, None)
    dated = dates(values.get("DATE", ("",))[0])
    placed = location(values.get("LOCATION", ("",))[0])
    kinds = [
        filler.value
        for filler in fillers(template.slots.get("INCIDENT: INSTRUMENT TYPE", []))
        if filler.value
    ]
    more = {"INSTRUMENT TYPE": tuple(dict.fromkeys(kinds))} if kinds else {}
    both = {name: (value,) for name, value in {**dated, **placed}.items()}
    marks.append(Mark(key, "template", values={**values, **more, **both}, line=template.line))
    for name in ("PLACE", "ADMIN2", "ADMIN1", "COUNTRY"):
        places = _places(text, [placed[name]]) if name in placed else []
        if places:
            label = "INCIDENT: LOCATION"
            place = Mark(f"{key}.place", label, (places[0],), None, {}, template.line)
            marks.append(replace(place, others=tuple(places[1:])))
            links.append(Link(label, key, place.id, line=template.line))
            break
    for slot, others in _NAMED.items():
        for mark, ties in _fills(template, slot, others, f"{key}.", text, lost):
            marks.append(mark)
            links += [replace(tie, source=key) for tie in ties]


def _fills(
    template: Template,
    slot: str,
    others: Mapping[str, str],
    prefix: str,
    text: str,
    lost: list[Lost],
) -> Iterator[tuple[Mark, list[Link]]]:
    """A mark for each filler of a slot, with its links from the template."""
    more = {name: fillers(template.slots.get(other, [])) for other, name in others.items()}
    described = fillers(template.slots.get("HUM TGT: DESCRIPTION", []))
    for number, filler in enumerate(fillers(template.slots.get(slot, []))):
        if slot == "HUM TGT: DESCRIPTION" and filler.about:
            # It describes somebody whom the slot of names has.
            continue
        values: dict[str, tuple[str, ...]] = {}
        for name, each in more.items():
            found = tuple(dict.fromkeys(e.value for e in each if e.is_about(filler)))
            if found:
                values[name] = found
        if slot == "HUM TGT: NAME":
            words = tuple(w for d in described if d.is_about(filler) for w in d.strings)
            values |= {"DESCRIPTION": words} if words else {}
        if len(filler.strings) > 1:
            values["ALIASES"] = filler.strings[1:]
        if filler.is_optional:
            values["OPTIONAL"] = ("true",)
        values |= {name: (v,) for name, v in counts(values.get("NUMBER", ("",))).items()}
        label = slot.replace("HUM TGT: DESCRIPTION", "HUM TGT: NAME")
        key = f"{prefix}{label.replace(' ', '').replace(':', '-')}-{slot[9:10]}{number}"
        places = _places(text, filler.strings)
        if not places:
            lost.append(
                Lost(slot, f"its words stand nowhere: {filler.strings[0]!r}", template.line)
            )
        yield (
            Mark(
                key,
                label,
                tuple(places[:1]),
                None if places else filler.strings[0],
                values,
                template.line,
                tuple(places[1:]),
            ),
            [
                Link(label, "", key, values, template.line),
                *(
                    Link(
                        f"{label.split(':')[0]}: EFFECT",
                        "",
                        key,
                        {**values, "EFFECT": (each,)},
                        template.line,
                    )
                    for each in values.get("EFFECT", ())
                ),
            ],
        )


def _places(text: str, strings: Sequence[str]) -> list[Span]:
    """Where the first of these words that stands in the text stands, white space aside."""
    for string in strings:
        words = r"\s+".join(map(re.escape, string.split()))
        found = [m.span() for m in re.finditer(rf"(?<!\w){words}(?!\w)", text)] if words else []
        if found:
            return found
    return []


def _same(marks: Sequence[Mark]) -> list[Link]:
    """Fillers of one slot with the same words in several templates of a message are one."""
    firsts: dict[tuple[str, tuple[Span, ...]], Mark] = {}
    links = []
    for mark in marks:
        if mark.pieces and mark.label in _NAMED:
            first = firsts.setdefault((mark.label, mark.pieces), mark)
            if first is not mark:
                links.append(Link("same words", first.id, mark.id, line=mark.line))
    return links


def _about(text: str) -> dict[str, str]:
    """What the first line of a message says: place, day, who reported."""
    found = _DATELINE.match(text)
    if found is None:
        return {"language": "en"}
    about = {"language": "en", "dateline": found["place"].strip()}
    if found["source"] not in _NO_NAMES:
        about["publisher"] = found["source"]
    day = dates(found["date"]).get("DATE_START")
    return {**about, "published_at": day} if day else about
