"""RAMS: JSON lines of five sentences around one event, spans by token, their ends inclusive.

There is no text but tokens: they are joined by blanks, so that the text is not what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from dateline.build.formats.files import decoded, language, listed, records
from dateline.build.formats.source import Document, Link, Lost, Mark, Option, Span, Unreadable

_ROLE = re.compile(r"evt\d+arg\d+(.+)")


class Rams:
    """The format `rams`."""

    name = "rams"
    meaning = "RAMS: JSON lines of tokens, events and arguments"
    mapping = "rams"
    options: tuple[Option, ...] = ()

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of JSON lines."""
        return listed(paths, (".jsonlines", ".jsonl", ".json"))

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """A document of each line."""
        for line, record in records(decoded(path)):
            yield record if isinstance(record, Unreadable) else _document(record, line, path)


FORMAT = Rams()


def _document(record: Any, line: int, path: Path) -> Document | Unreadable:
    try:
        words = [word for sentence in record["sentences"] for word in sentence]
        ends = list(accumulate(len(word) + 1 for word in words))
        tokens = [(end - 1 - len(word), end - 1) for word, end in zip(words, ends, strict=True)]
        marks = {
            _key(start, end): Mark(
                _key(start, end), "argument", (_span(tokens, start, end),), line=line
            )
            for start, end, _ in record["ent_spans"]
        }
        events = [
            Mark(f"event-{_key(start, end)}", kinds[0][0], (_span(tokens, start, end),), line=line)
            for start, end, kinds in record["evt_triggers"]
        ]
        links = [
            Link(_role(role), f"event-{_key(*trigger)}", _key(*argument), line=line)
            for trigger, argument, role in record["gold_evt_links"]
        ]
        name = str(record["doc_key"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return Unreadable(
            "expected doc_key, sentences, evt_triggers, ent_spans and gold_evt_links; got a line "
            f"that lacks {error}",
            line,
        )
    about = {"language": language(record.get("language_id"))}
    if str(record.get("source_url", "")).startswith(("http://", "https://")):
        about["url"] = record["source_url"]
    known = {*marks, *(event.id for event in events)}
    lost = tuple(
        Lost(link.label, "it ties spans that are not both there", line)
        for link in links
        if not {link.source, link.target} <= known
    )
    ties = tuple(link for link in links if {link.source, link.target} <= known)
    return Document(name, " ".join(words), (*events, *marks.values()), ties, lost, str(path), about)


def _key(start: int, end: int) -> str:
    return f"{start}-{end}"


def _span(tokens: Sequence[Span], start: int, end: int) -> Span:
    return tokens[start][0], tokens[end][1]


def _role(role: str) -> str:
    """The role of an argument without the numbers of its event and of itself."""
    found = _ROLE.fullmatch(role)
    return found[1] if found else role
