"""Articles as nested Arrow columns: the types that the article's JSON Schema gives them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

Json = dict[str, Any]

_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
# The members of an article that become columns.
_READ = ("annotation", "actors", "incidents", "statements")
# Members that no column comes from. Attributes have a form that no column has.
_LEFT_OUT = frozenset({"attributes", "prefix", "suffix", "annotated_at", "tool"})
_CONFIG = {
    "memory_limit": "1GB",
    # None: what does not fit is left to the exact way.
    "temp_directory": "",
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
# Articles read at once: their columns stay in the processor's cache.
_CHUNK = 64


class Reader:
    """Reads articles of one JSON Schema; build it once a process."""

    def __init__(self, schema: Json) -> None:
        """A member that is a number or a pair is read as a number."""
        members = {name: schema["properties"][name] for name in _READ}
        structure = json.dumps(_struct(members, schema["$defs"]))
        self._query = f"SELECT unnest(from_json(line, '{structure}')) FROM lines"
        self._db = duckdb.connect(config={**_CONFIG})

    def read(self, lines: Sequence[bytes]) -> pa.Table | None:
        """The articles in their order as one table of one chunk; null where they cannot be read.

        Each line has to keep to the JSON Schema and to repeat no key: a value of another type, or
        a line that is null, would be null here and no error. Members that nothing is made of are
        left out.
        """
        text = pa.array(lines, pa.binary()).view(pa.string())
        chunks = [text.slice(first, _CHUNK) for first in range(0, len(text), _CHUNK)]
        table = pa.table({"line": pa.chunked_array(chunks, pa.string())})
        # A cursor of its own: a process may read two batches at a time.
        with self._db.cursor() as cursor:
            cursor.register("lines", table)
            try:
                return cursor.sql(self._query).to_arrow_table().combine_chunks()
            except duckdb.Error:
                return None


def _struct(members: Json, definitions: Json) -> Json:
    return {
        name: _structure(member, definitions)
        for name, member in members.items()
        if name not in _LEFT_OUT
    }


def _structure(schema: Json, definitions: Json) -> Any:
    """The type of a member as DuckDB's JSON functions take it."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    if "properties" in schema:
        return _struct(schema["properties"], definitions)
    kinds = schema.get("type", "integer")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    return [_structure(schema["items"], definitions)] if kind == "array" else _TYPES[kind]
