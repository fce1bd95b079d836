"""The card of a dataset on the Hugging Face Hub: its README with what the Hub reads of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow.parquet as pq
from huggingface_hub import DatasetCardData

from dateline.build.issues import InvalidInput
from dateline.build.targets.target import Release

README = "README.md"

# The Hub's names of licences for data; any other is `other`, with its name and address.
_LICENCES = frozenset(
    "cc0-1.0 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 "
    "cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 apache-2.0 mit".split()
)
_RENAMED = {"odbl-1.0": "odbl", "odc-by-1.0": "odc-by", "pddl-1.0": "pddl"}


def card(release: Release) -> bytes:
    """The README below a block of YAML: licence, tags, and a configuration for each Parquet file.

    InvalidInput where a file has other columns than the descriptor says.
    """
    descriptor = release.descriptor
    tables = [each for each in _objects(descriptor, "resources") if _is_parquet(each)]
    for table in tables:
        _check(release, table)
    configs = [
        {
            "config_name": str(table["path"]).rpartition("/")[2].removesuffix(".parquet"),
            "data_files": str(table["path"]),
        }
        for table in tables
    ]
    title = str(descriptor.get("title") or release.name)
    about: dict[str, Any] = {
        **_licence(_objects(descriptor, "licenses")),
        "pretty_name": title,
        "tags": [str(word) for word in _list(descriptor, "keywords")] or None,
        "configs": configs,
    }
    readme = release.folder / README
    text = readme.read_text("utf-8") if readme.is_file() else f"# {title}\n"
    return f"---\n{DatasetCardData(**about).to_yaml()}\n---\n\n{text}".encode()


def _list(values: Mapping[str, Any], key: str) -> list[Any]:
    found = values.get(key)
    return found if isinstance(found, list) else []


def _objects(values: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [each for each in _list(values, key) if isinstance(each, dict)]


def _is_parquet(resource: Mapping[str, Any]) -> bool:
    return str(resource.get("path")).endswith(".parquet")


def _check(release: Release, table: Mapping[str, Any]) -> None:
    """Compares the columns: the Hub's viewer takes those of the file, people read the others."""
    path = str(table["path"])
    there = pq.read_schema(release.folder / path).names
    schema = table.get("schema")
    fields = _objects(schema, "fields") if isinstance(schema, dict) else []
    said = [str(each.get("name")) for each in fields]
    if said and said != there:
        raise InvalidInput(
            f"{path}: expected the columns {', '.join(said)} of datapackage.json, got "
            f"{', '.join(there)}; release the data again"
        )


def _licence(licences: list[Mapping[str, Any]]) -> dict[str, str]:
    if not licences:
        return {}
    name = str(licences[0].get("name") or "")
    known = _RENAMED.get(name.lower(), name.lower())
    if known in _LICENCES or known in _RENAMED.values():
        return {"license": known}
    called = {"license": "other", "license_name": known or str(licences[0].get("title") or "other")}
    path = licences[0].get("path")
    return {**called, **({"license_link": str(path)} if path else {})}
