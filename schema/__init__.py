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
    vocabulary_of,
)

__all__ = [
    "FOLDER",
    "LEDGER",
    "TABLES",
    "UNCLASSIFIED",
    "Codebook",
    "CodebookError",
    "Definitions",
    "Field",
    "ForeignKey",
    "Table",
    "Vocabulary",
    "codebook_of",
    "definitions",
    "load_codebook",
    "load_compatibility",
    "load_queries",
    "load_rules",
    "read_json",
]

FOLDER = Path(__file__).parent
# The files of a project's codebook by name, with their bytes: they go where its folder is not.
Definitions = tuple[tuple[str, bytes], ...]
_VOCABULARIES = "vocab"
TABLES = (
    "articles",
    "incidents",
    "actors",
    "statements",
    "participants",
    "casualties",
    "evidence",
)
# The table of a release that no article fills: what has become of every row since the first one.
LEDGER = "changes"


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

    @cached_property
    def ledger(self) -> Table:
        """The table `changes`, which releases have beside the others."""
        return read_table(FOLDER / f"{LEDGER}.json", self.vocabularies)


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
def load_compatibility() -> dict[str, Json]:
    """The rules of compatibility by id: what a change of a package asks of its version.

    `exact` and `by-name` are `patch`, `minor`, `major` or `refused`; `unless`, where there is one,
    says when they are others, and which. Beside them stand title, why, remedy and two examples.
    """
    rules: list[Json] = json.loads((FOLDER / "compatibility.json").read_text("utf-8"))
    return {rule["id"]: rule for rule in rules}


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
    return codebook_of(definitions(project), folder)


def definitions(project: Path | None) -> Definitions:
    """The files of a project's codebook folder that define something, sorted by kind and name.

    None for a project without one (null). Raises CodebookError where there is no such folder.
    """
    if project is None:
        return ()
    if not project.is_dir():
        raise CodebookError("", "expected a folder, since the project names it; got none")
    columns = [path for path in (project / f"{name}.json" for name in TABLES) if path.exists()]
    found = [*columns, *sorted((project / _VOCABULARIES).glob("*.csv"))]
    return tuple((path.relative_to(project).as_posix(), path.read_bytes()) for path in found)


@lru_cache(maxsize=8)
def codebook_of(own: Definitions, folder: Path = FOLDER) -> Codebook:
    """What `load_codebook` gives for a folder with these files."""
    builtin = read_vocabularies(folder / _VOCABULARIES)
    files = [(Path(name), data) for name, data in own]
    extensions = [vocabulary_of(p.stem, data) for p, data in files if p.suffix == ".csv"]
    vocabularies = merged(builtin, extensions)
    columns = {p.stem: _columns(p.name, d, vocabularies) for p, d in files if p.suffix == ".json"}
    tables = {
        name: read_table(folder / f"{name}.json", vocabularies, columns.get(name, []))
        for name in TABLES
    }
    for name, table in tables.items():
        if len(set(table.names)) < len(table.names):
            message = "expected columns that the table does not have, got one that it has"
            raise CodebookError(f"{name}.json", message)
    return Codebook(tables, vocabularies)


def _columns(file: str, data: bytes, vocabularies: Mapping[str, Vocabulary]) -> list[Json]:
    """The columns that a file of a project's codebook adds to a table."""
    # Here: it takes a while to import, and few projects have columns of their own.
    import jsonschema_rs

    try:
        content = json.loads(data.decode("utf-8"))
        jsonschema_rs.validate(read_json("codebook.schema.json"), content)
    except (ValueError, jsonschema_rs.ValidationError) as error:
        message = error.message if isinstance(error, jsonschema_rs.ValidationError) else error
        raise CodebookError(file, f"expected columns as a Table Schema, got {message}") from None
    fields: list[Json] = content["fields"]
    for field in fields:
        name = field.get("dateline:vocabulary")
        if name is not None and name not in vocabularies:
            message = f"{field['name']}: expected the name of a vocabulary, got {name}"
            raise CodebookError(file, message)
    return fields
