"""Two schemas with what they say in other words, and mean alike, said in the same words."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from dateline.build.standard.model import Field, ForeignKey, Schema


def alike(table: str, old: Schema, new: Schema) -> tuple[Schema, Schema]:
    """The schemas of a table to compare.

    A unique key of one field is that field's constraint; what the primary key of both demands is
    not said again; fields of keys are in the order of their names; a reference to the table itself
    names none.
    """
    key = set(old.primary_key) if set(old.primary_key) == set(new.primary_key) else set()
    return _plain(table, old, key), _plain(table, new, key)


def _plain(table: str, schema: Schema, key: Set[str]) -> Schema:
    given = dict.fromkeys(tuple(sorted(each)) for each in schema.unique_keys)
    alone = {each[0] for each in given if len(each) == 1}
    return replace(
        schema,
        fields=tuple(_field(each, alone, key) for each in schema.fields),
        unique_keys=tuple(each for each in given if len(each) > 1 and {*each} != key),
        foreign_keys=tuple(_reference(table, each) for each in schema.foreign_keys),
    )


def _field(field: Field, alone: Set[str], key: Set[str]) -> Field:
    constraints = dict(field.constraints)
    if field.name in alone:
        constraints["unique"] = True
    if field.name in key:
        # A primary key is never null, and one of a single field unique.
        constraints.pop("required", None)
        if len(key) == 1:
            constraints.pop("unique", None)
    return replace(field, descriptor={**field.descriptor, "constraints": constraints})


def _reference(table: str, key: ForeignKey) -> ForeignKey:
    pairs = sorted(zip(key.fields, key.reference, strict=True))
    return replace(
        key,
        fields=tuple(field for field, _ in pairs),
        reference=tuple(field for _, field in pairs),
        resource="" if key.resource == table else key.resource,
    )
