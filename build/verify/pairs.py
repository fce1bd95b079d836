"""The tables of a package of this tool: each a CSV resource and a Parquet resource."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from dateline.build.issues import Issue, Place, shown
from dateline.build.package import PARQUET_SUFFIX
from dateline.build.standard.model import Package, Resource
from dateline.schema import TABLES, ForeignKey, Table
from dateline.schema.arrow import arrow_schema
from dateline.schema.tables import Json, make_field

_RULE = "package-descriptor-invalid"


@dataclass(frozen=True)
class Pair:
    """A published table, its two resources, and what the descriptor says of each."""

    table: Table
    csv: Resource
    parquet: Resource
    facts: dict[str, Json]


def is_own(descriptor: Json) -> bool:
    """Whether a package was built by this tool, which promises more than the standard."""
    return "dateline:version" in descriptor


def broken_promises(package: Package) -> Iterator[Issue]:
    """What a package of this tool has and this descriptor has not."""
    for pointer, message in _broken(package.descriptor):
        place = Place(package.file, pointer=pointer)
        yield Issue(_RULE, f"{pointer or '/'}: {message}", (place,))


def pairs(package: Package) -> list[Pair]:
    """The tables of a package of this tool that keeps its promises."""
    said = {resource["name"]: resource for resource in package.descriptor["resources"]}
    by_name = package.by_name
    return [
        Pair(
            _table(said[name]),
            by_name[name],
            by_name[name + PARQUET_SUFFIX],
            {each: said[each] for each in (name, name + PARQUET_SUFFIX)},
        )
        for name in said
        if name + PARQUET_SUFFIX in said
    ]


def _broken(descriptor: Json) -> Iterator[tuple[str, str]]:
    """Pointer and message of what a package of this tool has and this descriptor has not."""
    named: dict[str, tuple[str, Json]] = {}
    for index, resource in enumerate(descriptor["resources"]):
        pointer = f"/resources/{index}"
        named[resource["name"]] = pointer, resource
        yield from _broken_file(pointer, resource)
    for table in dict.fromkeys((*TABLES, *_twins(named))):
        absent = [name for name in (table, table + PARQUET_SUFFIX) if name not in named]
        yield from (("/resources", f"expected the resource {name}, got none") for name in absent)
        if not absent:
            yield from _broken_table(table, named)


def _broken_file(pointer: str, resource: Json) -> Iterator[tuple[str, str]]:
    if not isinstance(resource.get("path"), str):
        yield pointer, "expected one path, got several or none"
    if not isinstance(resource.get("bytes"), int):
        yield pointer, "expected the size of the file as bytes, got none"
    if not re.fullmatch("sha256:[0-9a-f]{64}", resource.get("hash", "")):
        yield pointer, f"expected a hash sha256:..., got {shown(resource.get('hash'))}"


def _broken_table(name: str, named: dict[str, tuple[str, Json]]) -> Iterator[tuple[str, str]]:
    (pointer, csv), (twin_pointer, parquet) = named[name], named[name + PARQUET_SUFFIX]
    for place, resource in ((pointer, csv), (twin_pointer, parquet)):
        if not isinstance(resource.get("dateline:rows"), int):
            yield place, "expected the number of rows as dateline:rows, got none"
        if not isinstance(resource.get("dateline:content"), str):
            yield place, "expected the digest of the rows as dateline:content, got none"
    if not isinstance(csv.get("schema"), dict) or csv["schema"] != parquet.get("schema"):
        yield twin_pointer + "/schema", f"expected the schema of {name}, got another"
        return
    try:
        arrow_schema(_table(csv))
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        yield pointer + "/schema", f"expected a table of this tool, got {error}"


def _twins(named: dict[str, tuple[str, Json]]) -> list[str]:
    return [n.removesuffix(PARQUET_SUFFIX) for n in named if n.endswith(PARQUET_SUFFIX)]


def _table(resource: Json) -> Table:
    """The table of a CSV resource; its fields carry their enumerations themselves."""
    name, schema = resource["name"], resource["schema"]
    own = [{k: v for k, v in f.items() if k != "dateline:vocabulary"} for f in schema["fields"]]
    fields = tuple(make_field(field, {}) for field in own)
    names = [field.name for field in fields]
    keys = schema.get("foreignKeys", ())
    primary = schema["primaryKey"]
    if not isinstance(primary, list) or len(primary) != 1:
        raise ValueError("a primary key of other than one column")
    if any(len(key["fields"]) != 1 for key in keys):
        raise ValueError("a foreign key of several columns")
    if not fields[names.index(primary[0])].required:
        raise ValueError("a primary key that is not required")
    foreign = tuple(
        ForeignKey(
            key["fields"][0],
            key["reference"].get("resource", name),
            key["reference"]["fields"][0],
        )
        for key in keys
    )
    unique = tuple(tuple(key) for key in schema.get("uniqueKeys", ()))
    return Table(name, "", "", fields, primary[0], foreign, unique)
