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
from dateline.build.formats.source import (
    Document,
    Link,
    Lost,
    Mark,
    Option,
    Span,
    Unreadable,
    parted,
)

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
_EXPECTED = "expected doc_key, sentences, evt_triggers, ent_spans and gold_evt_links"


def _document(record: Any, line: int, path: Path) -> Document | Unreadable:
    try:
        words = _words(record["sentences"])
        marks = tuple(_marks(record, _tokens(words), line))
        links, loose = parted(_links(record, line), marks)
        name = str(record["doc_key"])
    except (KeyError, ValueError) as error:
        return Unreadable(f"{_EXPECTED}; got a line that lacks {error}; mend it", line)
    except (TypeError, AttributeError, IndexError):
        return Unreadable(f"{_EXPECTED}; got a line in another form; mend it", line)
    about = {"language": language(record.get("language_id"))}
    if str(record.get("source_url", "")).startswith(("http://", "https://")):
        about["url"] = record["source_url"]
    lost = tuple(Lost(each.label, "it ties spans that are not both there", line) for each in loose)
    return Document(name, " ".join(words), marks, tuple(links), lost, str(path), about)


def _words(sentences: Sequence[Any]) -> list[str]:
    if not all(isinstance(sentence, list) for sentence in sentences):
        raise ValueError("sentences as lists of tokens")
    return [word for sentence in sentences for word in sentence]


def _tokens(words: Sequence[str]) -> list[Span]:
    """Where each word stands, one blank after the one before it."""
    ends = accumulate(len(word) + 1 for word in words)
    return [(end - 1 - len(word), end - 1) for word, end in zip(words, ends, strict=True)]


def _marks(record: Any, tokens: Sequence[Span], line: int) -> Iterator[Mark]:
    """The events; then the arguments, each once, whatever it is an argument of."""
    for start, end, kinds in record["evt_triggers"]:
        piece = _span(tokens, start, end)
        yield Mark(f"event-{_key(start, end)}", kinds[0][0], (piece,), line=line)
    for start, end in dict.fromkeys((start, end) for start, end, _ in record["ent_spans"]):
        yield Mark(_key(start, end), "argument", (_span(tokens, start, end),), line=line)


def _links(record: Any, line: int) -> Iterator[Link]:
    for trigger, argument, role in record["gold_evt_links"]:
        yield Link(_role(role), f"event-{_key(*trigger)}", _key(*argument), line=line)


def _key(start: int, end: int) -> str:
    return f"{start}-{end}"


def _span(tokens: Sequence[Span], start: int, end: int) -> Span:
    """The span from one token to another, that one included; raises ValueError where none are."""
    if not 0 <= start <= end < len(tokens):
        raise ValueError(f"tokens from {start} to {end}")
    return tokens[start][0], tokens[end][1]


def _role(role: str) -> str:
    """The role of an argument without the numbers of its event and of itself."""
    found = _ROLE.fullmatch(role)
    return found[1] if found else role
