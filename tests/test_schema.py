"""Definitions are stated once and reach everything; a project's own extend, never contradict."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import pyarrow as pa
import pytest

from dateline.schema import (
    FOLDER,
    TABLES,
    UNCLASSIFIED,
    Codebook,
    CodebookError,
    Field,
    load_codebook,
    read_json,
)
from dateline.schema.arrow import arrow_schema, arrow_type

Json = dict[str, Any]

CODEBOOK = load_codebook()
FIELDS = [(name, field) for name in TABLES for field in CODEBOOK.tables[name].fields]
EACH_FIELD = pytest.mark.parametrize(
    ("table", "field"), FIELDS, ids=[f"{table}.{field.name}" for table, field in FIELDS]
)
EACH_TABLE = pytest.mark.parametrize("table", TABLES)


def enum(codebook: Codebook, table: str, column: str) -> list[str]:
    """The values that a column may have."""
    values: list[str] = codebook.tables[table].by_name[column].descriptor["constraints"]["enum"]
    return values


# One definition


def test_a_vocabulary_that_changes_changes_everything_derived_from_it(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "schema")
    path = folder / "vocab" / "weapon_type.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    rows = [row for row in rows if row["value"] != "unarmed"]
    rows.append(dict.fromkeys(rows[0], "") | {"value": "catapult", "label": "Catapult"})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    changed = load_codebook(folder=folder)
    values = enum(changed, "incidents", "weapon_type")
    assert values == [*(row["value"] for row in rows), UNCLASSIFIED]
    definition = changed.article_schema["$defs"]["incidents.weapon_type"]
    assert definition["enum"] == [*values, None]
    registered = changed.registry_schema["$defs"]["incidents.weapon_type"]
    assert registered["enum"] == [*values, None]
    descriptor = changed.tables["incidents"].descriptor
    field = next(f for f in descriptor["fields"] if f["name"] == "weapon_type")
    assert {"value": "catapult", "label": "Catapult"} in field["categories"]
    assert [category["value"] for category in field["categories"]] == values
    assert b"catapult,Catapult" in changed.vocabularies["weapon_type"].csv
    assert enum(CODEBOOK, "incidents", "weapon_type") != values


def test_a_column_that_changes_changes_what_an_article_may_say(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "schema")
    path = folder / "incidents.json"
    table = json.loads(path.read_bytes())
    title = next(field for field in table["fields"] if field["name"] == "title")
    title["constraints"]["maxLength"] = 7
    path.write_text(json.dumps(table), "utf-8")
    changed = load_codebook(folder=folder)
    assert changed.article_schema["$defs"]["incidents.title"]["maxLength"] == 7
    assert changed.tables["incidents"].by_name["title"].descriptor == title


def test_only_coded_vocabularies_know_unclassified() -> None:
    with_it = {name for name, v in CODEBOOK.vocabularies.items() if UNCLASSIFIED in v.values}
    without = set(CODEBOOK.vocabularies) - with_it
    assert without == {
        "stance",
        "side",
        "quantifier",
        "span_role",
        "method",
        "quote_type",
        "date_precision",
        "geo_precision",
        "estimate_rule",
        "text_normalization",
        "published_precision",
        "country",
        "change",
        "change_reason",
    }
    assert all(CODEBOOK.vocabularies[name].values[-1] == UNCLASSIFIED for name in with_it)
    for path in (FOLDER / "vocab").glob("*.csv"):
        assert UNCLASSIFIED not in path.read_text("utf-8")


# Tables


@EACH_TABLE
def test_a_table_has_one_key_column_that_is_there_in_every_row(table: str) -> None:
    found = CODEBOOK.tables[table]
    key = found.by_name[found.primary_key]
    assert found.fields[0] == key
    assert key.required
    assert len(set(found.names)) == len(found.names)


@EACH_TABLE
def test_every_key_of_a_table_names_columns_that_are_there(table: str) -> None:
    found = CODEBOOK.tables[table]
    for key in found.foreign_keys:
        assert key.field in found.names
        assert key.reference == CODEBOOK.tables[key.table].primary_key
    for columns in found.unique_keys:
        assert set(columns) <= set(found.names)
    # A text that ends like the key of a table refers to it.
    keys = tuple(other.primary_key for other in CODEBOOK.tables.values())
    named = {f.name for f in found.fields if f.name.endswith(keys) and f.type == "string"}
    assert {key.field for key in found.foreign_keys} == named - {found.primary_key}


@EACH_FIELD
def test_a_column_is_described_and_its_example_is_valid(table: str, field: Field) -> None:
    descriptor = field.descriptor
    assert descriptor["title"]
    assert descriptor["description"].endswith(".")
    schema = frictionless.Schema.from_descriptor({"fields": [descriptor]})
    _, errors = schema.read_cells([descriptor["example"]])
    assert not any(errors)


@EACH_FIELD
def test_a_column_names_vocabularies_that_are_there(table: str, field: Field) -> None:
    names = [field.descriptor.get(key) for key in ("dateline:vocabulary", "dateline:codes")]
    assert {name for name in names if name} <= set(CODEBOOK.vocabularies)
    if field.vocabulary:
        vocabulary = CODEBOOK.vocabularies[field.vocabulary]
        assert field.descriptor["constraints"]["enum"] == list(vocabulary.values)
        assert [c["label"] for c in field.descriptor["categories"]] == [
            vocabulary.labels[value] for value in vocabulary.values
        ]


ARROW = {
    "string": pa.string(),
    "integer": pa.int32(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
    "array": pa.list_(pa.string()),
    "int16": pa.int16(),
    "int64": pa.int64(),
    "float32": pa.float32(),
}


@EACH_FIELD
def test_a_column_has_one_arrow_type(table: str, field: Field) -> None:
    expected = ARROW[field.descriptor.get("dateline:arrow", field.type)]
    assert arrow_type(field) == expected
    in_table = arrow_schema(CODEBOOK.tables[table]).field(field.name)
    assert (in_table.type, in_table.nullable) == (expected, not field.required)
    assert in_table.metadata[b"description"].decode() == field.descriptor["description"]


@EACH_TABLE
def test_a_tables_arrow_schema_has_its_columns_in_order(table: str) -> None:
    found = CODEBOOK.tables[table]
    assert tuple(arrow_schema(found).names) == found.names
    assert [field["name"] for field in found.descriptor["fields"]] == list(found.names)


# Vocabularies


@pytest.mark.parametrize("name", sorted(CODEBOOK.vocabularies))
def test_a_vocabulary_is_a_list_of_defined_values(name: str) -> None:
    vocabulary = CODEBOOK.vocabularies[name]
    assert vocabulary.columns[:3] == ("value", "label", "definition")
    for row in vocabulary.rows:
        assert row["label"]
        assert row["definition"]
        if name != "country":
            assert row["value"] == row["value"].lower().replace(" ", "_")
    lines = vocabulary.csv.decode().split("\r\n")
    assert lines[0].split(",") == list(vocabulary.columns)
    published = list(csv.DictReader(lines))
    assert tuple(row["value"] for row in published) == vocabulary.values


ACLED = {
    "Battles": "Armed clash|Government regains territory|Non-state actor overtakes territory",
    "Explosions/Remote violence": "Air/drone strike|Shelling/artillery/missile attack|Suicide bomb|"
    "Remote explosive/landmine/IED|Grenade|Chemical weapon",
    "Violence against civilians": "Attack|Abduction/forced disappearance|Sexual violence",
    "Protests": "Peaceful protest|Protest with intervention|Excessive force against protesters",
    "Riots": "Violent demonstration|Mob violence",
    "Strategic developments": "Agreement|Arrests|Change to group/activity|Disrupted weapons use|"
    "Headquarters or base established|Looting/property destruction|"
    "Non-violent transfer of territory|Other",
}


def test_every_leaf_of_acled_is_the_target_of_an_incident_type() -> None:
    leaves = {(leaf, event) for event, found in ACLED.items() for leaf in found.split("|")}
    assert len(leaves) == 25
    types = CODEBOOK.vocabularies["incident_type"]
    targets = set()
    for row in types.rows:
        below, above = (row.get(f"acled_{n}_type", "") for n in ("sub_event", "event"))
        targets |= set(zip(below.split("|"), above.split("|"), strict=True)) if below else set()
    assert targets == leaves


def test_every_actor_type_has_a_class() -> None:
    types = CODEBOOK.vocabularies["actor_type"]
    classes = types.column("class")
    known = {value: kind for value, kind in classes.items() if value != UNCLASSIFIED}
    assert set(known.values()) == {"state_armed", "nonstate_armed", "civilian", "other", "unknown"}
    armed = {value for value, kind in known.items() if kind.endswith("_armed")}
    organised = {value for value, cell in types.column("organised").items() if cell == "true"}
    assert organised == armed - {"unidentified_armed"}


# JSON Schemas


@pytest.mark.parametrize("name", ["article_schema", "registry_schema"])
def test_a_resolved_schema_is_valid_and_refers_to_what_is_there(name: str) -> None:
    schema = getattr(CODEBOOK, name)
    jsonschema.Draft202012Validator.check_schema(schema)
    references = set(referred(schema))
    assert {reference.removeprefix("#/$defs/") for reference in references} <= set(schema["$defs"])


@pytest.mark.parametrize("name", ["codebook.schema.json", "project.schema.json"])
def test_a_settings_schema_is_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(read_json(name))


def referred(value: object) -> Iterator[str]:
    """All references in a JSON value."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from referred(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from referred(inner)


# A project's own definitions


def columns(*fields: Json) -> str:
    """The content of a codebook's table file."""
    text = {"title": "T", "description": "D."}
    return json.dumps({"fields": [{**text, **field} for field in fields]})


def project(folder: Path, **contents: str) -> Codebook:
    """The codebook of a project with these files: vocabularies, and `<table>_json`."""
    (folder / "vocab").mkdir()
    for name, content in contents.items():
        own = name.removesuffix("_json")
        path = f"{own}.json" if own != name else f"vocab/{name}.csv"
        (folder / path).write_text(content, "utf-8")
    return load_codebook(folder)


HEADER = "value,label,definition,broader\n"


def test_a_project_adds_columns_values_and_vocabularies(tmp_path: Path) -> None:
    codebook = project(
        tmp_path,
        weapon_type=HEADER + "loitering,Loitering munition,a drone that waits,drone\n",
        mood="value,label,definition\ngrim,Grim,not good\n",
        incidents_json=columns(
            {"name": "mood", "type": "string", "dateline:vocabulary": "mood"},
            {"name": "shells", "type": "integer", "constraints": {"minimum": 0}},
        ),
    )
    table = codebook.tables["incidents"]
    assert table.names == (*CODEBOOK.tables["incidents"].names, "mood", "shells")
    assert [field.custom for field in table.fields[-3:]] == [False, True, True]
    assert enum(codebook, "incidents", "mood") == ["grim"]
    weapons = codebook.vocabularies["weapon_type"]
    assert weapons.values[-2:] == ("loitering", UNCLASSIFIED)
    assert weapons.columns[-1] == "broader"
    assert weapons.column("plover")["loitering"] == weapons.column("plover")["drone"] != ""
    assert enum(codebook, "incidents", "weapon_type")[-2:] == ["loitering", UNCLASSIFIED]
    attributes = codebook.article_schema["$defs"]["incidents.attributes"]
    assert attributes["properties"]["mood"]["enum"] == ["grim", None]
    assert attributes["properties"]["shells"]["minimum"] == 0
    assert codebook.tables["actors"] == CODEBOOK.tables["actors"]


def test_an_empty_codebook_is_the_built_in_one(tmp_path: Path) -> None:
    codebook = project(tmp_path)
    assert codebook.tables == CODEBOOK.tables
    assert codebook.vocabularies == CODEBOOK.vocabularies


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (
            {"weapon_type": HEADER + "loitering,L,D,dron\n"},
            'weapon_type.csv: loitering: expected a built-in value as broader, got "dron"',
        ),
        (
            {"weapon_type": HEADER + "loitering,L,D,\n"},
            'weapon_type.csv: loitering: expected a built-in value as broader, got ""',
        ),
        (
            {"weapon_type": HEADER + "a,L,D,drone\nb,L,D,a\n"},
            'weapon_type.csv: b: expected a built-in value as broader, got "a"',
        ),
        (
            {"weapon_type": HEADER + "drone,L,D,air\n"},
            "weapon_type.csv: expected a new value, got drone, which is built in already",
        ),
        ({"weapon_type": HEADER + "a,L,D,drone\na,L,D,air\n"}, "each value once and none empty"),
        ({"mood": "value,label\n,Grim\n"}, "each value once and none empty"),
        ({"mood": "name,label\ngrim,Grim\n"}, "expected the columns value and label"),
        ({"mood": ""}, "expected the columns value and label"),
        (
            {
                "incidents_json": columns(
                    {"name": "mood", "type": "string", "dateline:vocabulary": "moods"}
                )
            },
            "incidents.json: mood: expected the name of a vocabulary, got moods",
        ),
        (
            {"incidents_json": columns({"name": "title", "type": "string"})},
            "incidents.json: expected columns that the table does not have, got one that it has",
        ),
        (
            {"incidents_json": columns(*[{"name": "mood", "type": "string"}] * 2)},
            "incidents.json: expected columns that the table does not have, got one that it has",
        ),
        (
            {"incidents_json": columns({"name": "mood", "type": "object"})},
            "incidents.json: expected columns as a Table Schema",
        ),
        (
            {"incidents_json": columns({"name": "Mood", "type": "string"})},
            "incidents.json: expected columns as a Table Schema",
        ),
        ({"incidents_json": "{"}, "incidents.json: expected columns as a Table Schema"),
        ({"incidents_json": "[]"}, "incidents.json: expected columns as a Table Schema"),
    ],
)
def test_a_codebook_that_contradicts_says_where(
    contents: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(CodebookError) as caught:
        project(tmp_path, **contents)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "vocab" / "mood.csv").write_bytes(b"value,label\n\xff,x\n"),
        lambda folder: (folder / "incidents.json").write_bytes(b"\xff"),
    ],
)
def test_a_codebook_in_another_encoding_is_told(
    damage: Callable[[Path], object], tmp_path: Path
) -> None:
    (tmp_path / "vocab").mkdir()
    damage(tmp_path)
    with pytest.raises(CodebookError, match=r"expected .*, got .*utf-8"):
        load_codebook(tmp_path)
