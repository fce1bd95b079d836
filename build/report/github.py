"""The report for GitHub Actions: workflow commands that become annotations of a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.build.issues import Issue, Place, Report, printable
from dateline.build.report.groups import (
    NOWHERE,
    counted,
    further,
    grouped,
    total,
)

# A step shows no more of each severity; the log has all.
ANNOTATED = 10
PLACES = 5


def as_github(report: Report) -> str:
    """A command for each issue, the first of every rule before the others, and for each waived.

    Where a step shows fewer than there are, a notice with the count of each rule stands first.
    """
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    groups = grouped(report)
    if any(len(issues) > ANNOTATED for issues in (report.errors, report.warnings)) or any(
        issue.also for issue in report.issues
    ):
        counts = (f"{rule} {total(issues):,}" for (_, rule), issues in groups.items())
        words = f"{_counted(report)}: {', '.join(counts)}"
        yield f"::notice title={_property('dateline')}::{_data(words)}"
    for issues in groups.values():
        yield _command(issues[0])
    for issues in groups.values():
        yield from map(_command, issues[1:])
    for issue, reason in report.waived:
        where = _properties(issue.places, f"{issue.rule} waived")
        words = _data(issue.message, f"waived: {reason}")
        yield f"::notice {where}::{words}"


def _counted(report: Report) -> str:
    counts = [counted(total(report.errors), "error"), counted(total(report.warnings), "warning")]
    return ", ".join(filter(None, counts))


def _command(issue: Issue) -> str:
    lines = [issue.message, *further(issue, PLACES)]
    if issue.also:
        lines.append(f"and {issue.also:,} more")
    where = _properties(issue.places, issue.rule)
    return f"::{issue.severity} {where}::{_data(*lines)}"


def _properties(places: Sequence[Place], title: str) -> str:
    place = places[0] if places else NOWHERE
    given: Sequence[tuple[str, object]] = [
        ("file", "" if place is NOWHERE else place.file),
        ("line", place.line),
        ("col", place.column if place.line else 0),
        ("title", title),
    ]
    return ",".join(f"{name}={_property(str(value))}" for name, value in given if value)


def _data(*lines: str) -> str:
    """Lines as the message of a command, which stands on one."""
    return "%0A".join(printable(line).replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
