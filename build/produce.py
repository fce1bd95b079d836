"""Published tables to a package in place: written aside, described, verified, then renamed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.engine import Corpus, Progress, rule_variables
from dateline.build.issues import Issue, Report
from dateline.build.package import descriptor, write_descriptor
from dateline.build.project import Project
from dateline.build.staging import staged
from dateline.build.verify import Checks, verify
from dateline.build.write import Written, write_rules, write_tables, write_vocabularies
from dateline.schema import Codebook


class Rejected(Exception):
    """What was written is not valid; `issues` say why. The output stays as it was."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__(f"{len(issues)} issues")
        self.issues = issues


def produce(
    corpus: Corpus,
    project: Project,
    out: Path,
    *,
    created: datetime | None,
    force: bool,
    progress: Progress,
) -> list[Written]:
    """The files of the package now at `out`.

    `created` is the time given from outside; without one it is the project's own, else when the
    newest article was published. Raises Rejected where the written files do not verify.
    """
    metadata = {**project.metadata, **_facts(corpus, project)}
    with staged(out, force=force) as folder:
        progress("write", 0, 2)
        written = write_tables(corpus.tables, corpus.codebook, folder, _key_values(metadata))
        written += write_vocabularies(corpus.codebook, folder)
        written += write_rules(corpus.codebook, rule_variables(project), folder)
        moment = created_at(created, project.metadata, corpus.tables["articles"])
        content = descriptor(written, corpus.codebook, metadata, moment)
        issues = write_descriptor(content, folder)
        if issues:
            raise Rejected(tuple(issues))
        progress("write", 1, 2)
        report: Report = verify(folder, Checks(rules=False))
        if report.errors:
            raise Rejected(report.errors)
        progress("write", 2, 2)
    return written


def created_at(given: datetime | None, metadata: Mapping[str, Any], articles: pa.Table) -> str:
    """When the dataset was created, RFC 3339 in UTC: never the clock's time."""
    if given is None and metadata.get("created"):
        return str(metadata["created"])
    newest = pc.max(articles["published_at"]).as_py()
    moment = given or newest or datetime(1970, 1, 1, tzinfo=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _facts(corpus: Corpus, project: Project) -> dict[str, Any]:
    """What a package says of how it was made, beside the project's own metadata."""
    return {
        "dateline:version": version("dateline"),
        "dateline:schema": f"sha256:{definitions_digest(corpus.codebook)}",
        "dateline:profile": project.settings.profile,
        "dateline:estimate_rule": project.settings.estimate_rule,
        **({"dateline:allow_model_rows": True} if project.settings.allow_model_rows else {}),
    }


def definitions_digest(codebook: Codebook) -> str:
    """The SHA-256 of all table definitions and vocabularies, which decide what values mean."""
    schemas = {name: table.descriptor for name, table in codebook.tables.items()}
    parts = [orjson.dumps(schemas, option=orjson.OPT_SORT_KEYS)]
    parts += [vocabulary.csv for _, vocabulary in sorted(codebook.vocabularies.items())]
    return sha256(b"\0".join(parts)).hexdigest()


def _key_values(metadata: Mapping[str, Any]) -> dict[str, str]:
    """What a Parquet file says of its dataset: few and short values."""
    licences = [entry.get("name") or entry.get("path") for entry in metadata.get("licenses") or ()]
    values = {
        "dataset.name": metadata["name"],
        "dataset.version": metadata["version"],
        "dataset.id": metadata.get("id"),
        "license": ", ".join(filter(None, licences)) or None,
        "schema.sha256": metadata["dateline:schema"].removeprefix("sha256:"),
    }
    return {key: value for key, value in values.items() if value is not None}
