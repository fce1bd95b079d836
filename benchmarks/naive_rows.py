"""Rows of the seven tables from annotated articles: the ids, merging and checks of naive.py."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from naive_derive import derive

from dateline.schema import TABLES, load_codebook

Row = dict[str, Any]
Tables = dict[str, dict[str, Row]]  # table -> id -> row

CODEBOOK = load_codebook()
ID = {name: CODEBOOK.tables[name].primary_key for name in TABLES}
FIRST_WINS = {"title", "summary", "description", "statement_id"}
DEFAULTS: dict[str, Row] = {
    "articles": {"license": "LicenseRef-unknown", "text_normalization": "none"},
    "incidents": {"stage": "accomplished"},
    "participants": {"side": "none", "is_primary": False},
    "statements": {
        "attribution_type": "assertion",
        "polarity": "affirmed",
        "certainty": "unspecified",
    },
}
ANONYMITY = {"unnamed_person": "described", "unnamed_group": "collective"}
COUNTS: dict[str, Callable[[Any], tuple[int | None, ...]]] = {
    "exact": lambda n: (n, n, n),
    "at_least": lambda n: (n, n, None),
    "more_than": lambda n: (n + 1, None, None),
    "at_most": lambda n: (None, None, n),
    "approximately": lambda n: (None, n, None),
    "range": lambda pair: (pair[0], None, pair[1]),
}


def make_id(*parts: str | None) -> str:
    digest = hashlib.sha256("\0".join(part or "" for part in parts).encode()).digest()
    return f"{parts[0]}_{base64.b32encode(digest)[:16].decode().lower()}"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def pick(table: str, item: Row) -> Row:
    """The values of an item that are columns of the table."""
    return {k: v for k, v in item.items() if k in CODEBOOK.tables[table].by_name}


def merge(tables: Tables, table: str, new: Row) -> str:
    """The id of the row, added to its table or merged with the row of that id."""
    row_id: str = new[ID[table]]
    row = tables[table].setdefault(row_id, {})
    for name, value in new.items():
        old = row.get(name)
        if value is None or value == old:
            row.setdefault(name, None)
        elif old is None or old is False or old == "none":
            row[name] = value
        elif isinstance(old, list):
            row[name] = list(dict.fromkeys(old + value))
        elif value is not False and value != "none" and name not in FIRST_WINS:
            sys.exit(f"{table} {row_id}: {name} is both {old} and {value}")
    return row_id


def instant(text: str) -> datetime:
    """A date or a time with its zone as an instant in UTC."""
    value = datetime.fromisoformat(text)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def assemble(documents: Iterable[Row]) -> Tables:
    """All tables; articles in the order of publication, so that the first one's words win."""
    tables: Tables = {name: {} for name in TABLES}
    for document in sorted(
        documents, key=lambda d: (instant(d["source"]["published_at"]), d["id"])
    ):
        Article(tables, document).add()
    for table, defaults in DEFAULTS.items():
        for row in tables[table].values():
            row.update({k: v for k, v in defaults.items() if row.get(k) is None})
    derive(tables, CODEBOOK)
    return tables


class Article:
    """One article on its way into the tables, with the ids that its local ids stand for."""

    def __init__(self, tables: Tables, document: Row) -> None:
        self.tables, self.document, self.key = tables, document, document["id"]
        self.id = make_id("art", self.key)
        self.day = date.fromisoformat(document["source"]["published_at"][:10])
        self.actors = {a["id"]: self.entity("act", a) for a in document.get("actors", ())}
        self.incidents = {i["id"]: self.entity("inc", i) for i in document.get("incidents", ())}
        self.statements = {
            s["id"]: make_id("stm", self.key, s["id"]) for s in document.get("statements", ())
        }

    def entity(self, prefix: str, item: Row) -> str:
        key = item.get("key")
        return (
            make_id(prefix, "key", key) if key else make_id(prefix, "local", self.key, item["id"])
        )

    def add(self) -> None:
        document, source, text = self.document, self.document["source"], self.document["text"]
        digest, printed = sha256(text), source["published_at"]
        if (digest, len(text)) != (document["text_sha256"], document["text_length"]):
            sys.exit(f"{self.key}: the text is not the one that was annotated")
        precision = {10: "day", 17: "minute"}.get(len(re.sub(r"[+-]\d\d:\d\d$", "Z", printed)))
        row = pick("articles", source) | {"article_id": self.id, "article_key": self.key}
        row |= {"published_at": instant(printed), "published_precision": precision or "second"}
        row |= {"text_sha256": digest, "text_length": len(text)}
        row["retrieved_at"] = instant(row["retrieved_at"]) if "retrieved_at" in row else None
        merge(self.tables, "articles", row)
        for item in document.get("actors", ()):
            self.add_actor(item)
        for item in document.get("incidents", ()):
            self.add_incident(item)
        for item in document.get("statements", ()):
            self.add_statement(item)

    def add_actor(self, item: Row) -> None:
        private = {"person": None, "unnamed_person": "private_person"}
        row = pick("actors", item) | {"actor_id": self.actors[item["id"]]}
        row |= {
            "actor_key": item.get("key"),
            "parent_actor_id": self.actors.get(item.get("parent")),
        }
        row.setdefault("privacy_class", private.get(item["entity_kind"], "not_a_person"))
        self.add_evidence("actor_id", merge(self.tables, "actors", row), item)

    def add_incident(self, item: Row) -> None:
        row = pick("incidents", item) | pick("incidents", item.get("location", {}))
        row |= {"incident_id": self.incidents[item["id"]], "incident_key": item.get("key")}
        row["parent_incident_id"] = self.incidents.get(item.get("parent"))
        row["date_start"] = date.fromisoformat(item["date_start"])
        row["date_end"] = date.fromisoformat(item.get("date_end") or item["date_start"])
        incident = merge(self.tables, "incidents", row)
        self.add_evidence("incident_id", incident, item)
        for part in item.get("participants", ()):
            self.add_participant(incident, part)
        for claim in item.get("casualties", ()):
            self.add_claim(incident, claim, item["casualties"])

    def add_participant(self, incident: str, item: Row) -> None:
        basis = item.get("attribution_basis") or "reported_as_fact"
        actor, by = self.actors[item["actor"]], self.actors.get(item.get("attributed_by"))
        row = pick("participants", item) | {"incident_id": incident, "actor_id": actor}
        row |= {"attribution_basis": basis, "attributed_by_actor_id": by}
        row["statement_id"] = self.statements.get(item.get("statement"))
        row["voices"] = [by or self.document["source"]["publisher"]]  # for `derive`, which drops it
        row["participant_id"] = make_id("par", incident, actor, item["role"], basis, by)
        self.add_evidence("participant_id", merge(self.tables, "participants", row), item)

    def claim_id(self, incident: str, item: Row) -> str:
        if item.get("id"):
            return make_id("cas", incident, self.id, "id", item["id"])
        coded = [item.get("stance") or "asserts", item["victim_category"]]
        coded += [item.get("demographic") or "any", item.get("occupation") or "any"]
        claimant = self.actors.get(item.get("claimant"))
        written = (item.get("victim_set"), item.get("as_of"))
        return make_id("cas", incident, self.id, claimant, item["harm_type"], *coded, *written)

    def add_claim(self, incident: str, item: Row, claims: list[Row]) -> None:
        row: Row = {"stance": "asserts", "demographic": "any", "occupation": "any"}
        row |= {"quantifier": "exact", "victim_set": item["harm_type"]} | pick("casualties", item)
        row |= {"incident_id": incident, "article_id": self.id}
        if "count" in item:
            counts = COUNTS[row["quantifier"]](item["count"])
            row["count_low"], row["count_best"], row["count_high"] = counts
        same = ("claimant", "harm_type", "victim_set")
        totals = [c for c in claims if c["victim_category"] == "all"]
        beside = any(all(c.get(k) == item.get(k) for k in same) for c in totals)
        row.setdefault("covers_set", beside)
        row["casualty_id"] = self.claim_id(incident, item)
        row["claimant_actor_id"] = self.actors.get(item.get("claimant"))
        row["victim_actor_id"] = self.actors.get(item.get("victim_actor"))
        row["statement_id"] = self.statements.get(item.get("statement"))
        row["as_of"] = date.fromisoformat(item["as_of"]) if "as_of" in item else self.day
        self.add_evidence("casualty_id", merge(self.tables, "casualties", row), item)

    def add_statement(self, item: Row) -> None:
        speaker = self.actors.get(item.get("speaker"))
        row = pick("statements", item) | {"article_id": self.id, "speaker_actor_id": speaker}
        row["statement_id"] = self.statements[item["id"]]
        for name in ("on_behalf_of", "addressee", "target"):
            row[f"{name}_actor_id"] = self.actors.get(item.get(name))
        row["parent_statement_id"] = self.statements.get(item.get("parent"))
        row["incident_id"] = self.incidents.get(item.get("incident"))
        row["said_on"] = date.fromisoformat(item["said_on"]) if "said_on" in item else None
        sources = [e["quote"] for e in item["evidence"] if e["role"] == "source"]
        row.setdefault("speaker_label", sources[0] if sources else None)
        kind = self.tables["actors"][speaker]["entity_kind"] if speaker else None
        row.setdefault("anonymity", ANONYMITY.get(kind, "named") if kind else "implicit")
        self.add_evidence("statement_id", merge(self.tables, "statements", row), item)

    def add_evidence(self, column: str, subject: str, item: Row) -> None:
        text, seen = self.document["text"], defaultdict[tuple[Any, str], int](int)
        note = self.document.get("annotation", {})
        for span in sorted(item["evidence"], key=lambda e: (e["start"], e["end"])):
            field, role, part = span.get("field"), span["role"], span.get("part", 0)
            start, end = span["start"], span["end"]
            if text[start:end] != span["quote"]:
                sys.exit(f"{self.key}: {span['quote']} does not stand from {start} to {end}")
            seen[field, role] += part == 0
            bounds = (str(start), str(end), str(part))
            evidence_id = make_id("evd", subject, self.id, field, role, *bounds)
            row: Row = {"evidence_id": evidence_id}
            row |= {"article_id": self.id, column: subject, "field": field, "span_role": role}
            row |= {"start": start, "end": end, "span": seen[field, role] - 1, "part": part}
            row |= {"exact_sha256": sha256(span["quote"]), "method": note.get("method", "manual")}
            row["annotator_id"] = note.get("annotator", "unnamed")
            merge(self.tables, "evidence", row)
