"""Findings inside an article, placed by pointer, to issues with a file, a line and a column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

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
    data = orjson.loads(record.data)
    return [
        Issue(
            finding.rule,
            finding.message,
            tuple(Place(record.file, *where[p], p.removesuffix(KEY)) for p in pointers),
            finding.severity,
            ids=names(data, finding.pointer),
        )
        for finding, pointers in wanted
    ]


def names(data: Any, pointer: str) -> tuple[str, ...]:
    """The ids and keys of the item at a pointer and of those around it, the innermost first."""
    return tuple(reversed([*_names(data, pointer)]))


def _names(data: Any, pointer: str) -> Iterator[str]:
    for token in [*pointer.split("/")[1:], ""]:
        if isinstance(data, dict):
            given = (data.get(name) for name in ("key", "id"))
            yield from (name for name in given if isinstance(name, str))
            data = data.get(token.replace("~1", "/").replace("~0", "~"))
        elif isinstance(data, list) and token.isdecimal() and int(token) < len(data):
            data = data[int(token)]


def _pointer(finding: Finding) -> str:
    return finding.pointer + KEY if finding.at_key else finding.pointer
