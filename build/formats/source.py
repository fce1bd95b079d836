"""What a foreign format gives, before any meaning: documents with marks on their text and links.

A reader knows a format's grammar and nothing of incidents or statements; a mapping knows those and
nothing of grammars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

# Attributes of a mark, a link or a document: each has one value or several.
Values = Mapping[str, tuple[str, ...]]
_NONE: Values = MappingProxyType({})

# Start and end of one piece of text, half open, in the unit of whoever made it.
Span = tuple[int, int]


@dataclass(frozen=True)
class Mark:
    """Something a source annotates: its id in the document, its label, the text it stands on.

    `pieces` is empty where it stands on no place of the text. `quote` is the text as the source
    repeats it, null where it does not. `others` are further places where it may stand, of a source
    that names words and no place. `line` counts from 1; 0: not known.
    """

    id: str
    label: str
    pieces: tuple[Span, ...] = ()
    quote: str | None = None
    values: Values = field(default_factory=lambda: _NONE)
    line: int = 0
    others: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Link:
    """A tie from one mark to another by their ids; its label is the role that the other plays."""

    label: str
    source: str
    target: str
    values: Values = field(default_factory=lambda: _NONE)
    line: int = 0


@dataclass(frozen=True)
class Lost:
    """Something that was read and is not among the marks and links of its document, and why."""

    label: str
    reason: str
    line: int = 0


@dataclass(frozen=True)
class Document:
    """One text as one annotator, or nobody in particular, has annotated it.

    `name` is the text's own name in its source, the same for all who annotate it. `about` holds
    keys of an article's `source` as far as the format knows them. `units` are the hypotheses about
    the unit of its offsets, the likeliest first (see `offsets`). `annotator` may be personal data.
    `article` is the whole article where the source has it in this tool's own terms, else null.
    """

    name: str
    text: str
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()
    lost: tuple[Lost, ...] = ()
    file: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    units: tuple[str, ...] = ("code-points",)
    annotator: str | None = None
    is_adjudicated: bool = False
    method: str = "import"
    article: Mapping[str, Any] | None = None


def parted(links: Iterable[Link], marks: Iterable[Mark]) -> tuple[list[Link], list[Link]]:
    """The links whose ends are both among these marks, and the others."""
    known = {mark.id for mark in marks}
    whole: list[Link] = []
    loose: list[Link] = []
    for link in links:
        (whole if {link.source, link.target} <= known else loose).append(link)
    return whole, loose


class Unreadable(Exception):
    """A file, or one of its records, that its format does not allow; the others go on.

    `line` counts from 1; 0: not known. The message says what was expected, what came, the remedy.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Option:
    """A choice that a format leaves to whoever imports it: its values, the first the default."""

    name: str
    values: tuple[str, ...]
    meaning: str


class Format(Protocol):
    """What a module of a format offers under the entry point group `dateline.formats`."""

    name: str
    meaning: str
    options: tuple[Option, ...]
    # The mapping that holds where the command names none: a name among the shipped ones.
    mapping: str

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """The files that hold annotations of this format, each once, sorted."""

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """The documents of one of these files; what cannot be read is given, not raised.

        `files` are all that `find` gave, of which one may speak of another.
        """
