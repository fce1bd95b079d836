"""Arrow schemas of the published tables: the only map from Table Schema types to Arrow types."""

from __future__ import annotations

import pyarrow as pa

from dateline.schema.tables import Field, Table

_DEFAULTS: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int32(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
    "array": pa.list_(pa.string()),
}
_NAMED: dict[str, pa.DataType] = {
    "int16": pa.int16(),
    "int64": pa.int64(),
    "float32": pa.float32(),
}


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type of a column: that of its `dateline:arrow`, else its type's default."""
    named = field.descriptor.get("dateline:arrow")
    return _NAMED[named] if named else _DEFAULTS[field.type]


def arrow_field(field: Field) -> pa.Field:
    """The Arrow field of a column: not nullable where required, with its description."""
    description = field.descriptor.get("description", "")
    return pa.field(
        field.name,
        arrow_type(field),
        nullable=not field.required,
        metadata={"description": description},
    )


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a published table."""
    return pa.schema([arrow_field(field) for field in table.fields])
