"""What a database takes of a release: its tables with keys and comments, and its descriptor."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dateline.build.issues import InvalidInput
from dateline.build.package import PARQUET_SUFFIX
from dateline.build.standard.source import DESCRIPTOR
from dateline.build.sums import SUMS, digest
from dateline.build.targets.target import Item, Progress, Release
from dateline.build.write import csv_body

# The table of one row that completes a version: what it is, the digest of its sums, its descriptor.
PACKAGE = "datapackage"
PACKAGE_COLUMNS = ("name", "version", "sums_sha256", "descriptor")
_ROWS = 1 << 14


@dataclass(frozen=True)
class Table:
    """One table of a release, by its descriptor: `references` are columns, table and its columns.

    `content` is the digest of its rows, which are in the order of its primary key.
    """

    name: str
    title: str
    description: str
    file: Path
    rows: int
    content: str
    fields: Sequence[Mapping[str, Any]]
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of its rows."""
        return pq.read_schema(self.file).remove_metadata()

    def batches(self, progress: Progress | None = None) -> pa.RecordBatchReader:
        """Its rows in their order; `progress` is told how many of them have been taken."""
        return pa.RecordBatchReader.from_batches(self.schema, self._batches(progress))

    def _batches(self, progress: Progress | None) -> Iterator[pa.RecordBatch]:
        taken = 0
        with pq.ParquetFile(self.file) as file:
            for batch in file.iter_batches(_ROWS):
                yield batch
                taken += batch.num_rows
                if progress is not None:
                    progress(self.name, taken, self.rows)


def tables_of(release: Release) -> list[Table]:
    """The tables of a release, in the order of its descriptor; InvalidInput where it has none."""
    resources: Any = release.descriptor["resources"]
    names = {each["name"] for each in resources if "dateline:content" in each}
    found = [
        _table(each, release.folder)
        for each in resources
        if each["name"].removesuffix(PARQUET_SUFFIX) in names and each.get("format") == "pq"
    ]
    if not found:
        raise InvalidInput(f"{release.name}: expected a release with tables of dateline, got none")
    return found


def table_items(release: Release) -> list[Item]:
    """An item for each table, then the descriptor."""
    tables = [
        Item(table.name, table.file, table.file.stat().st_size, table.content)
        for table in tables_of(release)
    ]
    file = release.folder / DESCRIPTOR
    return [*tables, Item(PACKAGE, file, file.stat().st_size, release.sums[DESCRIPTOR])]


def package_row(release: Release) -> tuple[str, str, str, str]:
    """The row that completes a version, by PACKAGE_COLUMNS."""
    text = (release.folder / DESCRIPTOR).read_text("utf-8")
    return release.name, release.version, digest(release.folder / SUMS), text


def content_of(schema: pa.Schema, rows: Iterable[pa.RecordBatch | pa.Table]) -> str:
    """The digest of rows in their canonical form, whatever types they came back as."""
    found = hashlib.sha256((",".join(schema.names) + "\r\n").encode())
    for each in rows:
        table = each if isinstance(each, pa.Table) else pa.Table.from_batches([each])
        found.update(memoryview(csv_body(table.cast(schema))))
    return found.hexdigest()


def quoted(*names: str) -> str:
    """Names as SQL has them: `"schema"."table"`."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def listed(names: Iterable[str]) -> str:
    """Columns in parentheses."""
    return f"({', '.join(map(quoted, names))})"


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def create_table(
    table: Table, types: Mapping[str, str], place: str, constraints: Iterable[str] = ()
) -> str:
    """The statement that makes an empty table; `types` are by the name of the Arrow type."""
    columns = [
        " ".join(
            filter(None, [quoted(f.name), types[str(f.type)], "" if f.nullable else "NOT NULL"])
        )
        for f in table.schema
    ]
    return f"CREATE TABLE {place} ({', '.join([*columns, *constraints])})"


def keys(table: Table) -> list[str]:
    """The primary key and the unique keys of a table, as constraints."""
    return [
        f"PRIMARY KEY {listed(table.key)}",
        *(f"UNIQUE {listed(columns)}" for columns in table.unique),
    ]


def references(table: Table, *schema: str) -> list[str]:
    """The foreign keys of a table to tables of a schema, as constraints."""
    return [
        f"FOREIGN KEY {listed(own)} REFERENCES {quoted(*schema, target)} {listed(columns)}"
        for own, target, columns in table.references
    ]


def comments(table: Table, *schema: str) -> Iterator[str]:
    """The statements that say what a table and its columns mean."""
    place = quoted(*schema, table.name)
    yield f"COMMENT ON TABLE {place} IS {literal(f'{table.title}. {table.description}')}"
    for field in table.fields:
        if text := field.get("description"):
            yield f"COMMENT ON COLUMN {place}.{quoted(field['name'])} IS {literal(text)}"


def _table(resource: Mapping[str, Any], folder: Path) -> Table:
    schema = resource["schema"]
    name = resource["name"].removesuffix(PARQUET_SUFFIX)
    single = [f["name"] for f in schema["fields"] if f.get("constraints", {}).get("unique")]
    key = tuple(schema["primaryKey"])
    unique = dict.fromkeys([*((n,) for n in single), *map(tuple, schema.get("uniqueKeys", ()))])
    return Table(
        name,
        resource["title"].partition(" (")[0],
        resource["description"],
        folder / resource["path"],
        resource["dateline:rows"],
        resource["dateline:content"].removeprefix("sha256:"),
        schema["fields"],
        key,
        tuple(columns for columns in unique if columns != key),
        tuple(_reference(each, name) for each in schema.get("foreignKeys", ())),
    )


def _reference(key: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    target = key["reference"]
    return tuple(key["fields"]), target.get("resource", name), tuple(target["fields"])
