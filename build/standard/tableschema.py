"""What a Table Schema must be beyond its profile: its names and keys fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dateline.build.issues import Finding, did_you_mean, shown
from dateline.build.standard.constraints import field_findings
from dateline.build.standard.document import Document
from dateline.build.standard.model import Json
from dateline.build.standard.profile import misplaced

_RULE = "schema-error"
_NEW = ("exclusiveMinimum", "exclusiveMaximum", "jsonSchema")
_UPGRADE = 'set "$schema" of the package to the profile of version 2.0'


@dataclass(frozen=True)
class Part:
    """A schema or a dialect, in a document of its own or inside the descriptor at `pointer`."""

    document: Document
    pointer: str
    value: Json


def schema_findings(part: Part, major: int) -> list[Finding]:
    """What is wrong in a Table Schema that keeps its profile, foreign keys' targets left out."""
    schema, at = part.value, part.pointer
    found = [*_twice(schema, at), *_key_findings(schema, at)]
    for index, field in enumerate(schema["fields"]):
        found += field_findings(field, f"{at}/fields/{index}", major)
        found += misplaced(field, f"{at}/fields/{index}", {"required": "constraints"})
        if major == 1:
            found += _too_new(field, f"{at}/fields/{index}")
    return found + (_objects(schema, at, _RULE) if major == 1 else [])


def target_findings(
    part: Part, name: str, targets: dict[str, Part | None], unread: set[str]
) -> Iterator[Finding]:
    """What foreign keys refer to and is not there, or is `unread`: no table that is checked.

    `targets` are the schemas of all resources by name, `name` is that of the schema's own.
    """
    for index, key in enumerate(part.value.get("foreignKeys", ())):
        at = f"{part.pointer}/foreignKeys/{index}/reference"
        resource = key["reference"].get("resource") or name
        if resource not in targets:
            message = f"expected the name of a resource, got {shown(resource)}"
            hint = did_you_mean(resource, targets) or "; correct it or add the resource"
            yield Finding(_RULE, f"{at}/resource", message + hint)
            continue
        if resource in unread:
            message = f"expected a key into CSV, TSV or Parquet, got {shown(resource)}"
            yield Finding("not-checked", at, f"{message}: it is not checked", "warning")
        target = targets[resource]
        if target is not None:
            known = [field["name"] for field in target.value["fields"]]
            fields = key["reference"]["fields"]
            yield from _unknown(fields, known, f"{at}/fields", f"a field of {resource}")


def names(value: str | list[str]) -> tuple[str, ...]:
    """The fields of a key, which is written as one name or as a list."""
    return (value,) if isinstance(value, str) else tuple(value)


def _twice(schema: Json, at: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, field in enumerate(schema["fields"]):
        if field["name"] in seen:
            message = f"expected each name once, got {shown(field['name'])} again; rename one"
            yield Finding("field-name-repeated", f"{at}/fields/{index}/name", message, "warning")
        seen.add(field["name"])


def _key_findings(schema: Json, at: str) -> Iterator[Finding]:
    known = [field["name"] for field in schema["fields"]]
    primary = schema.get("primaryKey", ())
    yield from _unknown(primary, known, f"{at}/primaryKey", "a field")
    for index, key in enumerate(schema.get("uniqueKeys", ())):
        yield from _unknown(key, known, f"{at}/uniqueKeys/{index}", "a field")
    for index, key in enumerate(schema.get("foreignKeys", ())):
        pointer = f"{at}/foreignKeys/{index}"
        yield from _unknown(key["fields"], known, f"{pointer}/fields", "a field")
        own, other = len(names(key["fields"])), len(names(key["reference"]["fields"]))
        if own != other:
            message = f"expected as many fields as the key has, {own}, got {other}; pair them"
            yield Finding(_RULE, f"{pointer}/reference/fields", message)


def _unknown(key: str | list[str], known: Iterable[str], at: str, what: str) -> Iterator[Finding]:
    known = list(known)
    for index, name in enumerate(names(key)):
        if name not in known:
            hint = did_you_mean(name, known) or "; correct the name or add the field"
            pointer = at if isinstance(key, str) else f"{at}/{index}"
            yield Finding(_RULE, pointer, f"expected {what}, got {shown(name)}{hint}")


def _too_new(field: Json, at: str) -> list[Finding]:
    found = _objects(field, at, "field-error")
    for name in (name for name in _NEW if name in field.get("constraints", {})):
        message = f"expected a constraint of version 1, got {name}; {_UPGRADE}"
        found.append(Finding("field-error", f"{at}/constraints/{name}", message))
    return found


def _objects(holder: Json, at: str, rule: str) -> list[Finding]:
    message = f"expected strings, as version 1 has them, got an object; {_UPGRADE}"
    return [
        Finding(rule, f"{at}/missingValues/{index}", message)
        for index, value in enumerate(holder.get("missingValues", ()))
        if isinstance(value, dict)
    ]
