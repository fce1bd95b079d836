"""Small data packages that differ in one thing, for the tests of `dateline diff`."""

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Json = dict[str, Any]
Rows = list[Json]
Cells = Sequence[Sequence[str]]

ID: Json = {"name": "id", "type": "integer"}
NAME: Json = {"name": "name", "type": "string", "description": "What it is called."}


def table(*fields: Json, rows: Cells = (), name: str = "things", **schema: Any) -> Json:
    """A resource of CSV; `rows` are its cells, `schema` holds members of the schema beside fields.

    Those of `resource` are the resource's own.
    """
    own = schema.pop("resource", {})
    keyed = {"primaryKey": ["id"]} if any(f["name"] == "id" for f in fields) else {}
    return {
        "name": name,
        "path": f"{name}.csv",
        **own,
        "schema": {"fields": list(fields), **keyed, **schema},
        "rows": rows,
    }


def package(folder: Path, *tables: Json, **members: Any) -> Path:
    """The folder of a package of these resources, version 1.0.0 unless another is given."""
    folder.mkdir()
    resources = []
    for each in tables:
        rows = each.pop("rows", None)
        resources.append(each)
        if rows is not None:
            fields = [field["name"] for field in each["schema"]["fields"]]
            form = each.get("dialect", {})
            with (folder / each["path"]).open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, delimiter=form.get("delimiter", ","))
                writer.writerows([fields, *rows])
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    head = {"$schema": profile, "name": "small", "version": "1.0.0"}
    content = {**head, **members, "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(content), "utf-8")
    return folder


def changed(package: Path, out: Path, **edits: Callable[[Rows], Rows]) -> Path:
    """A copy of a package in which the Parquet of some tables has other rows."""
    shutil.copytree(package, out)
    for table, edit in edits.items():
        path = out / "data" / f"{table}.parquet"
        found = pq.read_table(path)
        pq.write_table(pa.Table.from_pylist(edit(found.to_pylist()), schema=found.schema), path)
    return out
