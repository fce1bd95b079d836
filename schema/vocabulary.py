"""Vocabularies: the closed lists of values, read from CSV, extended by a project's codebook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

UNCLASSIFIED = "unclassified"
_UNCLASSIFIED_ROW = {
    "value": UNCLASSIFIED,
    "label": "Unclassified",
    "definition": "the source of an import or a model does not say which of the values it is",
}
# Columns of these vocabularies are not codes that a source may leave open: they state what the
# words or the bounds are, and an annotation always knows it (data-model.md section 1).
UNCODED = frozenset(
    "stance side quantifier span_role method quote_type date_precision geo_precision "
    "estimate_rule text_normalization published_precision country change change_reason".split()
)


class CodebookError(Exception):
    """A project's codebook contradicts itself or the built-in one.

    `file` is relative to the codebook's folder, empty for the folder itself.
    """

    def __init__(self, file: str, message: str) -> None:
        super().__init__(f"{file}: {message}" if file else message)
        self.file = file
        self.message = message


@dataclass(frozen=True)
class Vocabulary:
    """The values of one vocabulary in publishing order, with all columns of its CSV file."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values, in the order of the file; `unclassified` last where it is one."""
        return tuple(row["value"] for row in self.rows)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Value to label."""
        return self.column("label")

    def column(self, name: str) -> dict[str, str]:
        """Value to the cell of one column; values of an extension take their broader value's."""
        cells = {row["value"]: row.get(name, "") for row in self.rows}
        for row in self.rows:
            if not cells[row["value"]] and row.get("broader"):
                cells[row["value"]] = cells[row["broader"]]
        return cells

    @cached_property
    def seen(self) -> dict[str, str | None]:
        """Value to what the rules see in its place, of those that they do not see as they are.

        That is a narrower value's broader one; null for `unclassified`.
        """
        narrower = {row["value"]: row["broader"] for row in self.rows if row.get("broader")}
        return narrower | ({UNCLASSIFIED: None} if UNCLASSIFIED in self.values else {})

    @cached_property
    def csv(self) -> bytes:
        """The vocabulary as a published CSV file: UTF-8, CRLF, the columns of its source file."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.columns, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue().encode()


def read_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of one CSV file, as `vocabulary_of` gives it."""
    return vocabulary_of(path.stem, path.read_bytes())


def vocabulary_of(name: str, data: bytes) -> Vocabulary:
    """The vocabulary of a CSV file's bytes.

    CodebookError where it has no value column or repeats a value.
    """
    file = f"vocab/{name}.csv"
    try:
        # Line ends in cells are read as one kind.
        text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig").read()
        reader = csv.DictReader(io.StringIO(text, newline=""))
        rows = tuple({k: v or "" for k, v in row.items() if k is not None} for row in reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise CodebookError(file, f"expected a CSV file in UTF-8, got {error}") from None
    vocabulary = Vocabulary(name, tuple(reader.fieldnames or ()), rows)
    missing = [name for name in ("value", "label") if name not in vocabulary.columns]
    if missing:
        raise CodebookError(file, f"expected the columns value and label, got no {missing[0]}")
    repeated = sorted({v for v in vocabulary.values if vocabulary.values.count(v) > 1})
    if repeated or "" in vocabulary.values:
        message = f"expected each value once and none empty, got {', '.join(repeated) or 'empty'}"
        raise CodebookError(file, message)
    return vocabulary


def with_unclassified(vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary with the value `unclassified` last, unless its columns are never coded."""
    if vocabulary.name in UNCODED or UNCLASSIFIED in vocabulary.values:
        return vocabulary
    return replace(vocabulary, rows=(*vocabulary.rows, _UNCLASSIFIED_ROW))


def extended(vocabulary: Vocabulary, extension: Vocabulary) -> Vocabulary:
    """The vocabulary with the extension's values after its own.

    CodebookError where a value exists already or names no built-in `broader` value.
    """
    for row in extension.rows:
        broader = row.get("broader", "")
        if row["value"] in vocabulary.values:
            message = f"expected a new value, got {row['value']}, which is built in already"
            raise CodebookError(f"vocab/{extension.name}.csv", message)
        if broader not in vocabulary.values:
            message = f'{row["value"]}: expected a built-in value as broader, got "{broader}"'
            raise CodebookError(f"vocab/{extension.name}.csv", message)
    columns = dict.fromkeys((*vocabulary.columns, *extension.columns))
    return Vocabulary(vocabulary.name, tuple(columns), (*vocabulary.rows, *extension.rows))


def read_vocabularies(folder: Path) -> dict[str, Vocabulary]:
    """All vocabularies of a folder by name, sorted by name."""
    return {path.stem: read_vocabulary(path) for path in sorted(folder.glob("*.csv"))}


def merged(builtin: dict[str, Vocabulary], project: Iterable[Vocabulary]) -> dict[str, Vocabulary]:
    """The built-in vocabularies with a project's extensions and additions, `unclassified` added."""
    result = dict(builtin)
    for vocabulary in project:
        known = result.get(vocabulary.name)
        result[vocabulary.name] = extended(known, vocabulary) if known else vocabulary
    return {
        name: with_unclassified(v) if name in builtin else v for name, v in sorted(result.items())
    }
