"""Published tables to a package in place: written aside, described, verified, then renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.engine import How, Progress, Run, opened, rule_variables
from dateline.build.evidence import buckets, write_evidence
from dateline.build.issues import Issue, Report
from dateline.build.package import descriptor, write_descriptor
from dateline.build.parts import BUCKETED
from dateline.build.project import Project, Settings
from dateline.build.staging import scratch, staged
from dateline.build.verify import Checks, verify
from dateline.build.write import Written, write_rules, write_tables, write_vocabularies
from dateline.schema import TABLES, Codebook

Settle = Callable[[Report], tuple[Report, Mapping[str, Any]]]


class Rejected(Exception):
    """The package is not valid; `report` says why. The output stays as it was."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{len(report.errors)} errors")
        self.report = report


def produce(
    project: Project, how: How, out: Path, *, settle: Settle, force: bool, progress: Progress
) -> tuple[Report, list[Written]]:
    """The report of a build and the files of the package that is then at `out`.

    `settle` gives, of what the articles and tables have shown, the report to go by and the
    project's metadata to publish. Raises Rejected where there are errors, in the articles or in the
    files written, and CodebookError.
    """
    with (
        staged(out, force=force) as folder,
        scratch(out) as aside,
        opened(project, how, aside) as run,
        ThreadPoolExecutor(1) as beside,
    ):
        if run.read(progress).errors:
            raise Rejected(settle(run.report)[0])
        facts = _facts(run.codebook, project)
        about = key_values({**project.metadata, **facts})
        evidence = _evidence(run, folder, about)
        if not run.merge(progress):
            raise Rejected(settle(run.report)[0])
        # Written while the rules are asked: that they are broken is the exception.
        tables = None
        if not run.report.errors:
            tables = beside.submit(_tables, run, folder, about, evidence)
        run.ask(progress)
        report, metadata = settle(run.report)
        if report.errors or tables is None:
            raise Rejected(report)
        progress("write", 0, 2)
        written = _written(run, folder, tables.result())
        moment = created_at(metadata, _newest(folder))
        content = descriptor(written, run.codebook, {**metadata, **facts}, moment)
        if issues := write_descriptor(content, folder):
            raise Rejected(_with(report, issues))
        progress("write", 1, 2)
        run.close()
        if errors := verify(folder, Checks(rules=False, over=run.workers.near)).errors:
            raise Rejected(_with(report, errors))
        progress("write", 2, 2)
    return report, written


def _evidence(run: Run, folder: Path, key_values: Mapping[str, str]) -> Future[list[Written]]:
    """The files of the evidence, which are written while the other tables are merged."""
    found = buckets(run.parts, run.folder, run.settings.codebook)
    return run.workers.beside(write_evidence, found, folder, key_values, run.workers.mapper)


def _tables(
    run: Run, folder: Path, key_values: Mapping[str, str], evidence: Future[list[Written]]
) -> list[Written]:
    """The files of all tables in TABLES order.

    The others are written once the evidence is: both at once take more memory.
    """
    written = evidence.result()
    run.release()
    tables = {name: run.rows(name) for name in TABLES if name != BUCKETED}
    written += write_tables(tables, run.codebook, folder, key_values)
    return sorted(written, key=lambda file: TABLES.index(file.table))


def _written(run: Run, folder: Path, tables: list[Written]) -> list[Written]:
    """All files but the descriptor: those of the tables, then vocabularies, then rules."""
    written = [*tables, *write_vocabularies(run.codebook, folder)]
    return written + write_rules(run.codebook, rule_variables(run.project), folder)


def _with(report: Report, issues: Iterable[Issue]) -> Report:
    return replace(Report.of([*report.issues, *issues], report.counts), waived=report.waived)


def _newest(folder: Path) -> datetime | None:
    """When the newest article was published, null where it is not known of any."""
    rows = pq.read_table(folder / "data" / "articles.parquet", columns=["published_at"])
    newest: datetime | None = pc.max(rows["published_at"]).as_py()
    return newest


def created_at(metadata: Mapping[str, Any], newest: datetime | None) -> str:
    """When the dataset was created, RFC 3339 in UTC: never the clock's time.

    Where the metadata do not say it, that is when its newest article was published.
    """
    if metadata.get("created"):
        return str(metadata["created"])
    moment = newest or datetime(1970, 1, 1, tzinfo=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _facts(codebook: Codebook, project: Project) -> dict[str, Any]:
    """What a package says of how it was made, beside the project's own metadata."""
    return {
        "dateline:version": version("dateline"),
        "dateline:schema": f"sha256:{definitions_digest(codebook)}",
        "dateline:profile": project.settings.profile,
        "dateline:estimate_rule": project.settings.estimate_rule,
        **({"dateline:allow_model_rows": True} if project.settings.allow_model_rows else {}),
        **_promise(project.settings.compat),
    }


def _promise(compat: str) -> dict[str, str]:
    """What readers may rely on, where that is not the usual."""
    return {} if compat == Settings().compat else {"dateline:compat": compat}


def definitions_digest(codebook: Codebook) -> str:
    """The SHA-256 of all table definitions and vocabularies, which decide what values mean."""
    schemas = {name: table.descriptor for name, table in codebook.tables.items()}
    parts = [orjson.dumps(schemas, option=orjson.OPT_SORT_KEYS)]
    parts += [vocabulary.csv for _, vocabulary in sorted(codebook.vocabularies.items())]
    return sha256(b"\0".join(parts)).hexdigest()


def key_values(metadata: Mapping[str, Any]) -> dict[str, str]:
    """What a Parquet file says of its dataset: few and short values of the package's metadata."""
    licences = [entry.get("name") or entry.get("path") for entry in metadata.get("licenses") or ()]
    values = {
        "dataset.name": metadata["name"],
        "dataset.version": metadata["version"],
        "dataset.id": metadata.get("id"),
        "license": ", ".join(filter(None, licences)) or None,
        "schema.sha256": metadata["dateline:schema"].removeprefix("sha256:"),
    }
    return {key: value for key, value in values.items() if value is not None}
