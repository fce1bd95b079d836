"""From a path that somebody names to the package that it holds, judged as far as its descriptor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from dateline.build.issues import Finding, Issue, Place, shown
from dateline.build.read import Limits
from dateline.build.standard.dialect import (
    Form,
    dialect_findings,
    form,
    form_findings,
    unreadable,
)
from dateline.build.standard.document import Document, document, placed
from dateline.build.standard.model import File, Json, Package, Resource
from dateline.build.standard.paths import Allowance, Refused
from dateline.build.standard.profile import major_version, misplaced, package_findings, usual
from dateline.build.standard.references import dialect_of, schema_of
from dateline.build.standard.resources import hash_findings, resource_value
from dateline.build.standard.source import Source, source
from dateline.build.standard.tableschema import Part, target_findings

_PROFILE = re.compile(
    r"https?://datapackage\.org/profiles/[12]\.\d+/datapackage\.json"
    r"|(?:https?://specs\.frictionlessdata\.io/schemas/)?(?:tabular-)?data-(?:package|resource)"
    r"(?:\.json)?"
)


@dataclass(frozen=True)
class _Read:
    """A resource of a descriptor that keeps its profile, with what it refers to."""

    descriptor: Json
    pointer: str
    form: Form
    schema: Part | None
    dialect: Part | None


def opened(
    path: str, *, allow_remote: bool, limits: Limits, spill: Path
) -> tuple[Package | None, list[Issue]]:
    """The package that a folder, descriptor, .zip or address holds, and what is wrong with it.

    None where the descriptor breaks the standard. A file that must not or cannot be had is an
    issue, and its resource has no files. What is unpacked or fetched goes into `spill`, an empty
    folder that the caller removes, and is no larger than `limits.unpacked_bytes`. UsageError where
    the path is an address and that is not allowed; EnvironmentFailure where it does not exist.
    """
    allowance = Allowance(limits.unpacked_bytes)
    with ExitStack() as stack:
        try:
            found = source(
                path, allow_remote=allow_remote, allowance=allowance, spill=spill, stack=stack
            )
            local = found.get(found.file)
        except Refused as refused:
            return None, [Issue(refused.rule, refused.message, (Place(Path(path).name),))]
        descriptor, issues = document(local, found.file, "package-error", limits)
        if descriptor is None or issues:
            return None, issues
        return _package(descriptor, found, limits)


def _package(
    descriptor: Document, source: Source, limits: Limits
) -> tuple[Package | None, list[Issue]]:
    value, major = usual(descriptor.value), major_version(descriptor.value)
    findings = package_findings(value, major)
    if findings:
        return None, placed(descriptor, findings)
    issues = placed(descriptor, _warnings(value))
    read = []
    for index, resource in enumerate(value["resources"]):
        each, wrong = _read(descriptor, resource, f"/resources/{index}", source, major, limits)
        read.append(each)
        issues += wrong
    issues += _target_issues(read)
    if any(issue.severity == "error" for issue in issues):
        return None, issues
    resources = []
    for each in read:
        files, wrong = _files(descriptor, each, source)
        resources.append(_value(each, files, major))
        issues += wrong
    return Package(source.folder, source.file, major, value, tuple(resources)), issues


def _warnings(descriptor: Json) -> Iterator[Finding]:
    yield from _custom_profile(descriptor, "", ("profile", "$schema"))
    homes = {"missingValues": "resource.schema", "fields": "resource.schema"}
    yield from misplaced(descriptor, "", homes)
    for index, resource in enumerate(descriptor["resources"]):
        yield from _custom_profile(resource, f"/resources/{index}", ("profile",))
        yield from misplaced(resource, f"/resources/{index}", {"missingValues": "schema"})


def _custom_profile(holder: Json, at: str, keys: tuple[str, ...]) -> Iterator[Finding]:
    for key in keys:
        value = holder.get(key)
        if isinstance(value, str) and not _PROFILE.fullmatch(value):
            message = f"expected a profile of the standard, got {shown(value)}"
            remedy = "it is not checked: check the descriptor with that profile's own tool"
            yield Finding("not-checked", f"{at}/{key}", f"{message}; {remedy}", "warning")


def _read(
    descriptor: Document, resource: Json, pointer: str, source: Source, major: int, limits: Limits
) -> tuple[_Read, list[Issue]]:
    found = form(resource, major)
    findings = [*form_findings(resource, pointer, found), *hash_findings(resource, pointer)]
    issues = placed(descriptor, findings)
    # In version 1 the schema of a file that is no table may be anything.
    if found.kind == "file" and major == 1:
        return _Read(resource, pointer, found, None, None), issues
    schema, wrong = schema_of(descriptor, resource, pointer, source, major, limits)
    dialect, also_wrong = dialect_of(descriptor, resource, pointer, source, limits)
    if dialect is not None and found.kind == "csv" and not also_wrong:
        at = dialect.pointer
        also_wrong = placed(dialect.document, dialect_findings(dialect.value, at))
    return _Read(resource, pointer, found, schema, dialect), [*issues, *wrong, *also_wrong]


def _target_issues(read: list[_Read]) -> list[Issue]:
    """The issues of foreign keys, once every schema keeps its profile."""
    targets = {each.descriptor["name"]: each.schema for each in read}
    unread = {each.descriptor["name"] for each in read if each.form.kind == "file"}
    return [
        issue
        for each in read
        if each.schema is not None
        for issue in placed(
            each.schema.document,
            target_findings(each.schema, each.descriptor["name"], targets, unread),
        )
    ]


def _files(
    descriptor: Document, read: _Read, source: Source
) -> tuple[tuple[File, ...], list[Issue]]:
    """The files of a resource; none where one of them is refused, with the issues."""
    paths = read.descriptor.get("path", [])
    files: list[File] = []
    findings = list(unreadable(read.descriptor, read.pointer, read.form))
    for index, path in enumerate([paths] if isinstance(paths, str) else paths):
        at = f"{read.pointer}/path" + ("" if isinstance(paths, str) else f"/{index}")
        try:
            files.append(File(path, source.get(path)))
        except Refused as refused:
            findings.append(Finding(refused.rule, at, refused.message))
    return () if findings else tuple(files), placed(descriptor, findings)


def _value(read: _Read, files: tuple[File, ...], major: int) -> Resource:
    schema, dialect = read.schema, read.dialect
    return resource_value(read.descriptor, read.pointer, read.form, files, schema, dialect, major)
