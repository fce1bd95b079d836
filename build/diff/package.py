"""What changed of two packages beside their rows: metadata, resources, their files and schemas."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path

from dateline.build.diff.bump import change
from dateline.build.diff.model import Change
from dateline.build.diff.opening import Side
from dateline.build.diff.rows import field_names
from dateline.build.diff.schema import placed, schema_changes
from dateline.build.diff.words import described, worded
from dateline.build.standard.header import header
from dateline.build.standard.model import Json, Resource, Schema

# What a package says of this version alone, or of what is compared for itself.
_PACKAGE = {"resources", "version", "created", "dateline:schema", "name"}
_RESOURCE = {
    *("name", "title", "description", "path", "data", "schema", "dialect", "encoding"),
    *("format", "mediatype", "type", "profile", "compression", "bytes", "hash"),
    *("dateline:rows", "dateline:content"),
}


_SCHEMA = {
    *("$schema", "title", "description", "fields", "fieldsMatch"),
    *("primaryKey", "uniqueKeys", "foreignKeys", "missingValues"),
}


def package_changes(old: Side, new: Side, compat: str) -> Iterator[Change]:
    """All that changed but rows: of the package, then by resource in the new order."""
    names = (old.said("name"), new.said("name"))
    if names[0] != names[1]:
        words = f"name was {names[0]}, is {names[1]}"
        yield change("METADATA_CHANGED", compat, (None, None), names, words, unless=True)
    for rule, was, now, words in described(old.descriptor, new.descriptor, _PACKAGE):
        yield change(rule, compat, (None, None), (was, now), words)
    for name in dict.fromkeys((*new.resources, *old.resources)):
        before, after = old.resources.get(name), new.resources.get(name)
        if before is None:
            words = "is new"
            yield change("RESOURCE_ADDED", compat, (name, None), (None, name), words)
        elif after is None:
            yield change("RESOURCE_REMOVED", compat, (name, None), (name, None), "is gone")
        else:
            yield from _resource(name, old, new, compat)


def _resource(name: str, old: Side, new: Side, compat: str) -> Iterator[Change]:
    before, after = old.resources[name], new.resources[name]
    was, now = (_descriptor(side, name) for side in (old, new))
    yield from _form(name, before, after, compat)
    if name in new.twins and name in old.twins:
        # All else of it is said of the table's other file.
        return
    yield from placed(worded(was, now), compat, name, None)
    yield from placed(described(was, now, _RESOURCE), compat, name, None)
    if "file" in (before.kind, after.kind):
        if _contents(before, was) != _contents(after, now):
            words = "the file holds something else"
            yield change("VALUES_CHANGED", compat, (name, None), (None, None), words)
        return
    was, now = (_said_of_schema(each) for each in (was, now))
    yield from placed(worded(was, now), compat, name, None)
    yield from placed(described(was, now, _SCHEMA), compat, name, None)
    yield from schema_changes(name, _schema(before), _schema(after), compat)


def _descriptor(side: Side, name: str) -> Json:
    found: Json = next(r for r in side.descriptor["resources"] if r["name"] == name)
    return found


def _said_of_schema(descriptor: Json) -> Json:
    """The schema as the descriptor has it, empty where it has none."""
    found = descriptor.get("schema")
    return found if isinstance(found, dict) else {}


def _schema(resource: Resource) -> Schema:
    """The schema of a table; where it has none, its labels as fields of any type."""
    if resource.schema is not None:
        return resource.schema
    fields = header(field_names(resource), None, resource.dialect).fields
    return Schema(fields, "exact", (), (), (), "")


def _form(name: str, old: Resource, new: Resource, compat: str) -> Iterator[Change]:
    for what, was, now in (
        ("path", [file.path for file in old.files], [file.path for file in new.files]),
        ("format", old.kind, new.kind),
        ("encoding", _codec(old.encoding), _codec(new.encoding)),
        ("compression", old.compression or "none", new.compression or "none"),
    ):
        if was != now:
            words = f"{what} was {_joined(was)}, is {_joined(now)}"
            yield change("RESOURCE_FORM", compat, (name, None), (was, now), words)
    for what, usual in vars(old.dialect).items():
        other = getattr(new.dialect, what)
        if usual != other:
            words = f"{what.replace('_', ' ')} was {usual!r}, is {other!r}"
            yield change("RESOURCE_FORM", compat, (name, None), (usual, other), words)


def _codec(encoding: str) -> str:
    """One name for an encoding that has several."""
    return codecs.lookup(encoding).name


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value) or "none"


def _contents(resource: Resource, descriptor: Json) -> object:
    """What tells whether a file holds the same: its digests, or the data themselves."""
    return [_digest(file.local) for file in resource.files] or descriptor.get("data")


def _digest(local: Path) -> str | None:
    try:
        with local.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
