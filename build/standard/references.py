"""The schema and the dialect of a resource, which stand in the descriptor or in their own file."""

from __future__ import annotations

from typing import Any

from dateline.build.issues import Finding, Issue
from dateline.build.read import Limits
from dateline.build.standard.document import Document, document, placed
from dateline.build.standard.model import Json
from dateline.build.standard.paths import Refused
from dateline.build.standard.profile import profile_findings, usual_schema
from dateline.build.standard.source import Source
from dateline.build.standard.tableschema import Part, schema_findings
from dateline.schema.profiles import TABLE_DIALECT, TABLE_SCHEMA


def schema_of(
    descriptor: Document, resource: Json, pointer: str, source: Source, major: int, limits: Limits
) -> tuple[Part | None, list[Issue]]:
    """The Table Schema of a resource and what is wrong with it.

    Null where it has none or one that breaks its profile.
    """
    found, issues = _part(descriptor, resource, f"{pointer}/schema", source, "schema", limits)
    if found is None:
        return None, issues
    part = Part(found.document, found.pointer, usual_schema(found.value))
    # The profile of version 2 has judged a schema inside the descriptor.
    if major == 1 or found.document.resource:
        findings = profile_findings(part.value, TABLE_SCHEMA, part.pointer, "schema-error")
        if findings:
            return None, issues + placed(part.document, findings)
    return part, issues + placed(part.document, schema_findings(part, major))


def dialect_of(
    descriptor: Document, resource: Json, pointer: str, source: Source, limits: Limits
) -> tuple[Part | None, list[Issue]]:
    """The dialect of a resource, null where it has none, and what is wrong with it."""
    found, issues = _part(descriptor, resource, f"{pointer}/dialect", source, "dialect", limits)
    if found is None:
        return None, issues
    findings: list[Finding] = []
    if found.document.resource:
        findings += profile_findings(found.value, TABLE_DIALECT, "", "dialect-error")
    if "csv" in found.value:
        inner, at = found.value["csv"], f"{found.pointer}/csv"
        findings += profile_findings(inner, TABLE_DIALECT, at, "dialect-error")
    return found, issues + placed(found.document, findings)


def _part(
    descriptor: Document, resource: Json, pointer: str, source: Source, key: str, limits: Limits
) -> tuple[Part | None, list[Issue]]:
    value: Any = resource.get(key)
    if isinstance(value, dict):
        return Part(descriptor, pointer, value), []
    if value is None:
        return None, []
    try:
        local = source.get(value)
    except Refused as refused:
        return None, placed(descriptor, [Finding(refused.rule, pointer, refused.message)])
    found, issues = document(local, value, f"{key}-error", limits, resource["name"])
    return (None if found is None else Part(found, "", found.value)), issues
