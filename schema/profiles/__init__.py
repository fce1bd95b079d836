"""The Data Package standard's profiles as JSON Schemas, resolved from this folder alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError

DATA_PACKAGE = "https://datapackage.org/profiles/2.0/datapackage.json"
DATA_PACKAGE_1 = "https://datapackage.org/profiles/1.0/datapackage.json"
TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
TABLE_DIALECT = "https://datapackage.org/profiles/2.0/tabledialect.json"

_FORMATS = ("date-time", "email", "uri")
_ARTICLES = {"array": "an array", "object": "an object", "integer": "an integer"}


@dataclass(frozen=True)
class Violation:
    """One place of a descriptor that breaks the standard, and what the standard expects there."""

    pointer: str
    expected: str
    value: Any


def violations(descriptor: Any, profile: str = DATA_PACKAGE) -> list[Violation]:
    """Everything in a descriptor that breaks a profile of the standard, sorted by its place."""
    fast = _fast_validator(profile)
    if fast.is_valid(descriptor):
        return []
    found = [_violation(error) for error in _validator(profile).iter_errors(descriptor)]
    if not found:
        # What the two disagree on is not accepted.
        found = [
            Violation(_pointer(error.instance_path), error.message, error.instance)
            for error in fast.iter_errors(descriptor)
        ]
    each = {(violation.pointer, violation.expected): violation for violation in found}
    return [each[key] for key in sorted(each)]


def _schemas() -> list[Any]:
    return [json.loads(path.read_bytes()) for path in sorted(Path(__file__).parent.rglob("*.json"))]


def _fast_validator(profile: str) -> jsonschema_rs.Draft7Validator:
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in _schemas()])
    return jsonschema_rs.Draft7Validator(
        {"$ref": profile}, registry=registry, validate_formats=True
    )


def _validator(profile: str) -> Draft7Validator:
    # Here: it takes a while to import, and few descriptors are wrong.
    from jsonschema import Draft7Validator, FormatChecker
    from referencing import Registry, Resource

    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in _schemas()
    )
    return Draft7Validator(
        {"$ref": profile}, registry=registry, format_checker=FormatChecker(_FORMATS)
    )


def _violation(error: ValidationError) -> Violation:
    return Violation(_pointer(error.absolute_path), _expected(error), error.instance)


def _pointer(path: Iterable[str | int]) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps)


def _expected(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    value: Any = error.instance
    schema: Any = error.schema
    if error.validator == "required":
        absent = [name for name in wanted if name not in value]
        return f"an object with {', '.join(absent)}"
    if error.validator == "enum":
        return "one of " + ", ".join(map(str, wanted))
    if error.validator == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        return " or ".join(_ARTICLES.get(name, f"a {name}") for name in types)
    if error.validator in ("minItems", "minProperties"):
        return "at least one entry"
    if error.validator == "not":
        return "either path or data"
    return str(schema.get("description", error.message))
