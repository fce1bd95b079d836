"""The package that validation is measured on: one large table of 20 columns, one it refers to."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

KINDS = ["battle", "riot", "protest", "strike", "raid"]
FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer", "constraints": {"required": True, "minimum": 1}},
    {
        "name": "code",
        "type": "string",
        "constraints": {"unique": True, "pattern": "[A-Z]{2}-[0-9]{7}"},
    },
    {"name": "actor", "type": "string", "constraints": {"required": True}},
    {"name": "kind", "type": "string", "constraints": {"enum": KINDS}},
    {"name": "level", "type": "integer", "constraints": {"enum": [1, 2, 3]}},
    {"name": "deaths", "type": "integer", "constraints": {"minimum": 0, "maximum": 100000}},
    {"name": "injured", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "latitude", "type": "number", "constraints": {"minimum": -90, "maximum": 90}},
    {"name": "longitude", "type": "number", "constraints": {"minimum": -180, "maximum": 180}},
    {"name": "day", "type": "date", "constraints": {"required": True, "minimum": "2000-01-01"}},
    {"name": "end", "type": "date"},
    {"name": "read_at", "type": "datetime"},
    {"name": "checked", "type": "boolean"},
    {"name": "country", "type": "string", "constraints": {"pattern": "[A-Z]{3}", "required": True}},
    {"name": "place", "type": "string", "constraints": {"maxLength": 60}},
    {"name": "source", "type": "string", "constraints": {"minLength": 3}},
    {"name": "year", "type": "year"},
    {"name": "share", "type": "number"},
    {"name": "note", "type": "string"},
    {"name": "lang", "type": "string", "constraints": {"enum": ["en", "fr", "ar", "sw"]}},
]
# For each column a text that breaks one rule there and none elsewhere.
BAD = {
    "level": "4",
    "deaths": "-1",
    "injured": "many",
    "latitude": "91.5",
    "longitude": "east",
    "day": "26.01.2023",
    "end": "2023-13-01",
    "read_at": "yesterday",
    "checked": "maybe",
    "country": "xx",
    "source": "ab",
    "year": "23",
    "share": "1/2",
    "lang": "de",
    "kind": "war",
    "actor": "nobody",
}


def columns(rows: int, bad: float, seed: int = 7) -> dict[str, list[str]]:
    """The cells of both tables as text: `rows` rows, of which a share breaks one rule each."""
    pick = random.Random(seed)
    actors = max(rows // 100, 10)
    made: dict[str, list[str]] = {
        "id": [str(n + 1) for n in range(rows)],
        "code": [f"{pick.choice(('AB', 'CD'))}-{n:07d}" for n in pick.sample(range(rows), rows)],
        "actor": [f"actor-{pick.randrange(actors)}" for _ in range(rows)],
        "kind": pick.choices(KINDS, k=rows),
        "level": pick.choices(["1", "2", "3"], k=rows),
        "deaths": [str(min(int(pick.expovariate(0.1)), 999)) for _ in range(rows)],
        "injured": pick.choices(["", *map(str, range(40))], k=rows),
        "latitude": [f"{pick.uniform(-89, 89):.4f}" for _ in range(rows)],
        "longitude": [f"{pick.uniform(-179, 179):.4f}" for _ in range(rows)],
        "day": [_day(pick) for _ in range(rows)],
        "end": [pick.choice(("", _day(pick))) for _ in range(rows)],
        "read_at": [f"{_day(pick)}T{pick.randrange(24):02d}:15:30Z" for _ in range(rows)],
        "checked": pick.choices(["true", "false"], k=rows),
        "country": pick.choices(["SDN", "MLI", "UKR", "COL", "PHL"], k=rows),
        "place": [f"Village {pick.randrange(5000)}, north of Ré" for _ in range(rows)],
        "source": [f"paper {pick.randrange(300)}" for _ in range(rows)],
        "year": [str(pick.randrange(1990, 2025)) for _ in range(rows)],
        "share": [f"{pick.random():.3f}" for _ in range(rows)],
        "note": pick.choices(["", "seen twice", "said “no”", "a, b and c"], k=rows),
        "lang": pick.choices(["en", "fr", "ar", "sw"], k=rows),
    }
    for row in pick.sample(range(rows), int(rows * bad)):
        name = pick.choice(list(BAD))
        made[name][row] = BAD[name]
    made["actors"] = [f"actor-{n}" for n in range(actors)]
    return made


def _day(pick: random.Random) -> str:
    return f"{pick.randrange(2001, 2025)}-{pick.randrange(1, 13):02d}-{pick.randrange(1, 29):02d}"


def write(folder: Path, made: dict[str, list[str]]) -> None:
    """Both tables as CSV, and the descriptors of the CSV and of the Parquet files."""
    events = {field["name"]: made[field["name"]] for field in FIELDS}
    options = pacsv.WriteOptions(quoting_style="needed", quoting_header="none")
    pacsv.write_csv(pa.table(events), folder / "events.csv", options)
    pacsv.write_csv(pa.table({"id": made["actors"]}), folder / "actors.csv", options)
    key = {"fields": ["actor"], "reference": {"resource": "actors", "fields": ["id"]}}
    dialect = {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}
    events_schema = {"fields": FIELDS, "primaryKey": ["id"], "foreignKeys": [key]}
    actors_schema = {"fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}
    schemas = {"events": events_schema, "actors": actors_schema}
    for ending, form in (("csv", {"encoding": "utf-8", "dialect": dialect}), ("parquet", {})):
        resources = [
            {"name": name, "path": f"{name}.{ending}", **form, "schema": schema}
            for name, schema in schemas.items()
        ]
        profile = "https://datapackage.org/profiles/2.0/datapackage.json"
        descriptor = {"$schema": profile, "resources": resources}
        (folder / f"{ending}.json").write_text(json.dumps(descriptor))


def write_parquet(folder: Path, made: dict[str, list[str]]) -> None:
    """The large table as Parquet with the types of its fields; all cells have to be valid."""
    kinds = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", "UTC"),
        "boolean": pa.bool_(),
        "year": pa.int32(),
    }
    arrays = {}
    for field in FIELDS:
        texts = pa.array([text or None for text in made[field["name"]]], pa.string())
        arrays[field["name"]] = texts.cast(kinds.get(field["type"], pa.string()))
    pq.write_table(pa.table(arrays), folder / "events.parquet", compression="zstd")
    pq.write_table(pa.table({"id": made["actors"]}), folder / "actors.parquet")
