"""A descriptor judged by the profile of its version, as findings with frictionless's codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dateline.build.issues import Finding, did_you_mean, shown
from dateline.build.standard.model import Json
from dateline.build.standard.paths import is_url
from dateline.schema.profiles import DATA_PACKAGE, DATA_PACKAGE_1, Violation, violations

_CODES = (
    (re.compile(r"/resources/\d+/schema/fields/\d+(?:/|$)"), "field-error"),
    (re.compile(r"/resources/\d+/schema(?:/|$)"), "schema-error"),
    (re.compile(r"/resources/\d+/dialect(?:/|$)"), "dialect-error"),
    (re.compile(r"/resources/\d+(?:/|$)"), "resource-error"),
)
_LOCATION = re.compile(r"/resources/\d+/(?:path(?:/\d+)?|schema|dialect)")
_ONE_OF = "one of "


def major_version(descriptor: Json) -> int:
    """The version of the standard that a descriptor names: 2 for any $schema that is not 1's."""
    profile = descriptor.get("$schema")
    return 1 if not isinstance(profile, str) or "/profiles/1." in profile else 2


def usual(descriptor: Json) -> Json:
    """The descriptor with what older or published forms write otherwise in the standard's form.

    These are `fieldsMatch` in a list, as the published profile of 2.0 has it, and `url`.
    """
    resources = descriptor.get("resources")
    if not isinstance(resources, list):
        return descriptor
    return {**descriptor, "resources": [_usual_resource(resource) for resource in resources]}


def usual_schema(schema: Any) -> Any:
    """A Table Schema whose `fieldsMatch` is a string where it was a list of one."""
    match = schema.get("fieldsMatch") if isinstance(schema, dict) else None
    if isinstance(match, list) and len(match) == 1:
        return {**schema, "fieldsMatch": match[0]}
    return schema


def package_findings(descriptor: Json, major: int) -> list[Finding]:
    """What breaks the profile of a package and, where nothing does, the standard's text beyond it.

    Paths are left to those who read the files.
    """
    found = profile_findings(
        descriptor, DATA_PACKAGE_1 if major == 1 else DATA_PACKAGE, "", "package-error"
    )
    found = [each for each in found if not _is_path(each, descriptor)]
    return found or list(_text_findings(descriptor))


def misplaced(holder: Json, pointer: str, homes: dict[str, str]) -> Iterator[Finding]:
    """The properties that have a meaning elsewhere only; `homes` says where."""
    for name, home in homes.items():
        if name in holder:
            message = f'expected "{name}" as {home}.{name}, got it here, where it has no meaning'
            yield Finding("not-checked", f"{pointer}/{name}", f"{message}; move it", "warning")


def profile_findings(value: Any, profile: str, prefix: str, rule: str) -> list[Finding]:
    """The violations of a profile in a value that stands at `prefix` of its document.

    The rule of each is told by its place, `rule` where no place below the package fits.
    """
    return [_finding(violation, prefix, rule) for violation in violations(value, profile)]


def _finding(violation: Violation, prefix: str, rule: str) -> Finding:
    pointer = prefix + violation.pointer
    code = next((code for pattern, code in _CODES if pattern.match(pointer)), rule)
    if rule == "schema-error" and violation.pointer.startswith("/fields/"):
        code = "field-error"
    hint = ""
    if violation.expected.startswith(_ONE_OF) and isinstance(violation.value, str):
        known = violation.expected.removeprefix(_ONE_OF).split(", ")
        hint = did_you_mean(violation.value, known)
    message = f"{pointer or '/'}: expected {violation.expected}, got {_got(violation)}"
    return Finding(code, pointer, message + (hint or "; correct the descriptor"))


def _got(violation: Violation) -> str:
    if isinstance(violation.value, dict):
        if violation.expected.startswith("an object with"):
            return "one without"
        return "both" if violation.expected.startswith("either") else "an object"
    return shown(violation.value)


def _is_path(finding: Finding, descriptor: Json) -> bool:
    if not _LOCATION.fullmatch(finding.pointer):
        return False
    value: Any = descriptor
    for step in finding.pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return isinstance(value, str)


def _usual_resource(resource: Any) -> Any:
    if not isinstance(resource, dict):
        return resource
    changed = {**resource}
    if "schema" in changed:
        changed["schema"] = usual_schema(changed["schema"])
    if isinstance(changed.get("url"), str) and not changed.keys() & {"path", "data"}:
        changed["path"] = changed["url"]
    return changed


def _text_findings(descriptor: Json) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, resource in enumerate(descriptor["resources"]):
        at = f"/resources/{index}"
        if resource["name"] in seen:
            message = f"expected each name once, got {shown(resource['name'])} again; rename one"
            yield Finding("package-error", f"{at}/name", message)
        seen.add(resource["name"])
        paths = resource.get("path", "")
        if isinstance(paths, list) and len({is_url(path) for path in paths}) > 1:
            message = "expected paths only or addresses only, got both; make two resources of them"
            yield Finding("resource-error", f"{at}/path", message)
