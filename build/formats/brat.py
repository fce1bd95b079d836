"""brat stand-off annotation: `DOC.ann` beside `DOC.txt`, `.a1` and `.a2` of BioNLP among them.

Offsets are code points; brat's browser counts CRLF as one, and characters beyond the BMP as two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dateline.build.formats.brat_lines import Lines, read_lines
from dateline.build.formats.files import decoded, listed
from dateline.build.formats.source import (
    Document,
    Link,
    Lost,
    Mark,
    Option,
    Unreadable,
    parted,
)

_SUFFIXES = (".ann", ".a1")
_TEXTS = (".", "../text", "../texts", "../txt")
_NAMED = re.compile(r"(?P<stem>.+)[._](?P<annotator>[^._]+)")
_NUMBERED = re.compile(r"(?P<role>.*?)[0-9]+")
UNITS = ("code-points", "newlines", "utf-16")


class Brat:
    """The format `brat`."""

    name = "brat"
    meaning = "brat stand-off: DOC.ann beside DOC.txt"
    mapping = "brat"
    options = (
        Option(
            "annotators",
            ("names", "folders"),
            "who annotated: the end of a file's name (DOC_NAME.ann for DOC.txt), or its folder",
        ),
    )

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of annotation, and texts without any."""
        found = listed(paths, (*_SUFFIXES, ".txt"))
        annotated = {_text_of(path) for path in found if path.suffix in _SUFFIXES}
        return [path for path in found if path.suffix in _SUFFIXES or path not in annotated]

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """The one document of a file."""
        if path.suffix == ".txt":
            yield Unreadable(
                f"expected annotations in {path.stem}.ann, got a text alone; name both files or "
                "their folder (an empty .ann says that there are none)"
            )
            return
        text = _text_of(path)
        if text is None:
            yield Unreadable(
                f"expected the text in {path.stem}.txt, got none, nor one in ../text; put it there"
            )
            return
        lines = Lines()
        for file in (path, *([path.with_suffix(".a2")] if path.suffix == ".a1" else [])):
            if file.exists():
                read_lines(decoded(file).removeprefix("\ufeff"), lines)
        annotator = path.parent.name if options["annotators"] == "folders" else _annotator(path)
        yield _document(lines, text, decoded(text), path, annotator)


FORMAT = Brat()


def _text_of(path: Path) -> Path | None:
    """The text that a file annotates: of its name, or of its name without the annotator's."""
    named = _NAMED.fullmatch(path.stem)
    stems = [path.stem, *([named["stem"]] if named else [])]
    places = [path.parent / folder / f"{stem}.txt" for stem in stems for folder in _TEXTS]
    found = next((place for place in places if place.is_file()), None)
    # Without following links: texts are compared with those that were listed.
    return None if found is None else Path(*_normal(found))


def _normal(path: Path) -> list[str]:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return parts


def _annotator(path: Path) -> str | None:
    text = _text_of(path)
    return path.stem[len(text.stem) + 1 :] or None if text is not None else None


def _document(lines: Lines, place: Path, text: str, path: Path, annotator: str | None) -> Document:
    """The document of these lines: an event stands where its trigger does, then no mark."""
    links = _links(lines)
    tied = {key for link in links for key in (link.source, link.target)}
    marks = [*_events(lines, tied), *_spans(lines, tied)]
    kept, loose = parted(links, marks)
    lost = [
        Lost(link.label, f"it ties {link.source} to {link.target}, not both are there", link.line)
        for link in loose
    ]
    lost += [
        Lost(label, f"it is about {target}, which is not there", number)
        for target, values in lines.values.items()
        for label, _, number in values
        if not lines.has(target)
    ]
    return Document(
        name=place.stem,
        text=text,
        marks=tuple(sorted(marks, key=lambda mark: mark.line)),
        links=tuple(kept),
        lost=(*lines.lost, *lost),
        file=str(path),
        units=UNITS,
        annotator=annotator,
    )


def _links(lines: Lines) -> list[Link]:
    """Relations, equivalences, and the arguments of events."""
    links = [
        replace(link, values={**link.values, **lines.values_of(key)})
        for key, link in lines.relations.items()
    ]
    for key, (mark, _, roles) in lines.events.items():
        names = {role for role, _ in roles}
        links += [Link(_role(role, names), key, target, line=mark.line) for role, target in roles]
    return links + lines.equals


def _role(name: str, names: set[str]) -> str:
    """A role without the number of one that is repeated: Theme2 beside Theme."""
    numbered = _NUMBERED.fullmatch(name)
    return numbered["role"] if numbered and numbered["role"] in names else name


def _events(lines: Lines, tied: set[str]) -> list[Mark]:
    marks = []
    for key, (mark, trigger, _) in lines.events.items():
        at = lines.spans.get(trigger)
        if at is None:
            lines.lost.append(Lost(mark.label, f"its trigger {trigger} is not there", mark.line))
            continue
        # What is said of a trigger that is nothing else is said of its event.
        own = {} if trigger in tied else lines.values_of(trigger)
        values = {**own, **lines.values_of(key)}
        marks.append(replace(mark, pieces=at.pieces, quote=at.quote, values=values))
    return marks


def _spans(lines: Lines, tied: set[str]) -> list[Mark]:
    triggers = {trigger for _, trigger, _ in lines.events.values()}
    return [
        replace(mark, values=lines.values_of(key))
        for key, mark in lines.spans.items()
        if key in tied or key not in triggers
    ]
