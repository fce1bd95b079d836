"""The report for programs: every issue as it is, and the shape of frictionless's reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dateline.build.issues import Issue, Place, Report, printable
from dateline.build.report.groups import grouped, total
from dateline.build.report.tasks import frictionless_report, source_values

Json = dict[str, Any]


def as_json(report: Report, made: Mapping[str, Any] | None = None) -> str:
    """The report as one JSON object, with what a build has made.

    It holds `valid`, `counts`, `groups` (per rule), all `issues`, those `waived`, and what
    frictionless reports: `stats`, `warnings`, `errors`, `tasks`. It holds no times.
    """
    return dumped(
        {
            "valid": not report.errors,
            "counts": dict(sorted(report.counts.items())),
            "groups": [
                {"rule": rule, "severity": severity, "count": total(issues)}
                for (severity, rule), issues in grouped(report).items()
            ],
            "issues": [_issue(issue) for issue in report.issues],
            "waived": [{**_issue(issue), "reason": reason} for issue, reason in report.waived],
            **frictionless_report(report),
            **(made or {}),
        }
    )


def dumped(values: Any) -> str:
    """Values as JSON on several lines, whose strings hold nothing that a terminal obeys."""
    lines = json.dumps(values, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(map(printable, lines))


def _issue(issue: Issue) -> Json:
    cell = issue.cell
    at: Json = {"resource": cell.resource, "value": cell.value} if cell else {}
    if cell and cell.row:
        at["row"] = cell.row
    if cell and cell.number:
        at |= {"field": cell.field, "fieldNumber": cell.number}
    optional: Json = {
        "cell": at,
        "sources": [source_values(source) for source in issue.sources],
        "also": issue.also,
        "ids": list(issue.ids),
    }
    return {
        "rule": issue.rule,
        "severity": issue.severity,
        "message": issue.message,
        "places": [_place(place) for place in issue.places],
        **{key: value for key, value in optional.items() if value},
    }


def _place(place: Place) -> Json:
    optional = {"line": place.line, "column": place.column, "row": place.row}
    known = {key: value for key, value in optional.items() if value}
    return {"file": place.file, **known, "pointer": place.pointer}
