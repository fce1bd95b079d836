"""Packages of articles with changes made to their published tables, for rules that a build keeps.

A change is `{"table": T, "where": {column: value}, "set": {column: value}}`; `"drop": true` in
place of `set` takes the rows away, `"add": {column: value}` alone adds one. `{"package": {...}}`
sets properties of the descriptor. Values are as in JSON: days and instants are text.
"""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner
from tables import METADATA, write_package

from dateline.cli import main
from dateline.schema import TABLES, load_codebook
from dateline.schema.arrow import arrow_schema

Row = dict[str, Any]


def changed_package(articles: Path, changes: Path, folder: Path) -> Path:
    """The package of these articles with these changes, written into `folder`."""
    built = folder / "built"
    result = CliRunner().invoke(main, ["build", str(articles), "--out", str(built), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    tables = {name: as_json(pq.read_table(built / f"data/{name}.parquet")) for name in TABLES}
    metadata = {**METADATA, "dateline:estimate_rule": "range_only", "dateline:profile": "quotes"}
    for change in json.loads(changes.read_text("utf-8")):
        if "package" in change:
            metadata.update(change["package"])
        else:
            apply(tables[change["table"]], change)
    return write_package(folder / "package", as_tables(tables), metadata=metadata)


def apply(rows: list[Row], change: Row) -> None:
    """Makes one change to the rows of its table; it has to concern at least one."""
    if "add" in change:
        rows.append(dict(change["add"]))
        return
    concerned = [row for row in rows if change["where"].items() <= row.items()]
    assert concerned, change
    for row in concerned:
        if change.get("drop"):
            rows.remove(row)
        else:
            row.update(change["set"])


def as_json(table: pa.Table) -> list[Row]:
    """The rows of a published table, days and instants as text."""
    return [
        {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
        for row in table.to_pylist()
    ]


def as_tables(rows: dict[str, list[Row]]) -> dict[str, pa.Table]:
    """The rows as published tables, sorted by primary key."""
    made = {}
    for name, table in load_codebook().tables.items():
        schema = arrow_schema(table)
        ordered = sorted(rows[name], key=lambda row: str(row[table.primary_key]))
        columns = [_column([row.get(f.name) for row in ordered], f.type) for f in schema]
        made[name] = pa.Table.from_arrays(columns, schema=schema)
    return made


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)
