"""What every step reports with: issues as data, and the few exceptions for "cannot go on"."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


class DatelineError(Exception):
    """A state in which the run cannot go on; `exit_code` is what the process returns.

    InvalidInput (1) · UsageError (2) · EnvironmentFailure (3)
    """

    exit_code = 3


class EnvironmentFailure(DatelineError):
    """Something that the command line or the output names is missing, not permitted or full."""


class UsageError(DatelineError):
    """The command line asks for something that makes no sense."""

    exit_code = 2


class InvalidInput(DatelineError):
    """The data are invalid in a way that leaves nothing to report on row by row."""

    exit_code = 1


@dataclass(frozen=True, order=True)
class Place:
    """Where a value stands: a file, line and column (from 1; 0: not known), a JSON pointer.

    Columns count Unicode code points. `row` is the record number (from 1) in a published table;
    0 in an article.
    """

    file: str
    line: int = 0
    column: int = 0
    pointer: str = ""
    row: int = 0

    def __str__(self) -> str:
        numbers = [str(n) for n in (self.line, self.column) if n]
        return ":".join([self.file, *numbers])


@dataclass(frozen=True)
class Issue:
    """One broken rule at one place, or at several where two places disagree."""

    rule: str
    message: str
    places: tuple[Place, ...] = ()
    severity: Severity = "error"

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Order of a report: errors first, then rule, then place."""
        return (self.severity, self.rule, self.places, self.message)


@dataclass(frozen=True)
class Report:
    """All issues of a run, sorted, and what was counted on the way."""

    issues: tuple[Issue, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, issues: Iterable[Issue], counts: dict[str, int] | None = None) -> Report:
        """The report of these issues, each once, sorted."""
        unique = dict.fromkeys(issues)
        return cls(tuple(sorted(unique, key=lambda issue: issue.sort_key)), counts or {})

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that make the data invalid."""
        return tuple(issue for issue in self.issues if issue.severity == "error")

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """The issues that are reported and do not fail a build."""
        return tuple(issue for issue in self.issues if issue.severity == "warning")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message that names the nearest known word, or nothing where none is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def shown(value: object, limit: int = 80) -> str:
    """A value as a message shows it: JSON-like, on one line, cut after `limit` characters."""
    if isinstance(value, str):
        text = '"' + re.sub(r"\s+", " ", value) + '"'
    elif value is None:
        text = "null"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, dict):
        text = "an object"
    elif isinstance(value, list):
        text = f"a list of {len(value)}"
    else:
        text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True)
class Finding:
    """One broken rule inside an article, placed by JSON pointer; the caller adds file and line.

    `at_key` places it at the member's name, not its value. `also` are further pointers.
    """

    rule: str
    pointer: str
    message: str
    severity: Severity = "error"
    at_key: bool = False
    also: tuple[str, ...] = ()
