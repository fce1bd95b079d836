"""Reports as text and as JSON: problems grouped by rule, with places and counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from dateline.build.issues import Issue, Place, Report

SHOWN = 5


def as_text(report: Report) -> str:
    """The report as lines: by rule, errors first, at most five of each, then what was left out."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in report.issues:
        groups[issue.severity, issue.rule].append(issue)
    for (severity, rule), issues in groups.items():
        for issue in issues[:SHOWN]:
            yield from _issue_lines(issue)
        if len(issues) > SHOWN:
            word = severity if len(issues) == SHOWN + 1 else f"{severity}s"
            yield f"… and {len(issues) - SHOWN} more {word} of {rule}; --json lists all"


def _issue_lines(issue: Issue) -> Iterator[str]:
    warning = "warning: " if issue.severity == "warning" else ""
    places = issue.places or (Place("-"),)
    yield f"{places[0]}  {issue.rule}  {warning}{issue.message}"
    for place in places[1:SHOWN]:
        yield f"    and {place} {place.pointer}".rstrip()
    if len(places) > SHOWN:
        yield f"    and {len(places) - SHOWN} more places"


def summary(report: Report) -> str:
    """How many errors and warnings there are, and what to read about them."""
    if not report.issues:
        return "no problems"
    counts = [_counted(len(report.errors), "error"), _counted(len(report.warnings), "warning")]
    text = ", ".join(count for count in counts if count)
    return f"{text}; `dateline explain {report.issues[0].rule}` says more about a rule"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else ""


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values: `valid`, `counts`, `groups` (per rule) and all `issues`."""
    groups: dict[tuple[str, str], int] = defaultdict(int)
    for issue in report.issues:
        groups[issue.severity, issue.rule] += 1
    return {
        "valid": not report.errors,
        "counts": dict(sorted(report.counts.items())),
        "groups": [
            {"rule": rule, "severity": severity, "count": count}
            for (severity, rule), count in groups.items()
        ],
        "issues": [_issue(issue) for issue in report.issues],
    }


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "rule": issue.rule,
        "severity": issue.severity,
        "message": issue.message,
        "places": [_place(place) for place in issue.places],
    }


def _place(place: Place) -> dict[str, Any]:
    optional = {"line": place.line, "column": place.column, "row": place.row}
    known = {key: value for key, value in optional.items() if value}
    return {"file": place.file, **known, "pointer": place.pointer}
