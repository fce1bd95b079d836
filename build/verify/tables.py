"""The tables of a package judged: by a proof where there is one, else by the standard."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dateline.build.issues import Cell, Issue, Task
from dateline.build.standard.model import Dialect, Package, Resource
from dateline.build.standard.read import Settings
from dateline.build.standard.referred import Wanted, all_known
from dateline.build.standard.tables import judge_tables
from dateline.build.verify.checks import Checks
from dateline.build.verify.pairs import Pair
from dateline.build.verify.rows import Asked, Checked, table_issues, unlike_issues


def in_error(issues: Iterable[Issue]) -> set[str]:
    """The resources that an error is told of."""
    return {issue.cell.resource for issue in issues if issue.cell and issue.severity == "error"}


def judged(
    package: Package,
    tables: Sequence[Pair],
    digests: Mapping[str, str | None],
    spill: Path,
    checks: Checks,
) -> tuple[list[Issue], list[Task]]:
    """What is wrong with the rows, and what was read of each table.

    `digests` are those of the stored files, by resource. Only what is not proved to keep the
    standard is judged by it.
    """
    whole = [pair for pair in tables if pair.csv.files and pair.parquet.files]
    # The largest first: others can be judged beside it.
    by_size = sorted(whole, key=lambda pair: -pair.parquet.files[0].local.stat().st_size)
    asked = list(_asked(by_size, digests, spill, checks))
    checked = dict(_checked(package, asked, checks))
    issues = [i for pair in whole for i in _of(pair, checked[pair.table.name].issues)]
    unread = {resource.name for resource in package.resources if not resource.files}
    # Of columns that are not the promised ones no more is said.
    unread |= {i.cell.resource for i in issues if i.rule == "package-parquet-schema" and i.cell}
    same = {p.table.name: p for p in whole if checked[p.table.name].same and _is_usual(p.csv)}
    if len(same) == len(tables) and _are_sound(package, asked, checked, checks):
        proved = [_task(pair, checked[pair.table.name]) for pair in whole]
        unread |= {pair.parquet.name for pair in whole}
        found, tasks = _tables(package, unread, spill, checks, same)
        tasks = _sorted(package, [*proved, *tasks])
    else:
        found, tasks = _by_the_standard(package, same, unread, spill, checks)
    issues += found + _unlike(whole, checked, in_error([*found, *issues]))
    return issues, [task for task in tasks if task.name in package.by_name]


def _asked(
    tables: Iterable[Pair], digests: Mapping[str, str | None], spill: Path, checks: Checks
) -> Iterator[Asked]:
    for number, pair in enumerate(tables):
        digest = digests[pair.csv.name]
        if pair.csv.compression:
            with pair.csv.files[0].local.open("rb") as plain:
                digest = hashlib.file_digest(plain, "sha256").hexdigest()
        folder = spill / f"references-{number}"
        folder.mkdir()
        yield Asked(pair, digest or "", None if checks.by_reference else folder)


def _checked(
    package: Package, asked: Sequence[Asked], checks: Checks
) -> Iterator[tuple[str, Checked]]:
    """The name of each table and what its check found."""
    twins = {each.pair.parquet.name for each in asked}
    count = sum(r.kind != "file" and r.name not in twins for r in package.resources)
    for done, (each, found) in enumerate(
        zip(asked, checks.over(table_issues, asked), strict=True), 1
    ):
        yield each.pair.table.name, found
        if checks.progress is not None:
            checks.progress("validate", done, count)


def _are_sound(
    package: Package, asked: Sequence[Asked], checked: Mapping[str, Checked], checks: Checks
) -> bool:
    """Whether all tables surely keep the standard, and no other resource refers to one of them."""
    pairs = {each.pair.csv.name: each.pair for each in asked}
    twins = {pair.parquet.name for pair in pairs.values()}
    others = [r for r in package.resources if r.name not in pairs and r.name not in twins]
    if not all(checked[name].sound for name in pairs):
        return False
    if any(key.resource in pairs for r in others if r.schema for key in r.schema.foreign_keys):
        return False
    files: dict[tuple[str, str], list[Path]] = {}
    for each in asked:
        for target, file in each.references.items():
            files.setdefault(target, []).append(file)
    wanted = [_wanted(pairs, *target, found) for target, found in files.items()]
    known = [each for each in wanted if each is not None]
    return len(known) == len(wanted) and all(checks.over(all_known, known))


def _wanted(
    pairs: Mapping[str, Pair], resource: str, name: str, files: Iterable[Path]
) -> Wanted | None:
    """What a column has to hold, null where it is none of these tables or no text."""
    pair = pairs.get(resource)
    of = pair.csv.schema if pair is not None else None
    if pair is None or of is None:
        return None
    fields = [f for f in of.fields if f.name == name and f.type in ("string", "any")]
    return Wanted(fields[0], pair.parquet.files[0].local, tuple(files)) if fields else None


def _task(pair: Pair, checked: Checked) -> Task:
    """What was read of a table that its Parquet stood for."""
    names = pair.table.names
    path = pair.parquet.files[0].path
    return Task(pair.csv.name, path, "parquet", names, rows=checked.rows, fields=len(names))


def _sorted(package: Package, tasks: Iterable[Task]) -> list[Task]:
    by_name = {task.name: task for task in tasks}
    return [by_name[r.name] for r in package.resources if r.name in by_name]


def _by_the_standard(
    package: Package, same: Mapping[str, Pair], unread: set[str], spill: Path, checks: Checks
) -> tuple[list[Issue], list[Task]]:
    """Every table judged.

    Where CSV and Parquet of a table are known to hold the same, the Parquet is judged for both,
    which is faster; only where something is wrong the CSV is, for the places of what it is.
    """
    skip = unread | {pair.parquet.name for pair in same.values()}
    quick = replace(
        package,
        resources=tuple(
            replace(r, kind="parquet", files=same[r.name].parquet.files) if r.name in same else r
            for r in package.resources
        ),
    )
    found, tasks = _tables(quick, skip, spill, checks)
    if same and found:
        by_csv, tasks = _tables(package, skip, spill, checks)
        found = by_csv or found
    return found, tasks


def _tables(
    package: Package, skip: set[str], spill: Path, checks: Checks, proved: Collection[str] = ()
) -> tuple[list[Issue], list[Task]]:
    """What is wrong with the tables by the standard, those in `skip` and `proved` left out."""
    names = [r.name for r in package.resources if r.kind != "file" and r.name not in skip]

    def progress(name: str) -> None:
        if checks.progress is not None:
            checks.progress("validate", names.index(name), len(names))

    settings = Settings(proving=not checks.by_reference)
    left_out = skip.union(proved)
    with tempfile.TemporaryDirectory(dir=spill) as folder:
        return judge_tables(
            package, Path(folder), skip=left_out, progress=progress, settings=settings
        )


def _is_usual(csv: Resource) -> bool:
    """Whether a file in the canonical form is read as what it says."""
    return csv.encoding == "utf-8" and csv.dialect == Dialect() and not csv.compression


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
