"""Articles as nested Arrow columns: the types that the article's JSON Schema gives them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import json as pajson

Json = dict[str, Any]

_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
# Members whose form no Arrow type holds: articles with them are assembled one by one.
_LEFT_OUT = frozenset({"attributes"})
_BLOCK = 4 << 20


def nested_schema(schema: Json) -> pa.Schema:
    """The Arrow schema of an object's JSON Schema; a number or a pair counts as a number."""
    return pa.schema(list(_struct(schema, schema["$defs"])))


def _struct(schema: Json, definitions: Json) -> pa.StructType:
    fields = [
        pa.field(name, _arrow(member, definitions))
        for name, member in schema["properties"].items()
        if name not in _LEFT_OUT
    ]
    return pa.struct(fields)


def _arrow(schema: Json, definitions: Json) -> pa.DataType:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    if "properties" in schema:
        return _struct(schema, definitions)
    kinds = schema.get("type", "integer")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    return pa.list_(_arrow(schema["items"], definitions)) if kind == "array" else _TYPES[kind]


def read_nested(lines: Sequence[bytes], schema: pa.Schema) -> tuple[list[int], pa.Table]:
    """The lines that Arrow takes, by number, and their articles as one table of one chunk.

    Each line has to be an object by JSON's grammar: on a bare `null` Arrow ends the process. It
    refuses keys that repeat or that the schema does not have, and numbers of another type.
    """
    parts = list(_parts(lines, 0, schema))
    table = pa.concat_tables([schema.empty_table(), *(part for _, part in parts)])
    return [n for numbers, _ in parts for n in numbers], table.combine_chunks()


def _parts(
    lines: Sequence[bytes], first: int, schema: pa.Schema
) -> Iterator[tuple[range, pa.Table]]:
    """The lines in as few parts as leave out those that Arrow refuses."""
    table = _read(lines, schema) if lines else None
    if table is not None:
        yield range(first, first + len(lines)), table
    elif len(lines) > 1:
        half = len(lines) // 2
        yield from _parts(lines[:half], first, schema)
        yield from _parts(lines[half:], first + half, schema)


def _read(lines: Sequence[bytes], schema: pa.Schema) -> pa.Table | None:
    options = pajson.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    block = max(_BLOCK, *map(len, lines)) + 1
    data = io.BytesIO(b"\n".join(lines))
    try:
        table = pajson.read_json(data, pajson.ReadOptions(block_size=block), options)
    except pa.ArrowInvalid:
        return None
    return table if table.num_rows == len(lines) else None
