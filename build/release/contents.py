"""What a release has beside a build: the ledger, texts for people, digests, a signature."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from dateline.build.package import DESCRIPTOR, PARQUET_SUFFIX, resource, write_descriptor
from dateline.build.produce import key_values
from dateline.build.release.changelog import FILE as CHANGELOG
from dateline.build.release.changelog import changelog
from dateline.build.release.citation import FILE as CITATION
from dateline.build.release.citation import citation_file
from dateline.build.release.readme import FILE as README
from dateline.build.release.readme import readme
from dateline.build.signing import kind_of, sign
from dateline.build.sums import SUMS, sums
from dateline.build.write import SETUP, write_setup, write_table
from dateline.schema import LEDGER, TABLES, Codebook

Json = dict[str, Any]


def described(folder: Path) -> Json:
    """The descriptor of a package in a folder."""
    content: Json = json.loads((folder / DESCRIPTOR).read_bytes())
    return content


def announce_ledger(folder: Path, codebook: Codebook, variables: Mapping[str, str | None]) -> None:
    """Makes the rules of a built package ask the table `changes`, which it has not got yet."""
    (folder / "rules" / f"{SETUP}.sql").unlink()
    written = write_setup(codebook, variables, folder, (LEDGER,))
    new = resource(written, codebook)
    content = described(folder)
    content["resources"] = [
        new if each["name"] == new["name"] else each for each in content["resources"]
    ]
    write_descriptor(content, folder)


def add_ledger(folder: Path, rows: Iterable[pa.Table], codebook: Codebook) -> None:
    """Adds the table `changes` to a package: its files, and its resources after other tables'."""
    content = described(folder)
    written = write_table(rows, codebook.ledger, folder, key_values(content))
    every = Codebook({**codebook.tables, LEDGER: codebook.ledger}, codebook.vocabularies)
    resources = content["resources"]
    after = [each["name"] for each in resources].index(TABLES[-1] + PARQUET_SUFFIX) + 1
    resources[after:after] = [resource(file, every) for file in written]
    write_descriptor(content, folder)


def seal(
    folder: Path, codebook: Codebook, entry: str, previous: Path | None, key: Path | None, day: str
) -> None:
    """Writes the texts of a release, its sums and, with a `key`, their signature.

    `entry` is that of the changelog, which goes on from the one in the folder `previous`, null
    where there is none.
    """
    content = described(folder)
    rows = {
        each["name"]: each["dateline:rows"]
        for each in content["resources"]
        if "dateline:rows" in each
    }
    tables = [*codebook.tables.values(), codebook.ledger]
    kind = kind_of(key) if key is not None else None
    before = previous / CHANGELOG if previous is not None else None
    texts = {
        README: readme(content, day, rows, tables, kind).encode(),
        CHANGELOG: changelog(entry, before.read_bytes() if before and before.is_file() else b""),
        CITATION: (citation_file(content, day) or "").encode(),
    }
    for name, text in texts.items():
        if text:
            (folder / name).write_bytes(text)
    (folder / SUMS).write_bytes(sums(folder).encode())
    if key is not None:
        sign(folder, key, f"{content['name']} {content['version']}")
