"""The dialect, format and packing of a resource, told from its properties and its path."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dateline.build.issues import Finding, did_you_mean, shown
from dateline.build.standard.model import Dialect, Json, Kind
from dateline.build.standard.paths import is_url

_CSV = ("csv", "tsv", "tab")
_PARQUET = ("parquet", "pq", "parq")
_MEDIA = {
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.apache.parquet": "parquet",
    "application/parquet": "parquet",
    "application/x-parquet": "parquet",
}
_OTHER_TABLES = ("xlsx", "xls", "ods", "jsonl", "ndjson")
_PACKINGS = ("gz", "zip", "bz2", "xz", "zst")
_TABULAR = re.compile(r"tabular-data-resource(?:\.json)?$")
_WORDS = {"gzip": "gz", "zstd": "zst", "bzip2": "bz2", "no": ""}


@dataclass(frozen=True)
class Form:
    """How the files of a resource are written: `format` is what it is called, "" if not known."""

    kind: Kind
    format: str
    compression: str


def form(resource: Json, major: int) -> Form:
    """The form of a resource: its properties hold, else the endings of its first path."""
    paths = resource.get("path", [])
    path = paths if isinstance(paths, str) else next(iter(paths), "")
    name = urlsplit(path).path if is_url(path) else path
    stem, packing = name.lower(), ""
    for each in _PACKINGS:
        if stem.endswith(f".{each}"):
            stem, packing = stem.removesuffix(f".{each}"), each
    if isinstance(resource.get("compression"), str):
        word = resource["compression"].lower()
        packing = _WORDS.get(word, word)
    ending = stem.rpartition(".")[2] if "." in stem.rpartition("/")[2] else ""
    media = str(resource.get("mediatype", "")).partition(";")[0].strip().lower()
    called = str(resource.get("format") or "").lower().lstrip(".") or _MEDIA.get(media) or ending
    kind = _kind(resource, called, major)
    return Form(kind, called, packing if kind != "file" else "")


def _kind(resource: Json, called: str, major: int) -> Kind:
    # In version 1 `type` is a word of other tools, whose "file" says that it is no table to check.
    if "data" in resource or (major == 1 and resource.get("type", "table") != "table"):
        return "file"
    if called in _CSV:
        return "csv"
    return "parquet" if called in _PARQUET else "file"


def _looks_like_table(resource: Json, found: Form) -> bool:
    return (
        resource.get("type") == "table"
        or _TABULAR.search(str(resource.get("profile", ""))) is not None
        or bool({"schema", "data"} & resource.keys())
        or found.format in _OTHER_TABLES
    )


def unreadable(resource: Json, pointer: str, found: Form) -> Iterator[Finding]:
    """Why the files of a resource cannot be read, as its form is."""
    if found.compression not in ("", *_PACKINGS):
        hint = did_you_mean(found.compression, _PACKINGS)
        message = f"expected one of {', '.join(_PACKINGS)}, got {shown(found.compression)}"
        yield Finding("compression-error", f"{pointer}/compression", message + hint)
    encoding = resource.get("encoding", "utf-8")
    if found.kind == "csv" and not _is_encoding(encoding):
        message = f"expected the name of an encoding, got {shown(encoding)}"
        hint = did_you_mean(encoding, ("utf-8", "utf-16", "cp1252", "latin1"))
        yield Finding("encoding-error", f"{pointer}/encoding", message + (hint or "; correct it"))


def form_findings(resource: Json, pointer: str, found: Form) -> Iterator[Finding]:
    """That the cells of a resource are not checked, as its form is."""
    if found.kind == "file" and _looks_like_table(resource, found):
        got = "data inside the descriptor" if "data" in resource else found.format or "no format"
        message = f"expected CSV, TSV or Parquet, got {got}: its cells are not checked"
        remedy = "; put the rows into a CSV file, or name the format"
        yield Finding("not-checked", pointer, message + remedy, "warning")


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


def dialect_findings(descriptor: Json, pointer: str) -> Iterator[Finding]:
    """What a dialect that keeps its profile asks for and no reader here does."""
    end = _merged(descriptor).get("lineTerminator", "\r\n")
    if end not in ("\r\n", "\n", "\r"):
        at = pointer if "lineTerminator" in descriptor else f"{pointer}/csv"
        message = f"expected lines that end with \\r\\n, \\n or \\r, got {shown(end)}"
        remedy = "no other lineTerminator is read: end the lines of the file with \\n"
        yield Finding("dialect-error", f"{at}/lineTerminator", f"{message}; {remedy}")


def _merged(descriptor: Json) -> Json:
    """A dialect with the properties of its member `csv`, as frictionless writes them."""
    inner = descriptor.get("csv")
    return {**descriptor, **(inner if isinstance(inner, dict) else {})}


def dialect(descriptor: Json, found: Form) -> Dialect:
    """The dialect of a descriptor that keeps its profile, its defaults those of the form."""
    merged = _merged(descriptor)
    values = {name: merged[key] for key, name in _PROPERTIES.items() if key in merged}
    if found.format in ("tsv", "tab"):
        values.setdefault("delimiter", "\t")
    return Dialect(**{name: _frozen(value) for name, value in values.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_PROPERTIES = {
    "header": "header",
    "headerRows": "header_rows",
    "headerJoin": "header_join",
    "commentRows": "comment_rows",
    "commentChar": "comment_char",
    "delimiter": "delimiter",
    "quoteChar": "quote_char",
    "doubleQuote": "double_quote",
    "escapeChar": "escape_char",
    "nullSequence": "null_sequence",
    "skipInitialSpace": "skip_initial_space",
}
