"""The JSON Schema of the annotated article: a skeleton whose leaves come from the Table Schemas."""

from __future__ import annotations

from typing import Any

from dateline.schema.tables import Field, Json, Table

_JSON_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "string",
    "datetime": "string",
    "array": "array",
}
_LIMITS = {"int16": 2**15 - 1, "int32": 2**31 - 1, "int64": 2**63 - 1}
# Beside `format`, which lets the year 0000 through; 1900 is the first year of the data model.
_DATE = r"^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_SAME = ("pattern", "minLength", "maxLength", "minimum", "maximum")


def leaf(field: Field) -> Json:
    """The JSON Schema of one value of a column; null stands for "not given"."""
    constraints = field.descriptor.get("constraints", {})
    schema: Json = {"description": field.descriptor.get("description", "")}
    schema["type"] = [_JSON_TYPES[field.type], "null"]
    schema |= {key: constraints[key] for key in _SAME if key in constraints}
    schema |= _by_type(field)
    if "enum" in constraints:
        schema["enum"] = [*constraints["enum"], None]
    return schema


def _by_type(field: Field) -> dict[str, Any]:
    constraints = field.descriptor.get("constraints", {})
    if field.type == "string":
        uri = {"format": "uri"} if field.descriptor.get("format") == "uri" else {}
        return {"minLength": constraints.get("minLength", 1), **uri}
    if field.type == "integer":
        limit = _LIMITS[field.descriptor.get("dateline:arrow", "int32")]
        return {"maximum": min(limit, constraints.get("maximum", limit))}
    if field.type == "date":
        return {"format": "date", "pattern": _DATE}
    if field.type == "array":
        return {"items": {"type": "string", "minLength": 1}, "uniqueItems": True}
    return {}


def resolved(skeleton: Json, tables: dict[str, Table]) -> Json:
    """The skeleton with one definition `<table>.<column>` for each column it refers to."""
    columns = {
        f"{table.name}.{field.name}": leaf(field)
        for table in tables.values()
        for field in table.fields
    }
    columns |= {f"{table.name}.attributes": _attributes(table) for table in tables.values()}
    used = _references(skeleton)
    definitions = {name: schema for name, schema in columns.items() if name in used}
    return {**skeleton, "$defs": {**skeleton.get("$defs", {}), **definitions}}


def _attributes(table: Table) -> Json:
    """Anything under any name, but a project's own columns as it defines them."""
    own = {field.name: leaf(field) for field in table.fields if field.custom}
    return {"type": ["object", "null"], "properties": own}


def _references(value: object) -> set[str]:
    if isinstance(value, dict):
        found = {value["$ref"].removeprefix("#/$defs/")} if "$ref" in value else set()
        return found.union(*map(_references, value.values()))
    if isinstance(value, list):
        return set().union(*map(_references, value))
    return set()
