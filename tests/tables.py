"""A small valid dataset as published tables, and packages made of it, for tests of the output."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from dateline.build.package import descriptor, write_descriptor
from dateline.build.write import write_rules, write_tables, write_vocabularies
from dateline.schema import TABLES, Codebook, load_codebook
from dateline.schema.arrow import arrow_schema

Rows = dict[str, list[dict[str, Any]]]

CREATED = "2024-05-01T00:00:00Z"
METADATA = {
    "name": "hill-towns",
    "title": "Hill towns",
    "version": "1.2.0",
    "licenses": [{"name": "CC-BY-4.0"}],
    "contributors": [{"title": "A. Coder", "roles": ["creator"]}],
    "dateline:version": "0.1.0",
}
KEY_VALUES = {"dataset.name": "hill-towns", "dataset.version": "1.2.0"}


def rows() -> Rows:
    """Rows of all tables by column name: two articles, two incidents, and what they name."""
    noon = dt.datetime(2024, 3, 5, 12, 30, tzinfo=dt.UTC)
    article = {
        "language": "en",
        "text_sha256": "a" * 64,
        "text_length": 900,
        "text_normalization": "none",
        "license": "LicenseRef-unknown",
        "published_at": noon,
        "published_precision": "minute",
    }
    incident = {
        "incident_type": "armed_clash",
        "stage": "accomplished",
        "verification_status": "single_source",
        "date_start": dt.date(2024, 3, 4),
        "date_end": dt.date(2024, 3, 4),
        "date_precision": "day",
        "geo_precision": "exact",
        "estimate_rule": "single_claim",
        "latitude": 12.25,
        "longitude": -0.1,
    }
    actor = {
        "entity_kind": "organization",
        "actor_type": "journalist_media",
        "privacy_class": "not_a_person",
    }
    casualty = {
        "incident_id": "inc_aaaaaa",
        "article_id": "art_aaaaaa",
        "stance": "asserts",
        "harm_type": "killed",
        "victim_category": "all",
        "demographic": "any",
        "occupation": "any",
        "victim_set": "all",
        "covers_set": True,
        "quantifier": "exact",
    }
    participant = {
        "incident_id": "inc_aaaaaa",
        "role": "belligerent",
        "attribution_basis": "reported_as_fact",
        "is_primary": True,
    }
    evidence = {
        "article_id": "art_aaaaaa",
        "span_role": "mention",
        "span": 0,
        "part": 0,
        "exact_sha256": "b" * 64,
        "method": "manual",
        "annotator_id": "coder-1",
    }
    statement = {
        "article_id": "art_aaaaaa",
        "speaker_actor_id": "act_aaaaaa",
        "anonymity": "named",
        "attribution_type": "assertion",
        "quote_type": "indirect",
        "speech_act": "assert",
        "polarity": "affirmed",
        "certainty": "certain",
        "topic": "casualties",
    }
    return {
        "articles": [
            {
                "article_id": "art_aaaaaa",
                "article_key": "one",
                **article,
                "url": "https://a.example/1",
            },
            {
                "article_id": "art_bbbbbb",
                "article_key": "two",
                **article,
                "headline": 'Two "quiet" days,\r\nthen shots — and a ball 🏐',
                "retrieved_at": noon.replace(microsecond=120_000),
                "syndicated_from_article_id": "art_aaaaaa",
            },
        ],
        "incidents": [
            {"incident_id": "inc_aaaaaa", "incident_key": "bridge", **incident, "title": "Bridge"},
            {
                "incident_id": "inc_bbbbbb",
                **incident,
                "title": "Market",
                "killed_best": 4,
                "civilian_targeting": False,
                "parent_incident_id": "inc_aaaaaa",
                "geonames_id": 2**40,
            },
        ],
        "actors": [
            {
                "actor_id": "act_aaaaaa",
                **actor,
                "name": "Hill Radio",
                "aliases": ["HR", 'the "Voice"', "صوت\\"],
                "weak_aliases": [],
            },
            {"actor_id": "act_bbbbbb", **actor, "name": "Valley Post", "ucdp_actor_id": 7},
        ],
        "statements": [
            {"statement_id": "stm_aaaaaa", **statement, "said_on": dt.date(2024, 3, 5)},
            {"statement_id": "stm_bbbbbb", **statement, "parent_statement_id": "stm_aaaaaa"},
        ],
        "participants": [
            {"participant_id": "par_aaaaaa", **participant, "actor_id": "act_aaaaaa", "side": "a"},
            {
                "participant_id": "par_bbbbbb",
                **participant,
                "actor_id": "act_bbbbbb",
                "side": "b",
                "attributed_by_actor_id": "act_aaaaaa",
            },
        ],
        "casualties": [
            {"casualty_id": "cas_aaaaaa", **casualty, "count_best": 4},
            {"casualty_id": "cas_bbbbbb", **casualty, "supersedes_casualty_id": "cas_aaaaaa"},
        ],
        "evidence": [
            {
                "evidence_id": "evd_aaaaaa",
                **evidence,
                "incident_id": "inc_aaaaaa",
                "start": 0,
                "end": 4,
                "confidence": 0.1,
                "exact": "They",
            },
            {
                "evidence_id": "evd_bbbbbb",
                **evidence,
                "actor_id": "act_aaaaaa",
                "start": 7,
                "end": 9,
            },
        ],
    }


def at_once(tables: Mapping[str, pa.Table]) -> dict[str, list[pa.Table]]:
    """The tables as rows that come all at once."""
    return {name: [table] for name, table in tables.items()}


def arrow_tables(content: Rows, codebook: Codebook | None = None) -> dict[str, pa.Table]:
    """The rows as Arrow tables of the published schemas; a column that a row leaves out is null."""
    book = codebook or load_codebook()
    return {
        name: pa.Table.from_pylist(content[name], arrow_schema(book.tables[name]))
        for name in TABLES
    }


def write_package(
    folder: Path,
    tables: Mapping[str, pa.Table] | None = None,
    codebook: Codebook | None = None,
    metadata: Mapping[str, Any] = METADATA,
) -> Path:
    """A package of the tables (by default those of `rows`) in a new folder."""
    book = codebook or load_codebook()
    folder.mkdir()
    written = write_tables(at_once(tables or arrow_tables(rows())), book, folder, KEY_VALUES)
    written += write_vocabularies(book, folder)
    written += write_rules(book, {"estimate_rule": "range_only"}, folder)
    assert (
        write_descriptor(
            descriptor(written, book, metadata, str(metadata.get("created", CREATED))), folder
        )
        == []
    )
    return folder


def change_descriptor(folder: Path, change: Callable[[Any], object]) -> None:
    """Change the descriptor's content in place."""
    path = folder / "datapackage.json"
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content))


def resource(content: Any, name: str) -> Any:
    """The resource of a name."""
    return next(r for r in content["resources"] if r["name"] == name)


def resealed(folder: Path, *names: str) -> Path:
    """The package with the sizes and digests of these resources' files as they are now."""

    def change(content: Any) -> None:
        for each in (resource(content, name) for name in names):
            data = (folder / each["path"]).read_bytes()
            each["bytes"] = len(data)
            each["hash"] = "sha256:" + hashlib.sha256(data).hexdigest()

    change_descriptor(folder, change)
    return folder


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Relative path and bytes of each file of a folder, sorted by path."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()
