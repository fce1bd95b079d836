"""WikiEvents: JSON lines of documents with entities and events by token, and a file of coreference.

`text` is the sentences one after the other; offsets of tokens are those of another text, so that
only their distance from the first token of their sentence counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

from dateline.build.formats.files import decoded, listed, records
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


class WikiEvents:
    """The format `wikievents`."""

    name = "wikievents"
    meaning = "WikiEvents: JSON lines of events, coreference in a file beside them"
    mapping = "wikievents"
    options: tuple[Option, ...] = ()

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of JSON lines, those of coreference among them."""
        return listed(paths, (".jsonl", ".json"))

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """A document of each line; lines of coreference belong to the others."""
        clusters = _clusters(files)
        for line, record in records(decoded(path)):
            if isinstance(record, Unreadable):
                yield record
            elif not _is_coreference(record):
                yield _document(record, line, path, clusters)
            elif not _are_clusters(record["clusters"]):
                yield Unreadable(
                    "expected clusters as lists of ids, got another form; mend the line", line
                )


FORMAT = WikiEvents()
_EXPECTED = "expected doc_id, text, sentences, entity_mentions and event_mentions"


def _clusters(files: Sequence[Path]) -> dict[str, list[list[str]]]:
    """The clusters of entities by document."""
    found = {}
    for path in files:
        # What is wrong with a file is told when it is read itself.
        with suppress(Unreadable):
            for _, record in records(decoded(path)):
                if _is_coreference(record) and _are_clusters(record["clusters"]):
                    found[str(record["doc_key"])] = record["clusters"]
    return found


def _is_coreference(record: Any) -> bool:
    return isinstance(record, dict) and {"doc_key", "clusters"} <= record.keys()


def _are_clusters(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, list) and each for each in value)


def _document(
    record: Any, line: int, path: Path, clusters: Mapping[str, list[list[str]]]
) -> Document | Unreadable:
    try:
        name, text = str(record["doc_id"]), record["text"]
        tokens, events = _tokens(record["sentences"], text), record["event_mentions"]
        marks = [_entity(each, tokens, line) for each in record["entity_mentions"]]
        marks += [_event(each, tokens, line) for each in events]
        links = [*_arguments(events, line), *_coreference(clusters.get(name, ()), line)]
    except (KeyError, ValueError) as error:
        return Unreadable(f"{_EXPECTED}; got a line that lacks {error}; mend it", line)
    except (TypeError, AttributeError):
        return Unreadable(f"{_EXPECTED}; got a line in another form; mend it", line)
    kept, loose = parted(links, marks)
    lost = [
        Lost(each["relation_type"], "relations between entities have no rule here", line)
        for each in record.get("relation_mentions") or ()
        if "relation_type" in each
    ]
    lost += [
        Lost(link.label, f"it ties {link.source} to {link.target}, not both are there", line)
        for link in loose
    ]
    return Document(name, text, tuple(marks), tuple(kept), tuple(lost), str(path))


def _arguments(events: Sequence[Any], line: int) -> Iterator[Link]:
    for event in events:
        for argument in event["arguments"]:
            yield Link(argument["role"], event["id"], argument["entity_id"], line=line)


def _coreference(clusters: Sequence[Sequence[str]], line: int) -> Iterator[Link]:
    for first, *others in clusters:
        for other in others:
            yield Link("coreference", first, other, line=line)


def _tokens(sentences: Sequence[Any], text: str) -> list[Span]:
    """The span of each token in the text; raises ValueError where the text is another one."""
    spans = []
    starts = accumulate((len(words) for _, words in sentences), initial=0)
    for start, (tokens, _) in zip(starts, sentences, strict=False):
        first = tokens[0][1] if tokens else 0
        for word, begin, end in tokens:
            span = (start + begin - first, start + end - first)
            if text[slice(*span)] != word:
                raise ValueError(f"the token {word!r} at its place of the text")
            spans.append(span)
    return spans


def _entity(entity: Mapping[str, Any], tokens: Sequence[Span], line: int) -> Mark:
    piece = _piece(entity, tokens)
    kind = entity.get("mention_type")
    values = {"mention_type": (kind,)} if kind not in (None, "UNK") else {}
    return Mark(entity["id"], entity["entity_type"], (piece,), None, values, line)


def _event(event: Mapping[str, Any], tokens: Sequence[Span], line: int) -> Mark:
    piece = _piece(event["trigger"], tokens)
    return Mark(event["id"], event["event_type"], (piece,), None, {}, line)


def _piece(mention: Mapping[str, Any], tokens: Sequence[Span]) -> Span:
    """The span of a mention's tokens; raises ValueError where there are no such tokens."""
    start, end = mention["start"], mention["end"]
    if not 0 <= start < end <= len(tokens):
        raise ValueError(f"tokens from {start} to {end}")
    return tokens[start][0], tokens[end - 1][1]
