"""Rows to columns: the raw tables of a batch, with the Arrow types of the published ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import pyarrow as pa

from dateline.schema import Codebook, Table
from dateline.schema.arrow import arrow_type

# What a raw row knows beside its columns: where it comes from, and whether its method may leave
# codes open. `_article` is an article_id.
ORIGIN: dict[str, pa.DataType] = {
    "_article": pa.string(),
    "_pointer": pa.string(),
    "_open": pa.bool_(),
}
# Which file and line an article comes from, for the places of issues, and the day it was published
# as written, which the instant in UTC may not show.
PLACE: dict[str, pa.DataType] = {
    "_file": pa.string(),
    "_line": pa.int32(),
    "_published": pa.date32(),
}
# The columns of published evidence of which one is set. A raw row has its name and its value.
SUBJECTS = ("incident_id", "actor_id", "statement_id", "participant_id", "casualty_id")
_SUBJECT = tuple(pa.field(name, pa.string()) for name in ("subject", "subject_id"))


def raw_schema(table: Table) -> pa.Schema:
    """The schema of a table's raw rows: all columns nullable, then their origin.

    Evidence has no origin, and `subject` and `subject_id` in place of its subject columns.
    """
    fields = [pa.field(field.name, arrow_type(field)) for field in table.fields]
    if table.name == "evidence":
        return pa.schema([*_SUBJECT, *(f for f in fields if f.name not in SUBJECTS)])
    origin = {**ORIGIN, **(PLACE if table.name == "articles" else {})}
    return pa.schema([*fields, *(pa.field(name, kind) for name, kind in origin.items())])


def column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The Arrow array of values as JSON gives them; dates are ISO text there."""
    if pa.types.is_date(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)


def own_columns(table: Table) -> tuple[str, ...]:
    """The columns that a project's codebook adds to a table."""
    return tuple(field.name for field in table.fields if field.custom)


def declared(data: Mapping[str, Any], own: Sequence[str]) -> dict[str, Any]:
    """The attributes of an item that are columns of its table, null where it does not give one.

    Others are not published; one that has the name of a built-in column does not stand in for it.
    """
    if not own:
        return {}
    given = data.get("attributes") or {}
    return {name: given.get(name) for name in own}


class Rows:
    """The raw rows of one table, added one by one; a column that a row does not give is null."""

    def __init__(self, schema: pa.Schema) -> None:
        """Rows have the columns of `schema`; other members of what is added are left out."""
        self.schema = schema
        self._nulls: dict[str, Any] = dict.fromkeys(schema.names)
        self._pick = itemgetter(*schema.names)
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *parts: Mapping[str, Any]) -> None:
        """Adds the row that has the members of all parts, the later ones' where they repeat."""
        row = self._nulls.copy()
        for part in parts:
            row.update(part)
        self._rows.append(self._pick(row))

    def table(self) -> pa.Table:
        """All rows added so far, in that order."""
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * len(self.schema)
        arrays = [column(c, f.type) for c, f in zip(columns, self.schema, strict=True)]
        return pa.Table.from_arrays(arrays, schema=self.schema)


def raw_schemas(codebook: Codebook) -> dict[str, pa.Schema]:
    """The raw schemas of all tables by name."""
    return {name: raw_schema(table) for name, table in codebook.tables.items()}
