"""WikiEvents: JSON lines of documents with entities and events by token, and a file of coreference.

`text` is the sentences one after the other; offsets of tokens are those of another text, so that
only their distance from the first token of their sentence counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from dateline.build.formats.files import decoded, listed, records
from dateline.build.formats.source import Document, Link, Lost, Mark, Option, Span, Unreadable


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
            elif not (isinstance(record, dict) and {"doc_key", "clusters"} <= record.keys()):
                yield _document(record, line, path, clusters)


FORMAT = WikiEvents()


def _clusters(files: Sequence[Path]) -> dict[str, list[list[str]]]:
    """The clusters of entities by document."""
    found = {}
    for path in files:
        for _, record in records(decoded(path)):
            if isinstance(record, dict) and {"doc_key", "clusters"} <= record.keys():
                found[str(record["doc_key"])] = record["clusters"]
    return found


def _document(
    record: Any, line: int, path: Path, clusters: Mapping[str, list[list[str]]]
) -> Document | Unreadable:
    try:
        tokens = _tokens(record["sentences"], record["text"])
        marks = [_entity(each, tokens, line) for each in record["entity_mentions"]]
        events = record["event_mentions"]
        marks += [_event(each, tokens, line) for each in events]
        name, text = str(record["doc_id"]), record["text"]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return Unreadable(
            f"expected doc_id, text, sentences, entity_mentions and event_mentions; got a line "
            f"that lacks {error}",
            line,
        )
    links = [
        Link(argument["role"], event["id"], argument["entity_id"], line=line)
        for event in events
        for argument in event["arguments"]
    ]
    links += [
        Link("coreference", first, other, line=line)
        for first, *others in clusters.get(name, ())
        for other in others
    ]
    known = {mark.id for mark in marks}
    lost = [
        Lost(each["relation_type"], "relations between entities have no rule here", line)
        for each in record.get("relation_mentions") or ()
        if "relation_type" in each
    ]
    lost += [
        Lost(link.label, f"it ties {link.source} to {link.target}, not both are there", line)
        for link in links
        if not {link.source, link.target} <= known
    ]
    kept = [link for link in links if {link.source, link.target} <= known]
    return Document(name, text, tuple(marks), tuple(kept), tuple(lost), str(path))


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
    piece = (tokens[entity["start"]][0], tokens[entity["end"] - 1][1])
    kind = entity.get("mention_type")
    values = {"mention_type": (kind,)} if kind not in (None, "UNK") else {}
    return Mark(entity["id"], entity["entity_type"], (piece,), None, values, line)


def _event(event: Mapping[str, Any], tokens: Sequence[Span], line: int) -> Mark:
    trigger = event["trigger"]
    piece = (tokens[trigger["start"]][0], tokens[trigger["end"] - 1][1])
    return Mark(event["id"], event["event_type"], (piece,), None, {}, line)
