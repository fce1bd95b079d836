"""SQL that follows from the Table Schemas: single cells of many columns, for rules on any text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dateline.schema.tables import Field, Table

# As an article prints them: white space is single spaces, all else is left as it is.
PRINTED = frozenset("headline byline dateline speaker_label cue_text count_text quote_text".split())
# A word of these may be what somebody said.
_SPOKEN = frozenset("cue_text count_text quote_text".split())


def cell_views(tables: Mapping[str, Table]) -> str:
    """Statements that make the views `text_cells`, `list_cells` and `number_cells`.

    Each has `id` (a primary key) and `field`. `text_cells` has `value`, which is no code, id or
    digest, items of lists included; `printed` and `spoken` tell how far it is somebody's words;
    `listed` is true of an item. `list_cells` has `items`. `number_cells` has `value` of the numbers
    whose least value no schema says. Evidence is left out: it has pieces of texts, and offsets.
    """
    columns = [(table, _texts(table)) for table in tables.values() if table.name != "evidence"]
    texts = [_unnested(table, fields) for table, fields in columns if fields]
    lists = [_list(table, f) for table, _ in columns for f in table.fields if f.type == "array"]
    numbers = [
        f"SELECT {table.primary_key} AS id, '{f.name}' AS field, \"{f.name}\"::DOUBLE AS value "
        f"FROM {table.name}"
        for table in tables.values()
        for f in table.fields
        if f.type in ("integer", "number") and "minimum" not in f.descriptor.get("constraints", {})
    ]
    none = "SELECT NULL::VARCHAR AS id, NULL::VARCHAR AS field, NULL::DOUBLE AS value WHERE false"
    items = (
        "SELECT id, field, unnest(items) AS value, false AS printed, false AS spoken, "
        "true AS listed FROM list_cells"
    )
    return "\n".join(
        [
            f"CREATE TEMP VIEW list_cells AS {_union(lists)};",
            f"CREATE TEMP VIEW text_cells AS {_union([*texts, items])};",
            f"CREATE TEMP VIEW number_cells AS {_union(numbers or [none])};",
        ]
    )


def _union(queries: Iterable[str]) -> str:
    return "\nUNION ALL ".join(queries)


def _texts(table: Table) -> list[Field]:
    """The columns of words: a pattern or an enumeration says all that others may hold."""
    keys = {table.primary_key, *(key.field for key in table.foreign_keys)}
    return [
        field
        for field in table.fields
        if field.type == "string"
        and field.name not in keys
        and not {"enum", "pattern"} & field.descriptor.get("constraints", {}).keys()
    ]


def _unnested(table: Table, fields: list[Field]) -> str:
    names = ", ".join(f"'{field.name}'" for field in fields)
    values = ", ".join(f'"{field.name}"' for field in fields)
    printed = ", ".join(str(field.name in PRINTED).lower() for field in fields)
    spoken = ", ".join(str(field.name in _SPOKEN).lower() for field in fields)
    return (
        f"SELECT {table.primary_key} AS id, unnest([{names}]) AS field, unnest([{values}]) AS "
        f"value, unnest([{printed}]) AS printed, unnest([{spoken}]) AS spoken, false AS listed "
        f"FROM {table.name}"
    )


def _list(table: Table, field: Field) -> str:
    return (
        f"SELECT {table.primary_key} AS id, '{field.name}' AS field, \"{field.name}\" AS items "
        f"FROM {table.name}"
    )
