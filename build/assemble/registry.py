"""Registry entries as raw rows: keyed actors and incidents whose fields win over the articles'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dateline.build.assemble.columns import PLACE, Rows, declared, own_columns, raw_schema
from dateline.build.assemble.ids import make_id
from dateline.schema import Codebook

Json = dict[str, Any]


@dataclass(frozen=True)
class Registry:
    """The entries of a project's registry, each with the `_file` and `_line` it stands in."""

    actors: Sequence[Json] = ()
    incidents: Sequence[Json] = ()


def registry_tables(registry: Registry, codebook: Codebook) -> dict[str, pa.Table]:
    """The raw rows of the registry's actors and incidents."""
    return {
        "actors": _table("actors", "act", registry.actors, codebook),
        "incidents": _table("incidents", "inc", registry.incidents, codebook),
    }


def _table(name: str, prefix: str, entries: Sequence[Json], codebook: Codebook) -> pa.Table:
    table = codebook.tables[name]
    singular = name.removesuffix("s")
    place = [pa.field(name, PLACE[name]) for name in ("_file", "_line")]
    rows = Rows(pa.schema([*raw_schema(table), *place]))
    for entry in entries:
        parent = entry.get("parent")
        ids = {
            table.primary_key: make_id(prefix, "key", entry["key"]),
            f"{singular}_key": entry["key"],
            f"parent_{singular}_id": make_id(prefix, "key", parent) if parent else None,
            "_open": True,
        }
        own = declared(entry, own_columns(table))
        rows.add(entry, entry.get("location") or {}, ids, own)
    return rows.table()


def victim_sets(registry: Registry) -> tuple[pa.Table, pa.Table]:
    """What the registry says of victim sets: labels to their canonical one, and disjoint pairs.

    Columns of the first: incident_id, label, canonical (the smallest of all labels that are equal
    to it, by way of others too), each label once. Of the second: incident_id, first, second, both
    canonical, in either order.
    """
    links: list[tuple[str, str, str]] = []
    pairs: list[tuple[str, str, str]] = []
    for entry in registry.incidents:
        sets = entry.get("victim_sets") or {}
        incident = make_id("inc", "key", entry["key"])
        canonical = _canonical(sets.get("equal") or ())
        links += [(incident, label, name) for label, name in canonical.items()]
        for a, b in sets.get("disjoint") or ():
            first, second = canonical.get(a, a), canonical.get(b, b)
            pairs += [(incident, first, second), (incident, second, first)]
    return (
        _strings(links, ("incident_id", "label", "canonical")),
        _strings(pairs, ("incident_id", "first", "second")),
    )


def _canonical(equal: Iterable[Sequence[str]]) -> dict[str, str]:
    """Each label of the pairs to the smallest of those that the pairs connect it with."""
    groups: dict[str, set[str]] = {}
    for pair in equal:
        group = set(pair).union(*(groups.get(label, ()) for label in pair))
        groups |= dict.fromkeys(group, group)
    return {label: min(group) for label, group in groups.items()}


def _strings(rows: Sequence[tuple[str, ...]], names: Sequence[str]) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema)
