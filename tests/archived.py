"""Releases with an archive and texts, as places for single files take them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from packages import V2
from releases import NAME, change_descriptor, release, summed

from dateline.build.sums import digest


def tiny(folder: Path) -> Path:
    """A valid package of one table in `folder`, which takes little time to validate and send."""
    table = pa.table({"id": [1, 2], "word": ["one", "two"]})
    (folder / "data").mkdir(parents=True)
    pyarrow.csv.write_csv(table, folder / "data" / "words.csv")
    pyarrow.parquet.write_table(table, folder / "data" / "words.parquet")
    fields = [{"name": "id", "type": "integer"}, {"name": "word", "type": "string"}]
    resources = [
        {"name": "words", "type": "table", "path": "data/words.csv"},
        {"name": "words-parquet", "path": "data/words.parquet", "format": "pq"},
    ]
    content = {
        "$schema": V2,
        "name": NAME,
        "title": "Dateline example dataset",
        "created": "2024-06-30T00:00:00Z",
        "keywords": ["news"],
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "The contributors"}],
        "resources": [{**each, "schema": {"fields": fields}} for each in resources],
    }
    (folder / "datapackage.json").write_text(json.dumps(content), "utf-8")
    return folder


def archived(
    package: Path,
    folder: Path,
    version: str = "0.1.0",
    extra: dict[str, str] | None = None,
    **about: Any,
) -> Path:
    """The folder of a release of a package, with its archive beside it.

    `extra` are further files, `about` members of its descriptor; what is null is left out.
    """
    target = release(package, folder, version)
    change_descriptor(target, lambda d: d.update(about))
    change_descriptor(target, lambda d: [d.pop(key) for key in about if d[key] is None])
    texts = {
        "README.md": f"# An example\n\nVersion {version}.\n",
        "CHANGELOG.md": f"# Changelog\n\n## {version}\n\nNews.\n",
        **(extra or {}),
    }
    for name, text in texts.items():
        (target / name).write_text(text, "utf-8")
    summed(target)
    archive = folder / f"{target.name}.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for each in sorted(target.rglob("*")):
            packed.write(each, each.relative_to(target))
    line = f"{digest(archive)}  {archive.name}\n"
    archive.with_name(f"{archive.name}.sha256").write_text(line, "utf-8")
    return target
