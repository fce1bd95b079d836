"""Whatever paths name, judged: projects, packages of anybody's, annotated articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dateline.build.engine import How, Progress, checked
from dateline.build.issues import Issue, Report
from dateline.build.project import FILE, Project, is_project, load_project, stand_in
from dateline.build.standard.paths import is_url
from dateline.build.verify import Checks, archive_issues, has_signature, verify
from dateline.build.waivers import waived
from dateline.schema import load_rules


@dataclass(frozen=True)
class Asked:
    """How paths are judged: in how many processes, whether files may be fetched.

    With `by_reference` nothing is left to fast proofs: jsonschema judges every article, the cell
    readers of frictionless every cell. `signers` names who may have signed a release.
    """

    jobs: int
    allow_remote: bool = False
    by_reference: bool = False
    signers: Path | None = None


def validate(paths: Sequence[str], asked: Asked, progress: Progress) -> Report:
    """The report on each project and each package, and on all other paths together as articles."""
    reports: list[Report] = []
    articles: list[str] = []
    for path in paths:
        if (folder := project_folder(path)) is not None:
            reports.append(_project(folder, asked, progress))
        elif _is_package(path):
            reports.append(_package(path, asked, progress))
        else:
            articles.append(path)
    if articles:
        reports.append(_corpus(stand_in(tuple(articles)), asked, progress))
    return _joined(reports)


def project_folder(path: str) -> Path | None:
    """The folder of the project that a path means, which may name its file; null for none."""
    folder = Path(path).parent if Path(path).name == FILE else Path(path)
    return folder if is_project(folder) else None


def _is_package(path: str) -> bool:
    if is_url(path) or path.lower().endswith(".zip"):
        return True
    return Path(path).name == FILE or (Path(path) / FILE).exists() or _is_descriptor(path)


def _is_descriptor(path: str) -> bool:
    """Whether a file under another name than the usual holds a package's descriptor."""
    if not path.lower().endswith(".json") or not Path(path).is_file():
        return False
    try:
        content = json.loads(Path(path).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and "resources" in content


def _package(path: str, asked: Asked, progress: Progress) -> Report:
    checks = Checks(
        by_reference=asked.by_reference,
        remote=asked.allow_remote,
        progress=progress,
        signers=asked.signers,
    )
    report = _placed_from_here(verify(path, checks), path)
    issues = [*report.issues, *archive_issues(path)]
    return replace(Report.of(issues, report.counts, report.tasks), waived=report.waived)


def unjudged(paths: Sequence[str], asked: Asked) -> list[str]:
    """The packages among the paths that have a signature which nobody asked to judge."""
    packages = [path for path in paths if project_folder(path) is None and _is_package(path)]
    return [path for path in packages if asked.signers is None and has_signature(path)]


def _placed_from_here(report: Report, path: str) -> Report:
    """The report with its places, which are relative to the package, below the path to it."""
    base = path
    if not is_url(path) and not path.lower().endswith(".zip") and not Path(path).is_dir():
        base = str(Path(path).parent)
    if base == ".":
        return report

    def issue_from_here(issue: Issue) -> Issue:
        below = base.rstrip("/")
        places = tuple(replace(place, file=f"{below}/{place.file}") for place in issue.places)
        return replace(issue, places=places)

    return replace(
        report,
        issues=tuple(map(issue_from_here, report.issues)),
        waived=tuple((issue_from_here(issue), reason) for issue, reason in report.waived),
    )


def _project(folder: Path, asked: Asked, progress: Progress) -> Report:
    project, issues = load_project(folder)
    if project is None:
        return Report.of(issues)
    report = _corpus(project, asked, progress)
    return waived(report, project.settings.waivers, load_rules())


def _corpus(project: Project, asked: Asked, progress: Progress) -> Report:
    how = How(asked.jobs, by_reference=asked.by_reference)
    return checked(project, how, progress)


def _joined(reports: Sequence[Report]) -> Report:
    counts: dict[str, int] = {}
    for report in reports:
        for name, count in report.counts.items():
            counts[name] = counts.get(name, 0) + count
    issues = [issue for report in reports for issue in report.issues]
    tasks = [task for report in reports for task in report.tasks]
    accepted = tuple(pair for report in reports for pair in report.waived)
    return replace(Report.of(issues, counts, tasks), waived=accepted)
