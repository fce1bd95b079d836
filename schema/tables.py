"""Tables and fields: the Table Schemas as values, with the enumerations of the vocabularies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dateline.schema.vocabulary import Vocabulary

Json = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One column: its Table Schema descriptor and what the steps ask of it most often.

    `custom` marks a column that a project's codebook adds.
    """

    name: str
    type: str
    required: bool
    vocabulary: str | None
    descriptor: Json
    custom: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """A column that refers to the primary key `reference` of `table`, which may be its own."""

    field: str
    table: str
    reference: str


@dataclass(frozen=True)
class Table:
    """One published table: fields in publishing order, one key column, references, unique keys."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: str
    foreign_keys: tuple[ForeignKey, ...]
    unique_keys: tuple[tuple[str, ...], ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names in publishing order."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by column name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def descriptor(self) -> Json:
        """The Table Schema as it is published, enumerations and labels included."""
        descriptor: Json = {
            "fields": [field.descriptor for field in self.fields],
            "primaryKey": [self.primary_key],
        }
        if self.unique_keys:
            descriptor["uniqueKeys"] = [list(key) for key in self.unique_keys]
        if self.foreign_keys:
            descriptor["foreignKeys"] = [_key_descriptor(self, key) for key in self.foreign_keys]
        return descriptor


def _key_descriptor(table: Table, key: ForeignKey) -> Json:
    reference: Json = {"fields": [key.reference]}
    if key.table != table.name:
        reference = {"resource": key.table, **reference}
    return {"fields": [key.field], "reference": reference}


def make_field(raw: Json, vocabularies: Mapping[str, Vocabulary], *, custom: bool = False) -> Field:
    """The field of a Table Schema descriptor, its vocabulary's values as enum and categories."""
    name = raw.get("dateline:vocabulary")
    descriptor = dict(raw)
    constraints = dict(raw.get("constraints", {}))
    if name is not None:
        vocabulary = vocabularies[name]
        constraints["enum"] = list(vocabulary.values)
        descriptor["categories"] = [
            {"value": value, "label": vocabulary.labels[value] or value}
            for value in vocabulary.values
        ]
    if constraints:
        descriptor["constraints"] = constraints
    required = bool(constraints.get("required"))
    return Field(raw["name"], raw["type"], required, name, descriptor, custom)


def read_table(
    path: Path, vocabularies: Mapping[str, Vocabulary], custom: list[Json] | None = None
) -> Table:
    """The table of one Table Schema file, followed by a project's own columns."""
    raw = json.loads(path.read_text("utf-8"))
    fields = [make_field(f, vocabularies) for f in raw["fields"]]
    fields += [make_field(f, vocabularies, custom=True) for f in custom or ()]
    keys = [
        ForeignKey(
            key["fields"][0],
            key["reference"].get("resource", path.stem),
            key["reference"]["fields"][0],
        )
        for key in raw.get("foreignKeys", ())
    ]
    unique = tuple(tuple(key) for key in raw.get("uniqueKeys", ()))
    return Table(
        path.stem,
        raw["title"],
        raw["description"],
        tuple(fields),
        raw["primaryKey"][0],
        tuple(keys),
        unique,
    )
