"""The report for people: problems grouped by rule, with places, what was left out, and counts."""

from __future__ import annotations

from collections.abc import Iterator

import click

from dateline.build.issues import Issue, Report, Severity, printable
from dateline.build.report.groups import at, counted, first_place, further, grouped, total

SHOWN = 5
_COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow"}


def as_text(report: Report, *, colour: bool = False) -> str:
    """The report as lines: by rule, errors first, at most five of each, then what was left out.

    Issues that are waived stand at the end. `colour` is for terminals.
    """
    return "\n".join(_lines(report, colour))


def _lines(report: Report, colour: bool) -> Iterator[str]:
    for (severity, rule), issues in grouped(report).items():
        for issue in issues[:SHOWN]:
            yield from _issue_lines(issue, colour)
        listed, count = len(issues), total(issues)
        if left := count - min(listed, SHOWN):
            known = "all" if listed == count else f"{listed:,}"
            yield f"… and {counted(left, f'more {severity}')} of {rule}; --json lists {known}"
    for issue, reason in report.waived:
        yield printable(f"waived: {issue.rule} at {at(first_place(issue))}: {reason}")


def _issue_lines(issue: Issue, colour: bool) -> Iterator[str]:
    rule, warning = issue.rule, "warning: " if issue.severity == "warning" else ""
    if colour:
        rule = click.style(rule, fg=_COLOURS[issue.severity])
    yield f"{printable(at(first_place(issue)))}  {rule}  {warning}{printable(issue.message)}"
    for line in further(issue, SHOWN):
        yield f"    {printable(line)}"


def summary(report: Report) -> str:
    """How many errors and warnings there are, how many waived, what to read about them."""
    counts = [
        counted(total(report.errors), "error"),
        counted(total(report.warnings), "warning"),
        f"{total(i for i, _ in report.waived):,} waived" if report.waived else "",
    ]
    text = ", ".join(filter(None, counts)) or "no problems"
    if not report.issues:
        return text
    return f"{text}; `dateline explain {report.issues[0].rule}` says more about a rule"
