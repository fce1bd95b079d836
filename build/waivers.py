"""Issues that a project accepts, each with a reason: warnings, and errors of rules that allow it.

A waiver is limited to a place (`FILE`, `FILE:LINE`, `FILE:LINE:COLUMN` or `FILE#/POINTER`, which
covers all below it), to an id or key of the row, its item or an item around it, or to neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dateline.build.issues import Issue, Place, Report, did_you_mean, shown

Json = dict[str, Any]

# A built package says in this property what its build accepted.
PROPERTY = "dateline:waivers"
_PUBLISHED_ID = re.compile("[a-z]{3}_[a-z2-7]{16}")


@dataclass(frozen=True)
class Waiver:
    """One accepted issue; `place` and `id` limit it where they are given.

    `where` is the place of its rule in the project's file, null for one that a package brings.
    """

    rule: str
    reason: str
    place: str | None = None
    id: str | None = None
    where: Place | None = None


def waived(report: Report, waivers: Sequence[Waiver], rules: Mapping[str, Json]) -> Report:
    """The report with what these waivers cover among `waived`, and what is wrong with them.

    An issue takes the reason of its first waiver. One that covers nothing is reported where no
    error is left: after errors some checks have not run.
    """
    if not waivers:
        return report
    useful = [waiver for waiver in waivers if _may_waive(waiver, rules)]
    covering = {i: [w for w in useful if _covers(w, i, rules)] for i in report.issues}
    gone = [(issue, found[0].reason) for issue, found in covering.items() if found]
    kept = [issue for issue, found in covering.items() if not found]
    kept += _wrong(waivers, rules)
    if all(issue.severity != "error" for issue in kept):
        used = {waiver for found in covering.values() for waiver in found}
        kept += [_unused(w, w.where) for w in useful if w not in used and w.where]
    result = Report.of(kept, report.counts, report.tasks)
    return replace(result, waived=(*report.waived, *gone))


def _may_waive(waiver: Waiver, rules: Mapping[str, Json]) -> bool:
    rule = rules.get(waiver.rule, {})
    return rule.get("severity") == "warning" or bool(rule.get("waivable"))


def _covers(waiver: Waiver, issue: Issue, rules: Mapping[str, Json]) -> bool:
    if waiver.rule != issue.rule or not (
        issue.severity == "warning" or rules[issue.rule].get("waivable")
    ):
        return False
    if waiver.place is None and waiver.id is None:
        return True
    # Rows that are counted and not listed cannot be told to be the one that is meant.
    return (
        not issue.also
        and (waiver.id is None or waiver.id in issue.ids)
        and (waiver.place is None or any(_within(p, waiver.place) for p in issue.places))
    )


def _within(place: Place, limit: str) -> bool:
    if limit in (place.file, f"{place.file}:{place.line}", str(place)):
        return True
    pointer = limit.removeprefix(f"{place.file}#")
    return pointer != limit and f"{place.pointer}/".startswith(f"{pointer.rstrip('/')}/")


def _wrong(waivers: Sequence[Waiver], rules: Mapping[str, Json]) -> Iterator[Issue]:
    for waiver in waivers:
        if waiver.where is None or _may_waive(waiver, rules):
            continue
        name, place = waiver.rule, (waiver.where,)
        if waiver.rule in rules:
            message = f"expected a warning, or an error that may be waived; got {shown(name)}"
            message = f"{waiver.where.pointer}: {message}, an error; mend the data instead"
            yield Issue("waiver-forbidden", message, place)
        else:
            message = f"expected the id of a rule, got {shown(name)}{did_you_mean(name, rules)}"
            yield Issue("waiver-unknown-rule", f"{waiver.where.pointer}: {message}", place)


def _unused(waiver: Waiver, where: Place) -> Issue:
    limits = [shown(limit) for limit in (waiver.place, waiver.id) if limit is not None]
    at = f" at {' and '.join(limits)}" if limits else ""
    message = f"{where.pointer}: expected an issue of {waiver.rule}{at}, got none"
    return Issue("waiver-unused", f"{message}; remove the waiver", (where,), "warning")


def applied(report: Report, waivers: Sequence[Waiver], rules: Mapping[str, Json]) -> list[Json]:
    """What a package says of the waivers that its build applied: rule, reason and id, sorted.

    A waiver that was limited names the published rows it covered; where they have none, as in an
    article, the package's own rules have nothing to waive and it is left out.
    """
    found = set()
    for waiver in waivers:
        covered = [issue for issue, _ in report.waived if _covers(waiver, issue, rules)]
        if waiver.place is None and waiver.id is None:
            ids = {""} if covered else set()
        else:
            ids = {name for issue in covered for name in issue.ids[:1] if _is_published(name)}
        found |= {(waiver.rule, waiver.reason, name) for name in ids}
    return [
        {"rule": rule, "reason": reason, **({"id": name} if name else {})}
        for rule, reason, name in sorted(found)
    ]


def _is_published(name: str) -> bool:
    return _PUBLISHED_ID.fullmatch(name) is not None


def waivers_of(descriptor: Json) -> tuple[Waiver, ...]:
    """The waivers that a package's descriptor brings; entries of another form are passed over."""
    entries = descriptor.get(PROPERTY)
    found = []
    for entry in entries if isinstance(entries, list) else []:
        texts = entry if isinstance(entry, dict) else {}
        rule, reason, name = (texts.get(key) for key in ("rule", "reason", "id"))
        if isinstance(rule, str) and isinstance(reason, str) and isinstance(name, str | None):
            found.append(Waiver(rule, reason, None, name))
    return tuple(found)
