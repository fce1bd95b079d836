"""What the data are: tables, vocabularies and the input's schema, each fact defined once.

`load_codebook` gives them all, a project's own columns and values included. Arrow types, JSON
Schema, SQL, docs and the package's descriptor are derived from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from dateline.schema.article import resolved
from dateline.schema.tables import Field, ForeignKey, Json, Table, read_table
from dateline.schema.vocabulary import (
    UNCLASSIFIED,
    CodebookError,
    Vocabulary,
    merged,
    read_vocabularies,
)

__all__ = [
    "FOLDER",
    "TABLES",
    "UNCLASSIFIED",
    "Codebook",
    "CodebookError",
    "Field",
    "ForeignKey",
    "Table",
    "Vocabulary",
    "load_codebook",
    "load_queries",
    "load_rules",
    "read_json",
]

FOLDER = Path(__file__).parent
TABLES = (
    "articles",
    "incidents",
    "actors",
    "statements",
    "participants",
    "casualties",
    "evidence",
)


@dataclass(frozen=True, eq=False)
class Codebook:
    """All definitions that a build works with: tables and vocabularies by name."""

    tables: Mapping[str, Table]
    vocabularies: Mapping[str, Vocabulary]

    @cached_property
    def article_schema(self) -> Json:
        """The JSON Schema (draft 2020-12) of one annotated article."""
        return resolved(read_json("article.schema.json"), dict(self.tables))

    @cached_property
    def registry_schema(self) -> Json:
        """The JSON Schema whose definitions are the entries of a project's registry."""
        return resolved(read_json("registry.schema.json"), dict(self.tables))


def read_json(name: str) -> Json:
    """One of the JSON files of this folder."""
    content: Json = json.loads((FOLDER / name).read_text("utf-8"))
    return content


@lru_cache(maxsize=1)
def load_rules() -> dict[str, Json]:
    """The rules by id, sorted: severity, title, why, remedy, a bad and a good example."""
    files = (FOLDER / "rules").glob("*.json")
    rules: list[Json] = [rule for file in files for rule in json.loads(file.read_text("utf-8"))]
    return {rule["id"]: rule for rule in sorted(rules, key=lambda rule: rule["id"])}


@lru_cache(maxsize=1)
def load_queries() -> dict[str, str]:
    """The rules over published tables by id, sorted: a SQL query that gives the rows at fault.

    It gives `id` (a primary key), `field` (the column at fault, or null) and `message`; where two
    rows disagree, the primary key of the other as `other` too.
    """
    files = sorted((FOLDER / "rules").glob("*.sql"))
    return {file.stem: file.read_text("utf-8") for file in files if not file.stem.startswith("_")}


def load_codebook(project: Path | None = None, folder: Path = FOLDER) -> Codebook:
    """The built-in definitions of `folder` with those of a project's codebook folder.

    The same object as long as no file of the project's folder changes. Raises CodebookError where
    the project's contradict themselves or the built-in ones.
    """
    return _codebook(project, folder, _stamps(project) if project is not None else ())


def _stamps(folder: Path) -> tuple[tuple[object, ...], ...]:
    """What changes when somebody writes to a file of a folder: workers outlive a build."""
    found = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple((path, s.st_ino, s.st_size, s.st_mtime_ns) for path, s in found)


@lru_cache(maxsize=8)
def _codebook(
    project: Path | None, folder: Path, stamps: tuple[tuple[object, ...], ...]
) -> Codebook:
    if project and not project.is_dir():
        raise CodebookError("", "expected a folder, since the project names it; got none")
    builtin = read_vocabularies(folder / "vocab")
    own = read_vocabularies(project / "vocab") if project else {}
    vocabularies = merged(builtin, own.values())
    columns = {name: _own_columns(project, name, vocabularies) for name in TABLES}
    tables = {
        name: read_table(folder / f"{name}.json", vocabularies, columns[name]) for name in TABLES
    }
    for name, table in tables.items():
        if len(set(table.names)) < len(table.names):
            message = "expected columns that the table does not have, got one that it has"
            raise CodebookError(f"{name}.json", message)
    return Codebook(tables, vocabularies)


def _own_columns(
    project: Path | None, table: str, vocabularies: Mapping[str, Vocabulary]
) -> list[Json]:
    path = project / f"{table}.json" if project else None
    if path is None or not path.exists():
        return []
    # Here: it takes a while to import, and few projects have columns of their own.
    import jsonschema_rs

    try:
        content = json.loads(path.read_text("utf-8"))
        jsonschema_rs.validate(read_json("codebook.schema.json"), content)
    except (ValueError, jsonschema_rs.ValidationError) as error:
        message = error.message if isinstance(error, jsonschema_rs.ValidationError) else error
        raise CodebookError(
            path.name, f"expected columns as a Table Schema, got {message}"
        ) from None
    fields: list[Json] = content["fields"]
    for field in fields:
        name = field.get("dateline:vocabulary")
        if name is not None and name not in vocabularies:
            message = f"{field['name']}: expected the name of a vocabulary, got {name}"
            raise CodebookError(path.name, message)
    return fields
