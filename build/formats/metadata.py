"""A table of documents, joined to what an import reads: who published each, when, where."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
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
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
    columns = list(reader.fieldnames or ())
    key = next((name for name in _KEYS if name in columns), None)
    if key is None:
        raise InvalidInput(
            f"{path}: expected a column that names the document, one of {', '.join(_KEYS)}; "
            f"got {', '.join(columns) or 'none'}"
        )
    fields = {c: _NAMES.get(c, c) for c in columns if _NAMES.get(c, c) in _FIELDS and c != key}
    found: dict[str, dict[str, str]] = {}
    for row in reader:
        name = Path(row[key] or "").name.removesuffix(".txt")
        if name in found:
            raise InvalidInput(
                f"{path}:{reader.line_num}: expected each document once, got {name} again"
            )
        found[name] = {
            field: (row[column] or "").strip()
            for column, field in fields.items()
            if (row[column] or "").strip().lower() not in _NOTHING
        }
    return Metadata(found, tuple(c for c in columns if c and c != key and c not in fields))
