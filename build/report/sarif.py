"""The report as SARIF 2.1.0, which code scanners and editors read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from dateline.build.issues import Issue, Place, Report
from dateline.build.report.groups import at, words
from dateline.build.report.values import dumped
from dateline.schema import load_rules

Json = dict[str, Any]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# Paths are relative to the folder that the command ran in; whoever reads the report knows it.
_BASE = "SRCROOT"


def as_sarif(report: Report) -> str:
    """A log of one run: the rules that were broken, a result for each issue.

    What is waived is a result that is suppressed, with its reason. Columns count code points.
    """
    found = [(issue, None) for issue in report.issues]
    every: list[tuple[Issue, str | None]] = [*found, *report.waived]
    ids = sorted({issue.rule for issue, _ in every})
    seen: Counter[str] = Counter()
    results = [_result(issue, ids.index(issue.rule), seen) for issue, _ in every]
    if report.waived:
        # Of one run, either all results have suppressions or none.
        for (_, reason), result in zip(every, results, strict=True):
            result["suppressions"] = [] if reason is None else [_suppression(reason)]
    rules = load_rules()
    driver = {
        "name": "dateline",
        "version": version("dateline"),
        "rules": [_rule(name, rules.get(name)) for name in ids],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_BASE: {"description": {"text": "Where the command ran."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _suppression(reason: str) -> Json:
    return {"kind": "external", "status": "accepted", "justification": reason}


def _rule(name: str, rule: Json | None) -> Json:
    if rule is None:
        return {"id": name}
    examples = [f"{key}:\n\n```\n{_example(rule[key])}\n```" for key in ("bad", "good")]
    markdown = "\n\n".join([rule["title"], rule["why"], rule["remedy"], *examples])
    return {
        "id": name,
        "shortDescription": {"text": rule["title"]},
        "fullDescription": {"text": f"{rule['title']} {rule['why']}"},
        "help": {"text": rule["remedy"], "markdown": markdown},
        "defaultConfiguration": {"level": rule["severity"]},
    }


def _example(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _result(issue: Issue, index: int, seen: Counter[str]) -> Json:
    result: Json = {
        "ruleId": issue.rule,
        "ruleIndex": index,
        "level": issue.severity,
        "message": {"text": issue.message},
        "locations": [_location(issue.places[0], issue)] if issue.places else [],
        "partialFingerprints": {"dateline/v1": _fingerprint(issue, seen)},
    }
    if issue.also:
        result["occurrenceCount"] = 1 + issue.also
    related = [_location(place) for place in issue.places[1:]] + _sources(issue)
    if related:
        result["relatedLocations"] = [{"id": n, **one} for n, one in enumerate(related, 1)]
    return result


def _location(place: Place, issue: Issue | None = None) -> Json:
    file = quote(place.file, safe="/", errors="backslashreplace")
    artifact = (
        {"uri": f"file://{file}"} if file.startswith("/") else {"uri": file, "uriBaseId": _BASE}
    )
    physical: Json = {"artifactLocation": artifact}
    if place.line:
        column = {"startColumn": place.column} if place.column else {}
        physical["region"] = {"startLine": place.line, **column}
    location: Json = {"physicalLocation": physical}
    names = [place.pointer] if place.pointer else _cell(issue)
    if names:
        location["logicalLocations"] = [{"fullyQualifiedName": name} for name in names]
    return location if issue else {**location, "message": {"text": f"and {at(place)}"}}


def _cell(issue: Issue | None) -> Sequence[str]:
    """Resource, row and field of a cell, as one name."""
    if issue is None or issue.cell is None:
        return []
    cell = issue.cell
    return ["/".join(filter(None, [cell.resource, str(cell.row or ""), cell.field]))]


def _sources(issue: Issue) -> list[Json]:
    return [
        {
            "logicalLocations": [{"fullyQualifiedName": source.article, "kind": "article"}],
            "message": {"text": words(source)},
        }
        for source in issue.sources
    ]


def _fingerprint(issue: Issue, seen: Counter[str]) -> str:
    """What stays the same when lines move: rule, file, pointer, field and message, and which."""
    place = issue.places[0] if issue.places else Place("")
    field = issue.cell.field if issue.cell else ""
    parts = [issue.rule, place.file, place.pointer, field, issue.message]
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"
