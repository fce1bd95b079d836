"""What a descriptor says of its resources, as values: the plan of all checks.

Properties that a descriptor leaves out stand here with the standard's defaults. Pointers are JSON
pointers into the descriptor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Json = dict[str, Any]

Kind = Literal["csv", "parquet", "file"]
Match = Literal["exact", "equal", "subset", "superset", "partial"]


@dataclass(frozen=True)
class Dialect:
    """How a delimited text file is written (Table Dialect); row numbers count from 1."""

    header: bool = True
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    comment_rows: tuple[int, ...] = ()
    comment_char: str | None = None
    delimiter: str = ","
    quote_char: str | None = '"'
    double_quote: bool = True
    escape_char: str | None = None
    null_sequence: str | None = None
    skip_initial_space: bool = False


@dataclass(frozen=True)
class Field:
    """One field of a Table Schema; `type` is `any` and `format` is `default` where not given.

    `missing_values` are the strings that stand for null, the schema's where the field has none;
    `major` is the version of the standard that says how values are written.
    """

    name: str
    type: str
    format: str
    missing_values: frozenset[str]
    descriptor: Json
    pointer: str
    major: int = 2

    @property
    def constraints(self) -> Json:
        """The field's constraints, empty where there are none."""
        found: Json = self.descriptor.get("constraints") or {}
        return found

    @property
    def required(self) -> bool:
        """Whether the field may not be null."""
        return bool(self.constraints.get("required"))


@dataclass(frozen=True)
class ForeignKey:
    """Fields whose values stand in `reference` of a resource, which is "" for its own."""

    fields: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]
    pointer: str


@dataclass(frozen=True)
class Schema:
    """The Table Schema of a resource."""

    fields: tuple[Field, ...]
    fields_match: Match
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    pointer: str


@dataclass(frozen=True)
class File:
    """One file of a resource: its path as the descriptor says it, and where it lies on disk."""

    path: str
    local: Path


@dataclass(frozen=True)
class Resource:
    """One resource; `schema` is null where it has none, `kind` is `file` where it is no table.

    `files` is empty where the data stand in the descriptor or a file was refused, which is an issue
    already. `compression` is "" or one of gz, zip, bz2, xz, zst. `hash` is algorithm and
    hexadecimal digest, null where there is none that is checked.
    """

    name: str
    pointer: str
    kind: Kind
    files: tuple[File, ...]
    dialect: Dialect = Dialect()
    encoding: str = "utf-8"
    compression: str = ""
    schema: Schema | None = None
    bytes: int | None = None
    hash: tuple[str, str] | None = None


@dataclass(frozen=True)
class Package:
    """A data package: its folder on disk, the name of its descriptor in it, its resources.

    `major` is the version of the standard that it follows, 1 or 2.
    """

    folder: Path
    file: str
    major: int
    descriptor: Json
    resources: tuple[Resource, ...] = field(default=())

    @property
    def by_name(self) -> dict[str, Resource]:
        """Resources by name."""
        return {resource.name: resource for resource in self.resources}
