"""The plain pipeline: json, jsonschema, dicts, csv, pyarrow, frictionless, one article at a time.

    python benchmarks/naive.py DIR --out OUT

Reads DIR/*.jsonl and writes the seven tables that dateline writes, with the same rows and ids.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
from jsonschema import Draft202012Validator
from naive_rows import CODEBOOK, Row, Tables, assemble

from dateline.schema import TABLES

ARROW = {
    "string": pa.string(),
    "integer": pa.int32(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
    "array": pa.list_(pa.string()),
}
SIZED = {"int64": pa.int64(), "int16": pa.int16(), "float32": pa.float32()}


def read(folder: Path) -> Iterator[Row]:
    """The articles of the folder's JSON lines files, each checked against the JSON Schema."""
    validator = Draft202012Validator(
        CODEBOOK.article_schema, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                document = json.loads(line)
                errors = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(document)]
                if errors:
                    sys.exit("\n".join([f"{path}:{number}", *errors]))
                yield document


def cell(value: Any) -> Any:
    """A value as CSV text has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def write(tables: Tables, out: Path) -> None:
    """Parquet and CSV of each table, rows sorted by id, and the descriptor of the package."""
    (out / "data").mkdir(parents=True)
    resources: list[Row] = []
    for name in TABLES:
        table = CODEBOOK.tables[name]
        rows = [tables[name][row_id] for row_id in sorted(tables[name])]
        sized = {f.name: f.descriptor.get("dateline:arrow", "") for f in table.fields}
        schema = pa.schema(
            [(f.name, SIZED.get(sized[f.name], ARROW[f.type])) for f in table.fields]
        )
        pq.write_table(pa.Table.from_pylist(rows, schema), out / f"data/{name}.parquet")
        with (out / f"data/{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.names)
            writer.writeheader()
            writer.writerows({k: cell(v) for k, v in row.items()} for row in rows)
        resources.append(
            resource(out, name, f"data/{name}.csv")
            | {"type": "table", "format": "csv", "encoding": "utf-8", "schema": table.descriptor}
        )
        # Not `parquet`, which frictionless would read as a table without a schema.
        resources.append(
            resource(out, f"{name}-parquet", f"data/{name}.parquet") | {"format": "pq"}
        )
    descriptor = {"name": "naive", "resources": resources}
    (out / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), "utf-8")


def resource(out: Path, name: str, path: str) -> Row:
    content = (out / path).read_bytes()
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return {"name": name, "path": path, "bytes": len(content), "hash": digest}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    tables = assemble(read(options.folder))
    write(tables, options.out)
    report = frictionless.Package(str(options.out / "datapackage.json")).validate()
    if not report.valid:
        sys.exit("\n".join(map(str, report.flatten(["name", "rowNumber", "type", "note"])[:20])))
    print(json.dumps({name: len(rows) for name, rows in tables.items()}))


if __name__ == "__main__":
    main()
