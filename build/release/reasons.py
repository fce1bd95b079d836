"""The project's file of reasons: why rows are gone from one release to the next."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dateline.build.issues import InvalidInput, Issue, Place, did_you_mean, shown
from dateline.build.read import label
from dateline.schema import Codebook

COLUMNS = ("row_id", "change", "merged_into_id", "reason")
RULE = "release-reasons"
# What a person can decide; that a row is new is plain to see.
CHANGES = ("withdrawn", "merged", "updated")
_ID = re.compile(r"(art|inc|act|stm|par|cas|evd)_[a-z0-9]{6,32}")


@dataclass(frozen=True)
class Reason:
    """One line: what has become of a row, or why it is updated; `place` is where it stands."""

    row_id: str
    change: str
    merged_into_id: str | None
    reason: str
    place: Place


def read_reasons(path: Path | None, codebook: Codebook) -> tuple[list[Reason], list[Issue]]:
    """The lines of a file that can hold, and what is wrong with the others; none without a file.

    InvalidInput where it is not there or no CSV file with these columns.
    """
    if path is None:
        return [], []
    found: dict[tuple[str, bool], Reason] = {}
    issues: list[Issue] = []
    for place, row in _rows(path):
        wrong = next(_wrong(row, codebook), None)
        key = row["row_id"], row["change"] == "updated"
        if wrong is None and key in found:
            wrong = f"expected each row once, got it again, first at line {found[key].place.line}"
        if wrong is not None:
            issues.append(Issue(RULE, f"{row['row_id'] or '(empty)'}: {wrong}", (place,)))
        else:
            target = row["merged_into_id"] or None
            found[key] = Reason(row["row_id"], row["change"], target, row["reason"], place)
    return list(found.values()), issues


def _rows(path: Path) -> Iterator[tuple[Place, dict[str, str]]]:
    name = label(path)
    try:
        text = path.read_text("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        lacking = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if lacking:
            raise InvalidInput(
                f"{name}: expected the columns {', '.join(COLUMNS)}, got no {lacking[0]}"
            )
        line = reader.line_num + 1
        for row in reader:
            cells = {column: (row[column] or "").strip() for column in COLUMNS}
            if any(cells.values()):
                yield Place(name, line), cells
            line = reader.line_num + 1
    except OSError as error:
        raise InvalidInput(
            f"{name}: expected the file that the project names, got {error.strerror}"
        ) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(f"{name}: expected a CSV file in UTF-8, got {error}") from None


def _wrong(row: dict[str, str], codebook: Codebook) -> Iterator[str]:
    """What is wrong with a line, whatever the data."""
    reasons = codebook.vocabularies["change_reason"].values
    row_id, change, target, reason = (row[column] for column in COLUMNS)
    if not _ID.fullmatch(row_id):
        yield f"expected the id of a row as row_id, got {shown(row_id)}; take it from the message"
    if change not in CHANGES:
        yield _other("change", change, CHANGES)
    if reason not in reasons:
        yield _other("reason", reason, reasons)
    if change != "merged" and target:
        yield f"expected no merged_into_id of a row that is {change}, got {target}; write merged"
    if change == "merged" and (target == row_id or target[:4] != row_id[:4]):
        yield f"expected another row of the same table as merged_into_id, got {shown(target)}"


def _other(column: str, value: str, known: Sequence[str]) -> str:
    words = f"expected one of {', '.join(known)} as {column}, got {shown(value)}"
    return words + did_you_mean(value, known)
