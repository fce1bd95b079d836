"""Written files to `datapackage.json`: the project's metadata, a resource a file, its digests."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dateline.build.issues import Issue, Place, shown
from dateline.build.write import (
    RULE_PREFIX,
    SETUP,
    VOCABULARY_PREFIX,
    Written,
    published_schema,
)
from dateline.schema import Codebook, Vocabulary, load_rules
from dateline.schema.profiles import DATA_PACKAGE, violations
from dateline.schema.tables import Json

DESCRIPTOR = "datapackage.json"
PARQUET_SUFFIX = "-parquet"

# The standard's own properties in the order in which its text gives them, then any other.
_FIRST = (
    "name",
    "id",
    "title",
    "description",
    "version",
    "created",
    "homepage",
    "image",
    "keywords",
    "licenses",
    "contributors",
    "sources",
)
# `dateline` holds a project's settings; the others are this module's to say.
_LEFT_OUT = frozenset({"$schema", "dateline", "resources"})
_DIALECT = {
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
}
_CSV = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
# frictionless takes a file of format `parquet` for a table and misreads its lists, its nullable
# integers, its size and its hash; as `pq` and without a type it is a plain file to it.
_SQL = {"format": "sql", "mediatype": "application/sql", "encoding": "utf-8"}
_PARQUET = {"format": "pq", "mediatype": "application/vnd.apache.parquet"}
# Where columns of a vocabulary are from that are facts of others.
_SOURCES = {
    "country": [
        {
            "title": "Bounds of countries: Natural Earth, 1:10m countries, in the public domain",
            "path": "https://www.naturalearthdata.com/",
        }
    ]
}


def descriptor(
    written: Iterable[Written], codebook: Codebook, metadata: Mapping[str, Any], created: str
) -> Json:
    """The descriptor of a package (Data Package 2.0) of these files, in their order.

    `metadata` is the project's own, its settings left out, with the `dateline:` properties of
    the package; `created` (RFC 3339) takes the place of the project's.
    """
    given = {**metadata, "created": created}
    given = {key: value for key, value in given.items() if key not in _LEFT_OUT}
    own = [key for key in given if key.startswith("dateline:")]
    others = [key for key in given if key not in _FIRST and key not in own]
    order = [*(key for key in _FIRST if key in given), *others, *own]
    return {
        "$schema": DATA_PACKAGE,
        **{key: given[key] for key in order},
        "resources": [resource(file, codebook) for file in written],
    }


def write_descriptor(content: Json, folder: Path) -> list[Issue]:
    """Write `datapackage.json`, or give the issues because of which it is not written.

    What can be wrong is the project's own metadata: the places are those of its file.
    """
    issues = [
        Issue(
            "descriptor-invalid",
            f"{v.pointer or '/'}: expected {v.expected}, got {shown(v.value)}",
            (Place(DESCRIPTOR, pointer=v.pointer),),
        )
        for v in violations(content)
    ]
    if not issues:
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (folder / DESCRIPTOR).write_bytes(text.encode())
    return issues


def resource(file: Written, codebook: Codebook) -> Json:
    """What a descriptor says of a file, which holds a table, a vocabulary or a rule."""
    if file.kind == "vocabulary":
        return _vocabulary_resource(file, codebook.vocabularies[file.table])
    if file.kind == "rule":
        return _rule_resource(file)
    table = codebook.tables[file.table]
    schema = published_schema(table)
    if file.kind == "csv":
        name, title = table.name, table.title
        form = {"type": "table", **_about(file, _CSV), "dialect": _DIALECT}
    else:
        name, title = table.name + PARQUET_SUFFIX, f"{table.title} (the same table as Parquet)"
        form = _about(file, _PARQUET)
    words = {"name": name, "title": title, "description": table.description}
    rows = {"dateline:rows": file.rows, "dateline:content": file.content}
    # A copy: what is done to one resource must not show in its twin.
    return copy.deepcopy({**words, **form, **rows, "schema": schema})


def _vocabulary_resource(file: Written, vocabulary: Vocabulary) -> Json:
    fields = [{"name": name, "type": "string"} for name in vocabulary.columns]
    sources = _SOURCES.get(vocabulary.name)
    return {
        "name": VOCABULARY_PREFIX + vocabulary.name,
        "title": f"Vocabulary {vocabulary.name}",
        "description": "The values that columns of the tables may hold, with their definitions.",
        "type": "table",
        **_about(file, _CSV),
        "dialect": _DIALECT,
        **({"sources": sources} if sources else {}),
        "schema": {"fields": fields, "primaryKey": ["value"]},
    }


def _rule_resource(file: Written) -> Json:
    if file.table == SETUP:
        title = "Setup of the rules"
        description = "Run first, by DuckDB in the package's folder: the views that the rules ask."
    else:
        rule = load_rules()[file.table]
        title, description = f"Rule {rule['id']}", f"{rule['title']} {rule['why']}"
    return {
        "name": RULE_PREFIX + file.table,
        "title": title,
        "description": description,
        **_about(file, _SQL),
    }


def _about(file: Written, form: Mapping[str, str]) -> Json:
    return {
        "path": file.path,
        **form,
        "bytes": file.bytes,
        "hash": "sha256:" + file.sha256,
    }
