"""Data packages for tests: files, descriptor, the values that judge_tables takes, both verdicts."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frictionless import Package as Reference

from dateline.build.issues import Issue, Task
from dateline.build.standard.model import (
    Dialect,
    Field,
    File,
    ForeignKey,
    Package,
    Resource,
    Schema,
)
from dateline.build.standard.read import Settings
from dateline.build.standard.tables import judge_tables

PLAIN = {"header": True, "delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}
DIALECT = {
    "header": "header",
    "headerRows": "header_rows",
    "headerJoin": "header_join",
    "commentRows": "comment_rows",
    "commentChar": "comment_char",
    "delimiter": "delimiter",
    "quoteChar": "quote_char",
    "doubleQuote": "double_quote",
    "escapeChar": "escape_char",
    "nullSequence": "null_sequence",
    "skipInitialSpace": "skip_initial_space",
}
Triple = tuple[int, str, str]


@dataclass(frozen=True)
class Verdict:
    """What judge_tables returns."""

    issues: list[Issue]
    tasks: list[Task]

    @property
    def triples(self) -> list[Triple]:
        """Row, field and rule of each error, sorted."""
        found = [i for i in self.issues if i.severity == "error"]
        return sorted((i.cell.row, i.cell.field, i.rule) for i in found if i.cell is not None)

    @property
    def messages(self) -> list[str]:
        """The messages in the order of the issues."""
        return [issue.message for issue in self.issues]


def model(folder: Path, resources: list[dict[str, Any]]) -> Package:
    """The package of resource descriptors whose files lie in a folder."""
    built = tuple(_resource(folder, number, item) for number, item in enumerate(resources))
    return Package(folder, "datapackage.json", 2, {"resources": resources}, built)


def _resource(folder: Path, number: int, item: dict[str, Any]) -> Resource:
    paths = item["path"] if isinstance(item["path"], list) else [item["path"]]
    pointer = f"/resources/{number}"
    written: dict[str, Any] = item.get("dialect", {})
    given = {DIALECT[name]: value for name, value in written.items()}
    given |= {k: tuple(v) for k, v in given.items() if isinstance(v, list)}
    schema = item.get("schema")
    return Resource(
        item["name"],
        pointer,
        "parquet" if paths[0].endswith(".parquet") else "csv",
        tuple(File(path, folder / path) for path in paths),
        Dialect(**given),
        item.get("encoding", "utf-8"),
        schema=None if schema is None else _schema(schema, f"{pointer}/schema"),
    )


def _schema(schema: dict[str, Any], pointer: str) -> Schema:
    missing = schema.get("missingValues", [""])
    fields = tuple(
        Field(
            item["name"],
            item.get("type", "any"),
            item.get("format", "default"),
            frozenset(item.get("missingValues", missing)),
            item,
            f"{pointer}/fields/{number}",
        )
        for number, item in enumerate(schema["fields"])
    )
    keys = tuple(
        ForeignKey(
            tuple(key["fields"]),
            key["reference"].get("resource", ""),
            tuple(key["reference"]["fields"]),
            f"{pointer}/foreignKeys/{number}",
        )
        for number, key in enumerate(schema.get("foreignKeys", []))
    )
    return Schema(
        fields,
        schema.get("fieldsMatch", "exact"),
        tuple(schema.get("primaryKey", [])),
        tuple(map(tuple, schema.get("uniqueKeys", []))),
        keys,
        pointer,
    )


def judged(
    folder: Path, resources: list[dict[str, Any]], size: int = 8 << 20, proving: bool = True
) -> Verdict:
    """The verdict of judge_tables on resources whose files lie in a folder."""
    with tempfile.TemporaryDirectory() as spill:
        settings = Settings(size, proving)
        return Verdict(*judge_tables(model(folder, resources), Path(spill), settings=settings))


def table(
    folder: Path, data: bytes, fields: list[dict[str, Any]], size: int = 8 << 20, **more: Any
) -> Verdict:
    """The verdict on one CSV file; `more` are properties of the resource or of its schema."""
    (folder / "t.csv").write_bytes(data)
    own: dict[str, Any] = {name: more.pop(name) for name in ("dialect", "encoding") if name in more}
    schema: dict[str, Any] = {"fields": fields, **more}
    return judged(folder, [{"name": "t", "path": "t.csv", "schema": schema, **own}], size)


def by_frictionless(folder: Path, resources: list[dict[str, Any]]) -> list[Triple]:
    """Row, field and code of each error that frictionless finds, sorted."""
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "resources": [{"encoding": "utf-8", "dialect": PLAIN, **item} for item in resources],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    report = Reference(str(folder / "datapackage.json")).validate(limit_errors=10**9)
    assert report.errors == []
    errors = [error.to_descriptor() for task in report.tasks for error in task.errors]
    return sorted((e.get("rowNumber", 0), e.get("fieldName", ""), e["type"]) for e in errors)
