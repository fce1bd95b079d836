"""The rows of one article: ids, references resolved to ids, defaults that the article decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dateline.build.assemble.ids import entity_id, make_id
from dateline.build.check import Article, Item, Span
from dateline.build.check.marks import quote_type
from dateline.build.check.values import instant

Row = dict[str, Any]

LABEL_LENGTH = 160
CUE_LENGTH = 60


def as_printed(words: str | None) -> str | None:
    """Words as an article prints them, runs of white space as one space; null if there are none."""
    return " ".join(words.split()) or None if words else None


class Ids:
    """The ids of one article's items by local id, per table."""

    def __init__(self, article: Article) -> None:
        """Computes each id once; participants and claims get theirs from their rows."""
        data = article.data
        self.own: str = data["id"]
        self.article = make_id("art", self.own)
        self.actors = self._entities("act", data.get("actors"))
        self.incidents = self._entities("inc", data.get("incidents"))
        self.statements = {
            entry["id"]: make_id("stm", self.own, entry["id"])
            for entry in data.get("statements") or ()
        }
        self.claims: dict[str, str] = {}

    def _entities(self, prefix: str, entries: list[Row] | None) -> dict[str, str]:
        return {
            entry["id"]: entity_id(prefix, entry.get("key"), self.own, entry["id"])
            for entry in entries or ()
        }


def article_row(article: Article) -> Row:
    """The row of the article itself."""
    data, source = article.data, article.data["source"]
    article_id = make_id("art", data["id"])
    published, retrieved = source.get("published_at"), source.get("retrieved_at")
    original = source.get("syndicated_from")
    annotation = data.get("annotation") or {}
    return {
        **source,
        "article_id": article_id,
        "article_key": data["id"],
        "syndicated_from_article_id": make_id("art", original) if original else None,
        "headline": as_printed(source.get("headline")),
        "byline": as_printed(source.get("byline")),
        "dateline": as_printed(source.get("dateline")),
        "published_at": instant(published) if published else None,
        "published_precision": _precision(published) if published else None,
        "retrieved_at": instant(retrieved) if retrieved else None,
        "language": source.get("language") or "und",
        "license": source.get("license") or "LicenseRef-unknown",
        "text_sha256": article.text.sha256,
        "text_length": article.text.length,
        "text_normalization": "none",
        "_article": article_id,
        "_pointer": "",
        "_open": annotation.get("method") in ("import", "model"),
        "_file": article.file,
        "_line": article.line,
        "_published": article.published,
    }


def _precision(published: str) -> str:
    """How exactly the publication time was written: day, minute or second."""
    if len(published) == 10:
        return "day"
    return "second" if published[16:17] == ":" else "minute"


def actor_row(item: Item, article: Article, ids: Ids) -> Row:
    """The row of an actor."""
    data = item.data
    return {
        "actor_id": ids.actors[data["id"]],
        "actor_key": data.get("key"),
        "parent_actor_id": ids.actors.get(data.get("parent") or ""),
    }


def incident_row(item: Item, article: Article, ids: Ids) -> Row:
    """The row of an incident, its location's members as columns."""
    data = item.data
    return {
        **(data.get("location") or {}),
        "incident_id": ids.incidents[data["id"]],
        "incident_key": data.get("key"),
        "parent_incident_id": ids.incidents.get(data.get("parent") or ""),
    }


def participant_row(item: Item, article: Article, ids: Ids) -> Row:
    """The row of a participant; its id is made of what it is unique by."""
    data = item.data
    assert item.incident is not None
    incident = ids.incidents[item.incident["id"]]
    actor = ids.actors[data["actor"]]
    by = ids.actors.get(data.get("attributed_by") or "")
    basis = data.get("attribution_basis") or "reported_as_fact"
    return {
        "participant_id": make_id("par", incident, actor, data["role"], basis, by or ""),
        "incident_id": incident,
        "actor_id": actor,
        "attribution_basis": basis,
        "attributed_by_actor_id": by,
        "statement_id": ids.statements.get(data.get("statement") or ""),
    }


def casualty_row(item: Item, article: Article, ids: Ids) -> Row:
    """The row of a casualty claim, settled; later claims refer to it by its local id."""
    data, claim = item.data, article.claims[item.pointer]
    assert item.incident is not None
    incident = ids.incidents[item.incident["id"]]
    claimant = ids.actors.get(data.get("claimant") or "")
    return {
        "casualty_id": casualty_id(item, article, ids),
        "incident_id": incident,
        "article_id": ids.article,
        "claimant_actor_id": claimant,
        "statement_id": ids.statements.get(data.get("statement") or ""),
        "stance": claim.stance,
        "demographic": claim.demographic,
        "occupation": claim.occupation,
        "victim_actor_id": ids.actors.get(data.get("victim_actor") or ""),
        "victim_set": claim.victim_set,
        "covers_set": claim.covers_set,
        "count_low": claim.counts.low,
        "count_best": claim.counts.best,
        "count_high": claim.counts.high,
        "quantifier": claim.counts.quantifier,
        "count_text": as_printed(data.get("count_text")),
        "as_of": claim.as_of,
        "supersedes_casualty_id": ids.claims.get(data.get("supersedes") or ""),
        "subset_of_casualty_id": ids.claims.get(data.get("subset_of") or ""),
    }


def casualty_id(item: Item, article: Article, ids: Ids) -> str:
    """The id of a claim: by its own id where it has one, else by all that tells it apart."""
    data, claim = item.data, article.claims[item.pointer]
    assert item.incident is not None
    incident = ids.incidents[item.incident["id"]]
    own = data.get("id")
    if own is not None:
        return make_id("cas", incident, ids.article, "id", own)
    return make_id(
        "cas",
        incident,
        ids.article,
        ids.actors.get(data.get("claimant") or "", ""),
        data["harm_type"],
        claim.stance,
        data["victim_category"],
        claim.demographic,
        claim.occupation,
        data.get("victim_set") or "",
        data.get("as_of") or "",
    )


def statement_row(item: Item, article: Article, ids: Ids) -> Row:
    """The row of a statement, what its spans say filled in where the annotation does not."""
    data = item.data
    speaker = ids.actors.get(data.get("speaker") or "")
    contents = _words(item.spans, "content")
    label, cue = data.get("speaker_label"), data.get("cue_text")
    if label is None:
        label = _first(item.spans, "source", LABEL_LENGTH)
    if cue is None:
        cue = _first(item.spans, "cue", CUE_LENGTH)
    anonymity = data.get("anonymity")
    if anonymity is None and speaker is None and label is None:
        anonymity = "implicit"
    kind = data.get("quote_type")
    if kind is None and article.text.words is not None:
        kind = quote_type([words for words in contents if words])
    return {
        "statement_id": ids.statements[data["id"]],
        "article_id": ids.article,
        "speaker_actor_id": speaker,
        "speaker_label": as_printed(label),
        "anonymity": anonymity,
        "on_behalf_of_actor_id": ids.actors.get(data.get("on_behalf_of") or ""),
        "addressee_actor_id": ids.actors.get(data.get("addressee") or ""),
        "parent_statement_id": ids.statements.get(data.get("parent") or ""),
        "target_actor_id": ids.actors.get(data.get("target") or ""),
        "incident_id": ids.incidents.get(data.get("incident") or ""),
        "attribution_type": data.get("attribution_type") or "assertion",
        "polarity": data.get("polarity") or "affirmed",
        "certainty": data.get("certainty") or "unspecified",
        "quote_type": kind,
        "quote_text": as_printed(data.get("quote_text")),
        "cue_text": as_printed(cue),
    }


def _words(spans: list[Span], role: str) -> list[str]:
    """The words of the spans of one role; null where there is no text to take them from."""
    return [span.exact or "" for span in spans if span.role == role]


def _first(spans: list[Span], role: str, limit: int) -> str | None:
    """The words of the first span of a role, its pieces joined; null if none or too many."""
    pieces = [span for span in spans if span.role == role]
    if not pieces:
        return None
    first = min(pieces, key=lambda span: span.start)
    mention = (first.field, first.span)
    words = as_printed(" ".join(p.exact or "" for p in pieces if (p.field, p.span) == mention))
    return words if words is not None and len(words) <= limit else None


MAKERS: dict[str, Callable[[Item, Article, Ids], Row]] = {
    "actors": actor_row,
    "incidents": incident_row,
    "participants": participant_row,
    "casualties": casualty_row,
    "statements": statement_row,
}
