"""What every step reports with: issues as data, and the few exceptions for "cannot go on"."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


class DatelineError(Exception):
    """A state in which the run cannot go on; `exit_code` is what the process returns.

    InvalidInput (1) · UsageError (2) · EnvironmentFailure (3) · RemoteFailure (5)
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


class RemoteFailure(DatelineError):
    """A remote refused something, or could not be reached. No message has a secret in it."""

    exit_code = 5


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


@dataclass(frozen=True, order=True)
class Source:
    """The words behind a published row: an article's own id, and code points of its text.

    `start` and `end` are half open, both 0 where no span is known; `exact` is null where the words
    are not published.
    """

    article: str
    start: int = 0
    end: int = 0
    exact: str | None = None


@dataclass(frozen=True, order=True)
class Cell:
    """Where in a resource an issue stands, in the standard's terms.

    `row` is the number of the record in the resource, the header's counted once (0: no row);
    `number` is that of the field from 1 (0: no field). `value` is the cell as written, null where
    it has none.
    """

    resource: str
    row: int = 0
    field: str = ""
    number: int = 0
    value: str | None = None


@dataclass(frozen=True)
class Issue:
    """One broken rule at one place, or at several where two places disagree.

    `cell` is given for resources of a data package, `sources` for rows that rest on articles.
    `also` counts further rows that break the rule in the same way and are not listed. `ids` are
    what the row or item is called, and what stands around it: published ids, keys, local ids.
    """

    rule: str
    message: str
    places: tuple[Place, ...] = ()
    severity: Severity = "error"
    cell: Cell | None = None
    sources: tuple[Source, ...] = ()
    also: int = 0
    ids: tuple[str, ...] = field(default=(), compare=False)

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Order of a report: errors first, then rule, then place."""
        return (self.severity, self.rule, self.places, self.message)


def issue_of(values: dict[str, Any]) -> Issue:
    """The issue that `dataclasses.asdict` gave these values of, by way of JSON too."""
    cell = values["cell"]
    return Issue(
        **{
            **values,
            "places": tuple(Place(**place) for place in values["places"]),
            "cell": Cell(**cell) if cell is not None else None,
            "sources": tuple(Source(**source) for source in values["sources"]),
            "ids": tuple(values["ids"]),
        }
    )


@dataclass(frozen=True)
class Task:
    """What was looked at in one resource of a data package: its files and the facts found.

    `bytes` and `sha256` are of its only file, null where it has several or none; `rows` and
    `fields` null where it is no table.
    """

    name: str
    place: str
    kind: str
    labels: tuple[str, ...] = ()
    bytes: int | None = None
    sha256: str | None = None
    rows: int | None = None
    fields: int | None = None


@dataclass(frozen=True)
class Report:
    """All issues of a run, sorted, and what was counted on the way.

    `waived` are issues that the project accepts, each with its reason; they are in no count.
    """

    issues: tuple[Issue, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    waived: tuple[tuple[Issue, str], ...] = ()

    @classmethod
    def of(
        cls,
        issues: Iterable[Issue],
        counts: dict[str, int] | None = None,
        tasks: Iterable[Task] = (),
    ) -> Report:
        """The report of these issues, each once, sorted."""
        unique = dict.fromkeys(issues)
        ordered = tuple(sorted(unique, key=lambda issue: issue.sort_key))
        return cls(ordered, counts or {}, tuple(tasks))

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


# What a terminal obeys, what turns or hides text, and halves of characters: no word of anybody's
# data. The joiners of Persian words and of emoji are none of them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """The text with the escapes of JSON for control characters and others that cannot be seen."""
    return _UNSEEN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[n : n + 4]}" for n in range(0, len(units), 4))


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
