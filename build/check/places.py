"""Findings inside an article, placed by pointer, to issues with a file, a line and a column."""

from __future__ import annotations

from collections.abc import Iterable

from dateline.build.issues import Finding, Issue, Place
from dateline.build.locate import KEY, locate
from dateline.build.read import Record


def place(found: Iterable[Finding], record: Record) -> list[Issue]:
    """The findings of one article as issues, in their order, with line and column beside them."""
    findings = list(found)
    if not findings:
        return []
    wanted = [(finding, [_pointer(finding), *finding.also]) for finding in findings]
    where = locate(record.data, {p for _, pointers in wanted for p in pointers}, record.line)
    return [
        Issue(
            finding.rule,
            finding.message,
            tuple(Place(record.file, *where[p], p.removesuffix(KEY)) for p in pointers),
            finding.severity,
        )
        for finding, pointers in wanted
    ]


def _pointer(finding: Finding) -> str:
    return finding.pointer + KEY if finding.at_key else finding.pointer
