"""A package judged from its files alone: by the build before it appears, by anybody after that.

Any package is judged by the Data Package standard. One that this tool built promises more: that
CSV and Parquet of a table hold the same rows in their canonical form, and that the rows keep the
rules.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from dateline.build.issues import Issue, Report, Task
from dateline.build.read import Limits
from dateline.build.standard.files import Stored, file_issues
from dateline.build.standard.model import Package
from dateline.build.standard.opened import opened
from dateline.build.standard.unpacked import unpacked
from dateline.build.verify.checks import Checks
from dateline.build.verify.extras import extra_files
from dateline.build.verify.pairs import broken_promises, is_own, pairs
from dateline.build.verify.ruled import rule_issues
from dateline.build.verify.sealed import archive_issues, has_signature, seal_issues, sums_issues
from dateline.build.verify.tables import in_error, judged
from dateline.build.verify.vocabularies import vocabulary_issues
from dateline.build.waivers import waived, waivers_of
from dateline.schema import load_rules

__all__ = ["Checks", "archive_issues", "has_signature", "sums_issues", "verify"]

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
        sealed = spill / "sealed"
        sealed.mkdir()
        issues += seal_issues(Path(path), package, checks.signers, checks.limits, sealed)
        tables = pairs(package) if own else []
        digests = {name: facts.sha256 for name, facts in stored.items()}
        wrong, tasks = judged(package, tables, digests, spill, checks)
        # Of a file that is damaged it says nothing new that it cannot be read.
        damaged = in_error(issues)
        issues += [i for i in wrong if i.rule != "source-error" or not in_error([i]) & damaged]
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
