"""What changed of a table's schema: its fields, their order, its keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dateline.build.diff.alike import alike
from dateline.build.diff.bump import change
from dateline.build.diff.fields import field_changes
from dateline.build.diff.model import Change
from dateline.build.diff.words import Found
from dateline.build.standard.model import Field, ForeignKey, Schema


def schema_changes(table: str, old: Schema, new: Schema, compat: str) -> Iterator[Change]:
    """All that changed of a table's schema, fields first, in the new order."""
    old, new = alike(table, old, new)
    fields = _Fields(table, old, new, compat)
    yield from fields.changes()
    yield from _keys(table, old, new, compat)
    if old.fields_match != new.fields_match:
        values = (old.fields_match, new.fields_match)
        words = f"fieldsMatch was {values[0]}, is {values[1]}"
        yield change("RESOURCE_FORM", compat, (table, None), values, words)


@dataclass(frozen=True)
class _Fields:
    """The fields of two schemas, paired by name, or by all else where one was renamed."""

    table: str
    old: Schema
    new: Schema
    compat: str

    def changes(self) -> Iterator[Change]:
        was = {field.name: field for field in self.old.fields}
        now = {field.name: field for field in self.new.fields}
        renamed = _renamed(
            [field for field in self.old.fields if field.name not in now],
            [field for field in self.new.fields if field.name not in was],
        )
        before = {**renamed, **{name: name for name in now if name in was}}
        for field in self.new.fields:
            if field.name in renamed:
                words = f"was called {renamed[field.name]}"
                place = (self.table, field.name)
                values = (renamed[field.name], field.name)
                yield change("FIELD_RENAMED", self.compat, place, values, words)
            if field.name in before:
                found = field_changes(was[before[field.name]], field)
                yield from placed(found, self.compat, self.table, field.name)
            else:
                yield self._added(field, before)
        for name in was:
            if name not in before.values():
                place = (self.table, name)
                yield change("FIELD_REMOVED", self.compat, place, (name, None), "is gone")
        yield from self._order(before)

    def _added(self, field: Field, before: dict[str, str]) -> Change:
        names = [each.name for each in self.new.fields]
        last = not any(name in before for name in names[names.index(field.name) :])
        words = f"is new, {'last' if last else 'between others'}, "
        words += "never null" if field.required else "may be null"
        unless = field.required or not last
        values, place = (None, field.name), (self.table, field.name)
        return change("FIELD_ADDED", self.compat, place, values, words, unless=unless)

    def _order(self, before: dict[str, str]) -> Iterator[Change]:
        """Names as of now of what both have, in the order of before and of now."""
        now = [field.name for field in self.new.fields if field.name in before]
        was = {field.name: at for at, field in enumerate(self.old.fields)}
        ordered = sorted(now, key=lambda name: was[before[name]])
        if now != ordered:
            at = next(
                n for n, pair in enumerate(zip(now, ordered, strict=True)) if len({*pair}) > 1
            )
            words = f"fields stand in another order, from {ordered[at]} on"
            place = (self.table, None)
            yield change("FIELD_ORDER", self.compat, place, (ordered, now), words)


def _renamed(gone: list[Field], come: list[Field]) -> dict[str, str]:
    """The new names by old ones that are told by all else: no other field has it too."""
    found = {}
    for field in come:
        alike = [other for other in gone if _like(other) == _like(field)]
        twins = [other for other in come if _like(other) == _like(field)]
        if len(alike) == len(twins) == 1 and field.descriptor.get("description"):
            found[field.name] = alike[0].name
    return found


def _like(field: Field) -> dict[str, Any]:
    kept = {k: v for k, v in field.descriptor.items() if k not in ("name", "title")}
    return {"type": field.type, **kept}


def placed(found: Iterator[Found], compat: str, table: str, field: str | None) -> Iterator[Change]:
    """Changes with their place."""
    for rule, old, new, words in found:
        yield change(rule, compat, (table, field), (old, new), words)


def _keys(table: str, old: Schema, new: Schema, compat: str) -> Iterator[Change]:
    if {*old.primary_key} != {*new.primary_key}:
        was, now = list(old.primary_key), list(new.primary_key)
        words = f"primary key was {_named(was)}, is {_named(now)}"
        yield change("PK_CHANGED", compat, (table, None), (was, now), words)
    for rule, mine, others in (
        ("CONSTRAINT_TIGHTENED", new.unique_keys, old.unique_keys),
        ("CONSTRAINT_LOOSENED", old.unique_keys, new.unique_keys),
    ):
        for key in (key for key in mine if key not in others):
            values = (None, list(key)) if mine is new.unique_keys else (list(key), None)
            words = f"{_named(key)} {'is' if values[1] else 'is no longer'} unique"
            yield change(rule, compat, (table, None), values, words)
    yield from _references(table, old, new, compat)


def _references(table: str, old: Schema, new: Schema, compat: str) -> Iterator[Change]:
    was, now = ([_told(key) for key in schema.foreign_keys] for schema in (old, new))
    for fields, target in (each for each in was if each not in now):
        words, place = f"refers to {target} no longer", (table, fields)
        yield change("FK_REMOVED", compat, place, (target, None), words)
    for fields, target in (each for each in now if each not in was):
        yield change("FK_ADDED", compat, (table, fields), (None, target), f"refers to {target}")


def _told(key: ForeignKey) -> tuple[str, str]:
    """The fields of a reference, and what it leads to, in words."""
    target = f"{key.resource}." if key.resource else "its own "
    return ", ".join(key.fields), target + ", ".join(key.reference)


def _named(key: list[str] | tuple[str, ...]) -> str:
    return ", ".join(key) or "none"
