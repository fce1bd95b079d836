"""What the forms of a report share: issues by rule, how many there are, what else they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from dateline.build.issues import Issue, Place, Report, Source, shown

NOWHERE = Place("-")
QUOTED = 200


def grouped(report: Report) -> dict[tuple[str, str], list[Issue]]:
    """The issues by severity and rule, in the report's order."""
    groups: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in report.issues:
        groups[issue.severity, issue.rule].append(issue)
    return groups


def total(issues: Iterable[Issue]) -> int:
    """How many rows and values break a rule, those that are not listed included."""
    return sum(1 + issue.also for issue in issues)


def counted(count: int, noun: str) -> str:
    """A count with its noun, empty for none."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else ""


def first_place(issue: Issue) -> Place:
    """The place that an issue is shown at, or its resource as one; NOWHERE where it has neither."""
    if issue.places:
        return issue.places[0]
    return Place(issue.cell.resource) if issue.cell else NOWHERE


def at(place: Place) -> str:
    """A place in words: file, line and column, or the row of a file that has no lines."""
    return f"{place} row {place.row}" if place.row and not place.line else str(place)


def further(issue: Issue, limit: int) -> Iterator[str]:
    """Lines on the other places of an issue and its sources, at most `limit` of each."""
    for place in issue.places[1:limit]:
        yield f"and {at(place)} {place.pointer}".rstrip()
    if len(issue.places) > limit:
        yield f"and {len(issue.places) - limit} more places"
    yield from map(words, issue.sources[:limit])
    if len(issue.sources) > limit:
        yield f"and {len(issue.sources) - limit} more sources"


def words(source: Source) -> str:
    """The article and span that a row rests on, with the words where they are published."""
    span = f", {source.start}-{source.end}" if source.end else ""
    exact = "" if source.exact is None else f": {shown(source.exact, QUOTED)}"
    return f"from article {shown(source.article, QUOTED)}{span}{exact}"
