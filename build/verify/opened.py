"""A descriptor to what the checks need: the files it names and the tables it describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa

from dateline.build.issues import EnvironmentFailure, Issue, Place, shown
from dateline.build.package import DESCRIPTOR, PARQUET_SUFFIX
from dateline.build.verify.cells import check_constraints
from dateline.schema import TABLES, ForeignKey, Table
from dateline.schema.arrow import arrow_schema
from dateline.schema.profiles import violations
from dateline.schema.tables import Json, make_field

_INVALID = "package-descriptor-invalid"
_SAFE = re.compile(r"(?!~)(?:(?!\.)[^/\\:\0]+/)*(?!\.)[^/\\:\0]+")


@dataclass(frozen=True)
class File:
    """A file that a resource names, with what the descriptor says of it."""

    path: str
    pointer: str
    bytes: int
    sha256: str
    rows: int = 0
    content: str = ""


@dataclass(frozen=True)
class Pair:
    """A published table and its two files."""

    table: Table
    csv: File
    parquet: File


@dataclass(frozen=True)
class Opened:
    """What a descriptor says: its folder, name and content, all files, the tables."""

    folder: Path
    descriptor: str
    content: Json
    files: tuple[File, ...]
    pairs: tuple[Pair, ...]


def opened(package: Path) -> tuple[Opened | None, list[Issue]]:
    """The package of a folder or descriptor; None with its issues where that cannot be read."""
    path = package / DESCRIPTOR if package.is_dir() else package
    if not package.exists():
        raise EnvironmentFailure(f"{package}: expected a data package, got nothing there")
    try:
        descriptor = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return None, [Issue(_INVALID, f"expected a {DESCRIPTOR}, got none", (Place(path.name),))]
    except OSError as error:
        raise EnvironmentFailure(f"{path}: cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        place = Place(path.name, error.lineno, error.colno)
        return None, [Issue(_INVALID, f"expected JSON, got {error.msg}", (place,))]
    issues = list(_issues(descriptor, path.name))
    if issues:
        return None, issues
    files, pairs = _content(descriptor)
    return Opened(path.parent, path.name, descriptor, files, pairs), []


def _issues(descriptor: Json, name: str) -> Iterator[Issue]:
    unsafe = dict(_unsafe_paths(descriptor))
    for pointer, path in unsafe.items():
        message = f"{pointer}: expected a path inside the package, got {shown(path)}"
        yield Issue("package-path-unsafe", message, (Place(name, pointer=pointer),))
    wrong = [
        (v.pointer, f"expected {v.expected}, got {shown(v.value)}")
        for v in violations(descriptor)
        if v.pointer not in unsafe
    ]
    # What this tool promises beyond the standard is only looked for where the standard is kept.
    for pointer, message in wrong or ([] if unsafe else _broken_promises(descriptor)):
        yield Issue(_INVALID, f"{pointer or '/'}: {message}", (Place(name, pointer=pointer),))


def _resources(descriptor: Json) -> Iterator[tuple[str, Json]]:
    for index, resource in enumerate(descriptor["resources"]):
        yield f"/resources/{index}", resource


def _unsafe_paths(descriptor: object) -> Iterator[tuple[str, str]]:
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    for index, resource in enumerate(resources if isinstance(resources, list) else []):
        path = resource.get("path") if isinstance(resource, dict) else None
        if isinstance(path, str) and not _SAFE.fullmatch(path):
            yield f"/resources/{index}/path", path


def _broken_promises(descriptor: Json) -> Iterator[tuple[str, str]]:
    """Pointer and message of what a package of this tool has and this descriptor has not."""
    named: dict[str, tuple[str, Json]] = {}
    for pointer, resource in _resources(descriptor):
        if resource["name"] in named:
            yield pointer, f"expected a name of its own, got {shown(resource['name'])} again"
        named[resource["name"]] = pointer, resource
        yield from _broken_file(pointer, resource)
    for table in dict.fromkeys((*TABLES, *_twins(named))):
        absent = [name for name in (table, table + PARQUET_SUFFIX) if name not in named]
        yield from (("/resources", f"expected the resource {name}, got none") for name in absent)
        if not absent:
            yield from _broken_table(table, named)


def _broken_file(pointer: str, resource: Json) -> Iterator[tuple[str, str]]:
    if not isinstance(resource.get("path"), str):
        yield pointer, "expected one path"
    if not isinstance(resource.get("bytes"), int):
        yield pointer, "expected the size of the file as bytes"
    if not re.fullmatch("sha256:[0-9a-f]{64}", resource.get("hash", "")):
        yield pointer, f"expected a hash sha256:..., got {shown(resource.get('hash'))}"


def _broken_table(name: str, named: dict[str, tuple[str, Json]]) -> Iterator[tuple[str, str]]:
    (pointer, csv), (twin_pointer, parquet) = named[name], named[name + PARQUET_SUFFIX]
    for place, resource in ((pointer, csv), (twin_pointer, parquet)):
        if not isinstance(resource.get("dateline:rows"), int):
            yield place, "expected the number of rows as dateline:rows"
        if not isinstance(resource.get("dateline:content"), str):
            yield place, "expected the digest of the rows as dateline:content"
    if not isinstance(csv.get("schema"), dict) or csv["schema"] != parquet.get("schema"):
        yield twin_pointer + "/schema", f"expected the schema of {name}, got another"
        return
    try:
        table = _table(csv)
        arrow_schema(table)
        for field in table.fields:
            check_constraints(field)
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        yield pointer + "/schema", f"expected a table of this tool, got {error}"
        return
    for key in table.foreign_keys:
        target = named.get(key.table, ("", {}))[1].get("schema", {})
        if not isinstance(target, dict) or target.get("primaryKey") != [key.reference]:
            words = f"expected {key.field} to refer to the primary key of a table"
            yield pointer + "/schema/foreignKeys", f"{words}, got {key.table}.{key.reference}"


def _twins(named: dict[str, tuple[str, Json]]) -> list[str]:
    return [n.removesuffix(PARQUET_SUFFIX) for n in named if n.endswith(PARQUET_SUFFIX)]


def _table(resource: Json) -> Table:
    """The table of a CSV resource; its fields carry their enumerations themselves."""
    name, schema = resource["name"], resource["schema"]
    own = [{k: v for k, v in f.items() if k != "dateline:vocabulary"} for f in schema["fields"]]
    fields = tuple(make_field(field, {}) for field in own)
    names = [field.name for field in fields]
    keys = schema.get("foreignKeys", ())
    unique = tuple(tuple(key) for key in schema.get("uniqueKeys", ()))
    named = [*schema["primaryKey"], *(k for key in unique for k in key)]
    named += [field for key in keys for field in key["fields"]]
    unknown = [field for field in named if field not in names]
    if unknown or len(schema["primaryKey"]) != 1 or any(len(k["fields"]) != 1 for k in keys):
        raise ValueError(f"keys {named}")
    if not fields[names.index(schema["primaryKey"][0])].required:
        raise ValueError("a primary key that is not required")
    foreign = tuple(
        ForeignKey(
            key["fields"][0],
            key["reference"].get("resource", name),
            key["reference"]["fields"][0],
        )
        for key in keys
    )
    return Table(name, "", "", fields, schema["primaryKey"][0], foreign, unique)


def _content(descriptor: Json) -> tuple[tuple[File, ...], tuple[Pair, ...]]:
    files, schemas = {}, {}
    for pointer, resource in _resources(descriptor):
        files[resource["name"]] = File(
            resource["path"],
            pointer,
            resource["bytes"],
            resource["hash"].removeprefix("sha256:"),
            resource.get("dateline:rows", 0),
            resource.get("dateline:content", ""),
        )
        schemas[resource["name"]] = resource
    pairs = tuple(
        Pair(_table(schemas[name]), files[name], files[name + PARQUET_SUFFIX])
        for name in schemas
        if name + PARQUET_SUFFIX in files
    )
    return tuple(files.values()), pairs
