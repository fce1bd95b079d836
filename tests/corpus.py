"""Small annotated articles, and what checking, assembling and merging make of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa

from dateline.build.assemble.evidence import with_subjects
from dateline.build.assemble.registry import Registry
from dateline.build.assemble.summary import rule_tables
from dateline.build.batch import BatchResult, BatchSettings, run_batch
from dateline.build.issues import Issue
from dateline.build.merge import add, ask, database, merge, merged_schemas, prepare, sorted_rows
from dateline.build.read import Limits, Record
from dateline.schema import Codebook, definitions, load_codebook, load_queries
from dateline.schema.arrow import arrow_schema

Json = dict[str, Any]
Row = dict[str, Any]

TEXT = "Two shells hit the market in Orra on Monday, the mayor said. Soldiers closed the road."
# Rules on what the short articles of these tests lack on purpose.
LACKING = frozenset(
    {
        "evidence-missing",
        "evidence-missing-hint",
        "incident-without-participant",
        "incident-without-participant-hint",
    }
)
MAYOR: Json = {
    "id": "mayor",
    "name": "mayor of Orra",
    "entity_kind": "unnamed_person",
    "actor_type": "government",
}
ARMY: Json = {
    "id": "army",
    "key": "army",
    "name": "Northern Army",
    "entity_kind": "organization",
    "actor_type": "state_military",
}
SHELLING: Json = {
    "id": "shelling",
    "incident_type": "shelling_missile",
    "title": "Shells on a market",
    "date_start": "2024-03-04",
    "date_precision": "day",
    "location": {"geo_precision": "exact", "country_code": "ISL", "place_name": "Orra"},
}
SAID: Json = {
    "id": "said",
    "speaker": "mayor",
    "speech_act": "assert",
    "topic": "incident_account",
    "paraphrase": "Shells hit the market.",
    "evidence": [
        {"role": "source", "quote": "the mayor"},
        {"role": "cue", "quote": "said"},
        {"role": "content", "quote": "Two shells hit the market in Orra on Monday"},
    ],
}


def article(identifier: str = "a-1", source: Json | None = None, **members: Any) -> Json:
    """A valid article by hand with no items; `members` are added to it, or replace its own."""
    facts = {"publisher": "Wire", "published_at": "2024-03-05", "language": "en", **(source or {})}
    return {"version": 1, "id": identifier, "source": facts, "text": TEXT, **members}


def claim(**members: Any) -> Json:
    """A claim in the article's own voice that nine people were killed."""
    return {"harm_type": "killed", "victim_category": "all", "count": 9, **members}


def with_claims(*claims: Json, **members: Any) -> Json:
    """An article of one incident with these claims."""
    return article(incidents=[{**SHELLING, "casualties": list(claims)}], **members)


KINDS = {
    "army": "state_military",
    "police": "state_police",
    "blue-helmets": "peacekeeper_igo",
    "rebels": "rebel_group",
    "militia": "political_militia",
    "gunmen": "unidentified_armed",
    "villagers": "civilians",
    "nurses": "medical",
    "ministry": "government",
    "stranger": "unknown",
    "somebody": "unclassified",
}
CAST = [
    {
        **ARMY,
        "id": name,
        "key": name,
        "name": name,
        "actor_type": kind,
        "annotation": {"method": "import"},
    }
    for name, kind in KINDS.items()
]


def told(
    number: int,
    *claims: Json,
    participants: Sequence[Json] = (),
    statements: Sequence[Json] = (),
    source: Json | None = None,
    **incident: Any,
) -> Json:
    """The article of this number on the incident `k`."""
    what = {
        **SHELLING,
        "key": "k",
        "casualties": list(claims),
        "participants": list(participants),
        "evidence": [{"role": "trigger", "quote": "hit"}],
    }
    return article(
        f"a-{number}",
        source,
        actors=CAST,
        incidents=[{**what, **incident}],
        statements=list(statements),
    )


def plays(actor: str, role: str, basis: str = "reported_as_fact", **members: Any) -> Json:
    """A participant."""
    words = [{"role": "role", "quote": "hit"}]
    return {
        "actor": actor,
        "role": role,
        "attribution_basis": basis,
        "evidence": words,
        **members,
    }


def checked(
    *articles: Json,
    profile: str = "quotes",
    codebook: Path | None = None,
    folder: Path = Path(),
) -> BatchResult:
    """The raw tables, issues and counts of the articles, each in a file of its own."""
    found = [
        Record(f"{number}.json", 1, json.dumps(data).encode(), folder)
        for number, data in enumerate(articles)
    ]
    return run_batch(found, BatchSettings(profile, definitions(codebook), Limits()))


def raw(*articles: Json, **settings: Any) -> dict[str, list[Row]]:
    """The rows that the articles give before merging, by table; the articles have no issues.

    Evidence has its subject in the columns that it is published with too.
    """
    result = checked(*articles, **settings)
    assert not result.issues, result.issues
    return rows(result.tables | {"evidence": with_subjects(result.tables["evidence"])})


def problems(data: Json, **settings: Any) -> list[str]:
    """The rules that an article breaks on its own."""
    return rules(checked(data, **settings).issues)


# Actors of small articles need not do anything, nor their places have coordinates.
UNASKED = {"actor-orphan", "incident-point-missing-hint"}


_NO_REGISTRY = Registry()
_VARIABLES = MappingProxyType({"estimate_rule": "range_only"})


@dataclass(frozen=True)
class Merged:
    """The published tables by name, none where there are errors, and all issues."""

    tables: dict[str, pa.Table]
    issues: list[Issue]


def merged(
    articles: Iterable[Json],
    *,
    actors: Sequence[Json] = (),
    incidents: Sequence[Json] = (),
    estimate_rule: str = "range_only",
    codebook: Path | None = None,
) -> Merged:
    """What merging makes of articles without issues and of a registry's entries.

    What an item needs in evidence and does not give is added. Warnings of the rules in UNASKED are
    left out.
    """
    result = checked(*map(supported, articles), codebook=codebook)
    assert not result.issues, result.issues
    registry = Registry(_placed("actors", actors), _placed("incidents", incidents))
    variables: dict[str, str | None] = {"estimate_rule": estimate_rule}
    found = merged_tables(result.tables, load_codebook(codebook), registry, variables)
    return Merged(found.tables, [each for each in found.issues if each.rule not in UNASKED])


def merged_tables(
    raw: Mapping[str, pa.Table],
    book: Codebook,
    registry: Registry = _NO_REGISTRY,
    variables: Mapping[str, str | None] = _VARIABLES,
) -> Merged:
    """What merging makes of raw tables."""
    given = {**raw, **rule_tables(raw["evidence"], raw["statements"], book)}
    with tempfile.TemporaryDirectory() as spill, database(book, Path(spill)) as db:
        for name in merged_schemas(book):
            add(db, name, given[name])
        issues = prepare(db, book, registry, variables)
        if not issues:
            issues = [*merge(db, book), *ask(db, book, variables)]
        tables = {} if any(map(_is_unpublishable, issues)) else _published(db, raw, book)
    return Merged(tables, issues)


def _is_unpublishable(issue: Issue) -> bool:
    """Whether merging has failed; where rows break a rule over tables, they are there."""
    merging = issue.rule not in load_queries() or issue.rule == "field-missing"
    return issue.severity == "error" and merging


def _published(
    db: duckdb.DuckDBPyConnection, raw: Mapping[str, pa.Table], book: Codebook
) -> dict[str, pa.Table]:
    """The tables as they are published, with their types."""
    found = {}
    for name, table in book.tables.items():
        schema = arrow_schema(table)
        if name == "evidence":
            own = with_subjects(raw[name].sort_by(table.primary_key))
            rows: Iterable[pa.Table] = [own.select(table.names)]
        else:
            rows = sorted_rows(db, table)
        found[name] = pa.concat_tables([schema.empty_table(), *(r.cast(schema) for r in rows)])
    return found


# What each kind of item needs in evidence, as words of TEXT that stand there once.
_NEEDED: dict[str, list[Json]] = {
    "actors": [{"role": "mention", "quote": "Soldiers"}],
    "incidents": [
        {"role": "trigger", "quote": "hit"},
        {"role": "date", "quote": "Monday"},
        {"role": "place", "quote": "Orra"},
    ],
    "participants": [{"role": "role", "quote": "closed"}],
    "casualties": [{"role": "other", "field": "count_best", "quote": "market"}],
    "statements": SAID["evidence"],
}


def supported(data: Json) -> Json:
    """The article with the evidence that items without any need; the text has to be TEXT."""
    if data.get("text") != TEXT:
        return data
    made = {**data}
    for table in ("actors", "incidents", "statements"):
        if data.get(table):
            made[table] = [_with_evidence(table, entry) for entry in data[table]]
    return made


def _with_evidence(table: str, entry: Json) -> Json:
    made = {"evidence": _NEEDED[table], **entry}
    for inner in ("participants", "casualties"):
        if entry.get(inner):
            made[inner] = [_with_evidence(inner, each) for each in entry[inner]]
    return made


def _placed(table: str, entries: Iterable[Json]) -> list[Json]:
    """The entries with the places that reading them from a registry's file gives."""
    name = f"registry/{table}.jsonl"
    return [{**entry, "_file": name, "_line": n} for n, entry in enumerate(entries, 1)]


def published(articles: Iterable[Json], **settings: Any) -> dict[str, list[Row]]:
    """The rows by table of a corpus that can be merged, whatever rules over tables they break."""
    result = merged(articles, **settings)
    assert result.tables, result.issues
    return rows(result.tables)


def rows(tables: dict[str, pa.Table]) -> dict[str, list[Row]]:
    """The tables as rows."""
    return {name: table.to_pylist() for name, table in tables.items()}


def only(found: Sequence[Row], **where: Any) -> Row:
    """The one row whose columns have these values."""
    matching = [row for row in found if all(row[name] == where[name] for name in where)]
    assert len(matching) == 1, (where, found)
    return matching[0]


def rules(issues: Iterable[Issue]) -> list[str]:
    """The rules that the issues say are broken, in their order, but those of LACKING."""
    return [issue.rule for issue in issues if issue.rule not in LACKING]


def scoped(name: str, articles: Iterable[Json]) -> list[Json]:
    """The articles with ids and incident keys of their own: cases merged together stay apart."""
    found = []
    for data in articles:
        original = data["source"].get("syndicated_from")
        source = {**data["source"], "syndicated_from": f"{name}/{original}" if original else None}
        incidents = [
            {**incident, "key": f"{name}/{incident['key']}"} if incident.get("key") else incident
            for incident in data.get("incidents", ())
        ]
        found.append(
            {**data, "id": f"{name}/{data['id']}", "source": source, "incidents": incidents}
        )
    return found


def digest(words: str) -> str:
    """The SHA-256 of words in UTF-8."""
    return sha256(words.encode()).hexdigest()
