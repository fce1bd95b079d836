"""What the commands `build` and `validate` do, from paths to an outcome to print."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateline.build.engine import How, Progress, codebook_issue
from dateline.build.issues import EnvironmentFailure, Issue, Place, Report, UsageError
from dateline.build.produce import Rejected, Settle, produce
from dateline.build.project import FILE, Project, is_broken, is_project, load_project, stand_in
from dateline.build.validate import Asked, project_folder, unjudged
from dateline.build.validate import validate as judged
from dateline.build.waivers import PROPERTY, applied, waived
from dateline.build.write import Written
from dateline.schema import TABLES, CodebookError, load_rules


@dataclass(frozen=True)
class Outcome:
    """What a run found and made: its report, the text of the result, more JSON values.

    `code` is what the process returns where the report has no errors.
    """

    report: Report
    text: str = ""
    made: dict[str, Any] = field(default_factory=dict)
    code: int = 0


def build(
    paths: Sequence[str],
    out: Path | None,
    how: How,
    *,
    profile: str | None,
    force: bool,
    progress: Progress,
) -> Outcome:
    """Builds the package of a project or of articles; an invalid input leaves `out` as it was."""
    project, issues = project_of(paths)
    if project is None:
        return Outcome(Report.of(issues), "nothing was written")
    if profile is not None:
        project = replace(project, settings=replace(project.settings, profile=profile))
    target = out if out is not None else project.root / "dist" / project.release
    settle = settling(project, issues)
    try:
        report, written = produce(
            project, how, target, settle=settle, force=force, progress=progress
        )
    except Rejected as rejected:
        return Outcome(rejected.report, f"nothing was written; {target} is as it was")
    except CodebookError as error:
        report, _ = settle(Report.of([codebook_issue(project, error)]))
        return Outcome(report, f"nothing was written; {target} is as it was")
    return Outcome(report, _told(report, target), _made(written, target))


def settling(project: Project, issues: Sequence[Issue]) -> Settle:
    """What `produce` settles with: the waivers of the project and the `issues` of its file."""

    def settle(found: Report) -> tuple[Report, Mapping[str, Any]]:
        report = Report.of([*found.issues, *issues], found.counts)
        report = waived(report, project.settings.waivers, load_rules())
        return report, _metadata(project, report)

    return settle


def _metadata(project: Project, report: Report) -> dict[str, Any]:
    """The project's metadata, which say which waivers its build applied, and say so alone."""
    metadata = {key: value for key, value in project.metadata.items() if key != PROPERTY}
    if entries := applied(report, project.settings.waivers, load_rules()):
        metadata[PROPERTY] = entries
    return metadata


def project_of(paths: Sequence[str]) -> tuple[Project | None, list[Issue]]:
    """The project that paths mean, null where its settings are wrong; issues found on the way.

    It was created when the environment says, where it does.
    """
    project, issues = _named_by(paths)
    moment = _epoch()
    if project is not None and moment is not None:
        created = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        project = replace(project, metadata={**project.metadata, "created": created})
    return project, issues


def _named_by(paths: Sequence[str]) -> tuple[Project | None, list[Issue]]:
    if not paths and not (is_project(Path()) or is_broken(Path())):
        raise UsageError(
            f"expected a project here ({FILE} with the key dateline), got none; name the project "
            "or the articles, or start a project with `dateline init`"
        )
    folders = [project_folder(path) or _broken_folder(path) for path in paths or ["."]]
    if folders[0] is not None and len(folders) == 1:
        return load_project(folders[0])
    if any(folders):
        raise UsageError("expected one project, or articles; got a project among other paths")
    message = (
        "expected a project with title and licence, got articles alone: the package is called "
        "dataset-0.1.0; `dateline init` starts a project"
    )
    return stand_in(tuple(paths)), [
        Issue("project-missing", message, (Place(paths[0]),), "warning")
    ]


def _broken_folder(path: str) -> Path | None:
    return _folder(path) if is_broken(_folder(path)) else None


def _folder(path: str) -> Path:
    """The folder that a path means, which may name the descriptor in it."""
    return Path(path).parent if Path(path).name == FILE else Path(path)


def _epoch() -> datetime | None:
    """The time that the environment gives for reproducible builds, if it does."""
    text = os.environ.get("SOURCE_DATE_EPOCH")
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise EnvironmentFailure(
            f"SOURCE_DATE_EPOCH: expected a number of seconds, got {text}"
        ) from None


def _told(report: Report, target: Path) -> str:
    rows = " · ".join(_counted(report.counts[name], name) for name in TABLES)
    return (
        f"{rows}\n"
        f"built {target}\n"
        f"next: look at {target / 'data' / 'incidents.csv'}, load {target / 'data'}/*.parquet, "
        f"check it with `dateline validate {target}`"
    )


def _counted(rows: int, table: str) -> str:
    names = {"evidence": "evidence rows", "casualties": "casualty claims"}
    noun = names.get(table, table)
    return f"{rows:,} {noun.removesuffix('s') if rows == 1 else noun}"


def _made(written: Sequence[Written], target: Path) -> dict[str, Any]:
    tables = {
        file.table: {"rows": file.rows, "content": file.content}
        for file in written
        if file.kind == "csv"
    }
    return {"package": str(target), "tables": tables}


def validate(paths: Sequence[str], asked: Asked, progress: Progress) -> Outcome:
    """Checks each project and each package, and all other paths together as articles."""
    report = judged(paths, asked, progress)
    if report.errors:
        return Outcome(report)
    notes = [
        f"{path}: its signature was not judged; name who may sign with --allowed-signers"
        for path in unjudged(paths, asked)
    ]
    made = {"notes": notes} if notes else {}
    return Outcome(report, "\n".join([f"{', '.join(paths)}: valid", *notes]), made)
