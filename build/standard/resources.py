"""Resources of a descriptor as values: schema, dialect, digest, sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dateline.build.issues import Finding, shown
from dateline.build.standard.dialect import Form, dialect
from dateline.build.standard.model import Field, File, ForeignKey, Json, Resource, Schema
from dateline.build.standard.tableschema import Part, names

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")


def resource_value(
    descriptor: Json,
    pointer: str,
    form: Form,
    files: tuple[File, ...],
    schema: Part | None,
    dialect_part: Part | None,
    major: int,
) -> Resource:
    """A resource whose descriptor and parts keep the standard."""
    return Resource(
        descriptor["name"],
        pointer,
        form.kind,
        files,
        dialect(dialect_part.value if dialect_part else {}, form),
        descriptor.get("encoding", "utf-8"),
        form.compression,
        None if schema is None else schema_value(schema.value, f"{pointer}/schema", major),
        descriptor.get("bytes"),
        digest(descriptor),
    )


def digest(descriptor: Json) -> tuple[str, str] | None:
    """Algorithm and digest of a resource; null where it has none or one that is not checked."""
    algorithm, _, value = descriptor.get("hash", "").rpartition(":")
    name = re.sub("[-_]", "", algorithm.lower()) or "md5"
    return (name, value.lower()) if value and name in ALGORITHMS else None


def hash_findings(descriptor: Json, pointer: str) -> Iterator[Finding]:
    """The digest that is not checked, where its algorithm is another."""
    text = descriptor.get("hash", "")
    if text and digest(descriptor) is None:
        message = f"expected a digest by {', '.join(ALGORITHMS)}, got {shown(text)}: not checked"
        yield Finding("not-checked", f"{pointer}/hash", f"{message}; use sha256", "warning")


def schema_value(schema: Json, pointer: str, major: int) -> Schema:
    """The value of a Table Schema whose members keep the standard."""
    missing = schema.get("missingValues", [""])
    fields = tuple(
        _field(field, missing, f"{pointer}/fields/{index}", major)
        for index, field in enumerate(schema["fields"])
    )
    foreign = tuple(
        ForeignKey(
            names(key["fields"]),
            key["reference"].get("resource", ""),
            names(key["reference"]["fields"]),
            f"{pointer}/foreignKeys/{index}",
        )
        for index, key in enumerate(schema.get("foreignKeys", ()))
    )
    return Schema(
        fields,
        schema.get("fieldsMatch", "exact"),
        names(schema.get("primaryKey", [])),
        tuple(names(key) for key in schema.get("uniqueKeys", ())),
        foreign,
        pointer,
    )


def _field(field: Json, missing: list[Json | str], pointer: str, major: int) -> Field:
    own = field.get("missingValues", missing)
    return Field(
        field["name"],
        field.get("type", "string" if major == 1 else "any"),
        field.get("format", "default"),
        frozenset(value["value"] if isinstance(value, dict) else value for value in own),
        field,
        pointer,
        major,
    )
