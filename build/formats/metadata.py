"""A table of documents, joined to what an import reads: who published each, when, where."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dateline.build.formats.files import decoded
from dateline.build.formats.source import Unreadable
from dateline.build.issues import InvalidInput

# Columns that name the document, the first that is there; a path or a suffix is left out.
_KEYS = ("document", "id", "name", "filename", "file")
# Keys of an article's source, and other names that tables have for them.
_FIELDS = (
    "publisher",
    "url",
    "headline",
    "byline",
    "dateline",
    "dateline_country",
    "published_at",
    "retrieved_at",
    "language",
    "license",
    "wire_agency",
    "syndicated_from",
)
_NAMES = {
    "title": "headline",
    "author": "byline",
    "authors": "byline",
    "date": "published_at",
    "published": "published_at",
    "publication_date": "published_at",
    "lang": "language",
    "wire": "wire_agency",
    "source": "publisher",
    "licence": "license",
}
_NOTHING = {"", "none", "null", "na", "n/a", "nan", "-"}


@dataclass(frozen=True)
class Metadata:
    """Keys of `source` by document, and the columns of the table that are none of them."""

    rows: Mapping[str, Mapping[str, str]]
    unused: tuple[str, ...] = ()


def load_metadata(path: Path) -> Metadata:
    """The table of a CSV or TSV file with a header; cells for nothing are left out.

    Raises InvalidInput where no column names the document, or two rows have one name.
    """
    try:
        text = decoded(path).removeprefix("\ufeff")
    except Unreadable as error:
        raise InvalidInput(f"{path}: {error}") from None
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=delimiter, restkey="", strict=True
    )
    try:
        return _table(path, reader)
    except csv.Error as error:
        place = f"{path}:{reader.line_num + 1}"
        raise InvalidInput(
            f"{place}: expected the row of a table, got none ({error}); mend its quotation marks"
        ) from None


def _table(path: Path, reader: csv.DictReader[str]) -> Metadata:
    columns = list(reader.fieldnames or ())
    key = next((name for name in _KEYS if name in columns), None)
    if key is None:
        raise InvalidInput(
            f"{path}: expected a column that names the document, one of {', '.join(_KEYS)}; "
            f"got {', '.join(columns) or 'none'}"
        )
    fields = _fields(column for column in columns if column != key)
    found: dict[str, dict[str, str]] = {}
    for row in reader:
        name = Path(row[key] or "").name.removesuffix(".txt")
        if name in found:
            raise InvalidInput(
                f"{path}:{reader.line_num}: expected each document once, got {name} again"
            )
        cells = {field: (row[column] or "").strip() for field, column in fields.items()}
        found[name] = {n: cell for n, cell in cells.items() if cell.lower() not in _NOTHING}
    used = {key, "", *fields.values()}
    return Metadata(found, tuple(column for column in columns if column not in used))


def _fields(columns: Iterable[str]) -> dict[str, str]:
    """The column of each field: of the field's own name, else the first of another name for it."""
    fields: dict[str, str] = {}
    for column in sorted(columns, key=lambda each: each in _NAMES):
        name = _NAMES.get(column, column)
        if name in _FIELDS:
            fields.setdefault(name, column)
    return fields
