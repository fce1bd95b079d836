"""A project's registry: keyed actors and incidents, read and checked like articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from dateline.build.check.places import place
from dateline.build.check.structure import StructureCheck
from dateline.build.issues import Finding, InvalidInput, Issue, Place, shown
from dateline.build.read import Limits, Record, records
from dateline.schema import Codebook

Json = dict[str, Any]

ENTRIES = {"actors": "actor_entry", "incidents": "incident_entry"}


def read_registry(
    folder: Path | None, codebook: Codebook, limits: Limits
) -> tuple[dict[str, list[Json]], list[Issue]]:
    """The entries of `actors.jsonl` and `incidents.jsonl` by table, and all issues in them.

    Each entry has the `_file` and `_line` it stands in.

    Raises InvalidInput where the folder does not exist; either file may be missing.
    """
    issues: list[Issue] = []
    if folder is not None and not folder.is_dir():
        raise InvalidInput(f"{folder}: no such folder; the project names it as registry")
    entries = {
        table: list(_entries(folder / f"{table}.jsonl", definition, codebook, limits, issues))
        for table, definition in ENTRIES.items()
        if folder is not None
    }
    return entries, issues


def _entries(
    path: Path, definition: str, codebook: Codebook, limits: Limits, issues: list[Issue]
) -> Iterator[Json]:
    if not path.exists() or not path.stat().st_size:
        return
    schema = {**codebook.registry_schema, "$ref": f"#/$defs/{definition}"}
    check = StructureCheck(codebook, limits.nesting, schema)
    lines: dict[str, int] = {}
    for record in records(path, limits):
        if not isinstance(record, Record):
            issues.append(record)
            continue
        entry, found = check.parse(record)
        issues += found
        if entry is None:
            continue
        first = lines.setdefault(entry["key"], record.line)
        if first != record.line:
            message = (
                f"/key: expected each key once in the registry, got {shown(entry['key'])} again; "
                "merge the two"
            )
            (issue,) = place([Finding("registry-key-repeated", "/key", message)], record)
            places = (*issue.places, Place(record.file, first, 0, "/key"))
            issues.append(replace(issue, places=places))
        else:
            yield {**entry, "_file": record.file, "_line": record.line}
