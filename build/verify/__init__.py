"""A package judged from its files alone: by the build before it appears, by anybody after that.

Any package is judged by the Data Package standard. One that this tool built promises more: that
CSV and Parquet of a table hold the same rows in their canonical form, and that the rows keep the
rules.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dateline.build.issues import Cell, Issue, Report, Task
from dateline.build.read import Limits
from dateline.build.standard.files import Stored, file_issues
from dateline.build.standard.model import Dialect, Package, Resource
from dateline.build.standard.opened import opened
from dateline.build.standard.read import Settings
from dateline.build.standard.tables import judge_tables
from dateline.build.standard.unpacked import unpacked
from dateline.build.verify.extras import extra_files
from dateline.build.verify.pairs import Pair, broken_promises, is_own, pairs
from dateline.build.verify.rows import Checked, table_issues, unlike_issues
from dateline.build.verify.ruled import rule_issues
from dateline.build.verify.vocabularies import vocabulary_issues
from dateline.build.waivers import waived, waivers_of
from dateline.schema import load_rules

__all__ = ["Checks", "verify"]

_LIMITS = Limits()


@dataclass(frozen=True)
class Checks:
    """How a package is judged.

    `rules` asks the rules over tables; `by_reference` leaves nothing to fast proofs; `remote` lets
    files be fetched; `progress` is told how many tables are done and how many there are.
    """

    rules: bool = True
    by_reference: bool = False
    remote: bool = False
    limits: Limits = _LIMITS
    progress: Callable[[str, int, int], None] | None = None


_USUAL = Checks()


def verify(path: str | Path, checks: Checks = _USUAL) -> Report:
    """The report on a package: a folder, the descriptor in one, a .zip, or an address.

    Counts are the rows by table. Places are relative to the package. Raises EnvironmentFailure
    where nothing is there.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        spill = Path(folder)
        fetched = spill / "fetched"
        fetched.mkdir()
        package, issues = opened(
            str(path), allow_remote=checks.remote, limits=checks.limits, spill=fetched
        )
        if package is None:
            return Report.of(issues)
        own = is_own(package.descriptor)
        lacking = list(broken_promises(package)) if own else []
        if lacking:
            return Report.of([*issues, *lacking])
        found, stored = file_issues(package)
        package, packed = _unpacked(package, stored, spill, checks.limits)
        issues += found + packed
        tables = pairs(package) if own else []
        judged, tasks = _judged(package, tables, _damaged(issues), spill, checks)
        issues += judged
        if own and all(issue.severity != "error" for issue in issues):
            unlike = vocabulary_issues(package, [pair.table.name for pair in tables])
            issues += [*extra_files(package), *unlike]
            issues += rule_issues(package, tables) if checks.rules and not unlike else []
        counted = {pair.table.name for pair in tables} or package.by_name.keys()
        counts = {t.name: t.rows for t in tasks if t.rows is not None and t.name in counted}
        report = Report.of(issues, counts, _told(package, tasks, stored))
        return waived(report, waivers_of(package.descriptor), load_rules())


def _unpacked(
    package: Package, stored: Mapping[str, Stored], spill: Path, limits: Limits
) -> tuple[Package, list[Issue]]:
    """The package with the plain files of its resources, none of those that cannot be read."""
    resources, issues = [], []
    for number, resource in enumerate(package.resources):
        if not stored[resource.name].readable:
            resources.append(replace(resource, files=()))
            continue
        plain = spill / f"plain-{number}"
        if resource.compression:
            plain.mkdir()
        files, found = unpacked(resource, plain, limits)
        resources.append(replace(resource, files=files))
        issues += found
    return replace(package, resources=tuple(resources)), issues


def _damaged(issues: Iterable[Issue]) -> set[str]:
    """The resources of whose files something is wrong."""
    return {issue.cell.resource for issue in issues if issue.cell and issue.severity == "error"}


def _judged(
    package: Package, tables: list[Pair], damaged: set[str], spill: Path, checks: Checks
) -> tuple[list[Issue], list[Task]]:
    """What is wrong with the rows, and what was read of each table.

    Where CSV and Parquet of a table are known to hold the same, the Parquet is judged for both,
    which is faster; only where something is wrong the CSV is, for the places of what it is.
    """
    whole = [pair for pair in tables if pair.csv.files and pair.parquet.files]
    issues, checked = [], {}
    for pair in whole:
        checked[pair.table.name] = table_issues(pair)
        issues += _of(pair, checked[pair.table.name].issues)
    same = {p.table.name: p for p in whole if checked[p.table.name].same and _is_usual(p.csv)}
    twins = {pair.parquet.name for pair in same.values()}
    unread = {resource.name for resource in package.resources if not resource.files}
    # Of columns that are not the promised ones no more is said.
    unread |= {i.cell.resource for i in issues if i.rule == "package-parquet-schema" and i.cell}
    settings = Settings(proving=not checks.by_reference)
    quick = replace(
        package,
        resources=tuple(
            replace(r, kind="parquet", files=same[r.name].parquet.files) if r.name in same else r
            for r in package.resources
        ),
    )
    judged, tasks = _tables(quick, unread | twins, spill, settings, checks)
    if same and judged:
        by_csv, tasks = _tables(package, unread | twins, spill, settings, checks)
        judged = by_csv or judged
    # Of a file that is damaged it says nothing new that it cannot be read.
    judged = [i for i in judged if i.rule != "source-error" or not _damaged([i]) & damaged]
    issues += judged + _unlike(whole, checked, _damaged([*judged, *issues]))
    return issues, [task for task in tasks if task.name in package.by_name]


def _is_usual(csv: Resource) -> bool:
    """Whether a file in the canonical form is read as what it says."""
    return csv.encoding == "utf-8" and csv.dialect == Dialect() and not csv.compression


def _tables(
    package: Package, skip: set[str], spill: Path, settings: Settings, checks: Checks
) -> tuple[list[Issue], list[Task]]:
    names = [r.name for r in package.resources if r.kind != "file" and r.name not in skip]

    def progress(name: str) -> None:
        if checks.progress is not None:
            checks.progress("validate", names.index(name), len(names))

    with tempfile.TemporaryDirectory(dir=spill) as folder:
        return judge_tables(package, Path(folder), skip=skip, progress=progress, settings=settings)


def _unlike(tables: Iterable[Pair], checked: Mapping[str, Checked], wrong: set[str]) -> list[Issue]:
    """Where CSV and Parquet differ and neither is wrong by itself."""
    return [
        issue
        for pair in tables
        for known in (checked[pair.table.name],)
        if not known.same and known.rows is not None and not known.issues
        if not {pair.csv.name, pair.parquet.name} & wrong
        for issue in _of(pair, unlike_issues(pair))
    ]


def _of(pair: Pair, issues: Iterable[Issue]) -> list[Issue]:
    """The issues, those of no resource as of the table's CSV."""
    return [replace(i, cell=i.cell or Cell(pair.csv.name)) for i in issues]


def _told(package: Package, tasks: Iterable[Task], stored: Mapping[str, Stored]) -> list[Task]:
    """A task for each resource, with what is known of its files."""
    read = {task.name: task for task in tasks}
    told = []
    for resource in package.resources:
        place = ", ".join(file.path for file in resource.files)
        task = read.get(resource.name) or Task(resource.name, place, "file")
        facts = stored[resource.name]
        told.append(replace(task, bytes=facts.bytes, sha256=facts.sha256))
    return told
