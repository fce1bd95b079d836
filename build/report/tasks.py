"""The report in the shape of frictionless's: a task for each resource, errors by its codes.

`frictionless.Report.from_descriptor` reads it. A rule that frictionless does not have takes the
code that its definition names, else one that says no more than where it stands.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from dateline.build.issues import Cell, Issue, Report, Source, Task
from dateline.build.report.groups import first_place, total
from dateline.schema import load_rules

Json = dict[str, Any]

_TABLES = frozenset({"csv", "parquet", "table"})
# What stands around a cell where an issue does not say.
_NO_CELL = Cell("")


def frictionless_report(report: Report) -> Json:
    """`stats`, `warnings`, `errors` (of no resource) and `tasks` (per resource), without times."""
    placed: list[list[Issue]] = [[] for _ in report.tasks]
    others: list[Issue] = []
    for issue in report.issues:
        number = _task_of(issue, report.tasks)
        (others if number is None else placed[number]).append(issue)
    kinds = _kinds() if report.errors else {}
    tasks = [_task(task, kinds, mine) for task, mine in zip(report.tasks, placed, strict=True)]
    return {
        "stats": {"tasks": len(tasks), **_counts(report.issues)},
        "warnings": _warnings(others),
        "errors": _errors(others, (), kinds),
        "tasks": tasks,
    }


def _task_of(issue: Issue, tasks: Sequence[Task]) -> int | None:
    """Which task an issue belongs to: that of its resource and, where several are, of its file."""
    if issue.cell is None:
        return None
    named = [n for n, task in enumerate(tasks) if task.name == issue.cell.resource]
    files = {place.file for place in issue.places}
    return next((n for n in named if tasks[n].place in files), named[0] if named else None)


def _task(task: Task, kinds: Json, issues: Sequence[Issue]) -> Json:
    facts = {
        "sha256": task.sha256,
        "bytes": task.bytes,
        "fields": task.fields,
        "rows": task.rows,
    }
    known = {name: fact for name, fact in facts.items() if fact is not None}
    return {
        "name": task.name,
        "type": "table" if task.kind in _TABLES else "file",
        "valid": all(issue.severity != "error" for issue in issues),
        "place": task.place,
        "labels": list(task.labels),
        "stats": {**known, **_counts(issues)},
        "warnings": _warnings(issues),
        "errors": _errors(issues, task.labels, kinds),
    }


def _counts(issues: Sequence[Issue]) -> dict[str, int]:
    return {
        "errors": total(issue for issue in issues if issue.severity == "error"),
        "warnings": total(issue for issue in issues if issue.severity == "warning"),
    }


def _warnings(issues: Sequence[Issue]) -> list[str]:
    return [f"{i.rule}: {i.message}" for i in issues if i.severity == "warning"]


def _kinds() -> Json:
    """The classes of frictionless's errors by their codes."""
    # Here: it takes a third of a second, and valid data need none of it.
    from frictionless import Error, errors

    named = vars(errors).values()
    return {k.type: k for k in named if isinstance(k, type) and issubclass(k, Error)}


def _errors(issues: Sequence[Issue], labels: Sequence[str], kinds: Json) -> list[Json]:
    rules = load_rules()
    errors = [issue for issue in issues if issue.severity == "error"]
    return [_error(issue, rules.get(issue.rule, {}), labels, kinds) for issue in errors]


def _error(issue: Issue, rule: Json, labels: Sequence[str], kinds: Json) -> Json:
    own = kinds.get(rule.get("code", issue.rule))
    kind = own or kinds[_level(issue.cell)]
    given = inspect.signature(kind).parameters
    facts = {_camel(k): v for k, v in _facts(issue.cell or _NO_CELL, labels).items() if k in given}
    worded = {"note": issue.message, **facts}
    place = first_place(issue)
    where = {"line": place.line, "column": place.column, "pointer": place.pointer}
    return {
        "type": kind.type,
        "title": kind.title if own else rule.get("title", kind.title),
        "description": kind.description if own else rule.get("why", kind.description),
        "message": kind.template.format(**worded) if own else issue.message,
        "tags": list(kind.tags),
        "note": issue.message,
        **facts,
        "rule": issue.rule,
        **({"place": place.file} if issue.places else {}),
        **{key: value for key, value in where.items() if value},
        **({"sources": [source_values(s) for s in issue.sources]} if issue.sources else {}),
    }


def _level(cell: Cell | None) -> str:
    """The code that says no more than what is wrong: a cell, a row, other data, or anything."""
    if cell is None:
        return "error"
    return "cell-error" if cell.number else "row-error" if cell.row else "data-error"


def _facts(cell: Cell, labels: Sequence[str]) -> Json:
    """All that an error of frictionless may hold, as far as an issue knows it."""
    value = cell.value or ""
    return {
        "labels": list(labels),
        "row_numbers": [cell.row or 1],
        "label": value,
        "cells": [],
        "row_number": cell.row,
        "cell": value,
        "field_name": cell.field,
        "field_number": cell.number,
        "field_names": [cell.field] if cell.field else [],
        "field_cells": [value] if cell.field else [],
        "reference_name": "",
        "reference_field_names": [],
    }


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def source_values(source: Source) -> Json:
    """A source as JSON values; `exact` is null where the words are not published."""
    return {
        "article": source.article,
        "start": source.start,
        "end": source.end,
        "exact": source.exact,
    }
