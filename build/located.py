"""Issues that know their article and pointer alone, to their line and column in the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import orjson

from dateline.build.check.places import names
from dateline.build.issues import Issue, Place
from dateline.build.locate import locate
from dateline.build.read import Limits, Record, records


def located(issues: Iterable[Issue], limits: Limits) -> list[Issue]:
    """The issues with line and column for those places that only know their article and pointer.

    Their `ids` gain the local ids and keys of the items there and of those around them.
    """
    issues = list(issues)
    wanted: dict[tuple[str, int], set[str]] = {}
    for place in (place for issue in issues for place in issue.places if not place.column):
        wanted.setdefault((place.file, place.line), set()).add(place.pointer)
    found: dict[tuple[str, int, str], tuple[tuple[int, int], tuple[str, ...]]] = {}
    for file in sorted({file for file, _ in wanted}):
        for record in records(Path(file), limits):
            if isinstance(record, Record) and (record.file, record.line) in wanted:
                at = (record.file, record.line)
                data = orjson.loads(record.data)
                for pointer, position in locate(record.data, wanted[at], record.line).items():
                    found[(*at, pointer)] = position, names(data, pointer)

    def exact(place: Place) -> Place:
        known = found.get((place.file, place.line, place.pointer))
        return place if known is None else replace(place, line=known[0][0], column=known[0][1])

    def ids(issue: Issue) -> tuple[str, ...]:
        known = [found.get((p.file, p.line, p.pointer), (None, ()))[1] for p in issue.places]
        return tuple(dict.fromkeys([*issue.ids, *chain.from_iterable(known)]))

    return [
        replace(issue, places=tuple(map(exact, issue.places)), ids=ids(issue)) for issue in issues
    ]
