"""Articles to merged tables: blocks mapped to parts by workers, then one merge.

A run holds the workers and the database; its rows live there and in the parts, never as a whole in
memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from dateline.build.assemble.registry import Registry
from dateline.build.batch import BatchSettings
from dateline.build.cache import digest_of, kept
from dateline.build.check.registry import read_registry
from dateline.build.cluster import cluster
from dateline.build.issues import EnvironmentFailure, InvalidInput, Issue, Place, Report
from dateline.build.located import located
from dateline.build.mapping import Task, run_task
from dateline.build.merge import (
    add,
    ask,
    counted,
    database,
    merge,
    merged_schemas,
    prepare,
    sorted_rows,
    widen,
)
from dateline.build.parts import BUCKETED, Part, rows_of
from dateline.build.project import Project
from dateline.build.read import Limits, blocks, find, label
from dateline.build.shipping import shipped, shipped_part, storage
from dateline.build.store import is_address, store
from dateline.build.workers import Workers, local
from dateline.schema import Codebook, CodebookError, codebook_of, definitions, load_rules

# Bytes of rows that wait for the database: those of few rows at a time take it longer.
_WAITING = 64 << 20
# Told after each step: its name, how much is done, how much there is.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class How:
    """How a corpus is worked on: in how many processes, whether parts are kept for the next time.

    With `by_reference` every article goes the exact way and is judged by jsonschema too. The
    engine is `local` or `dask`; for `dask` there is the address of a scheduler, else a cluster is
    started on this machine. All that workers read and write is in a `storage`, a folder or an
    address that may have secrets in it, else in the folders of the project and the output.
    """

    jobs: int
    cache: bool = True
    by_reference: bool = False
    engine: str = "local"
    scheduler: str | None = None
    storage: str | None = field(default=None, repr=False)


@dataclass
class Run:
    """A corpus at work: `read`, `merge`, then `ask` and `rows`; `report` tells what is known."""

    project: Project
    codebook: Codebook
    files: list[Path]
    settings: BatchSettings
    workers: Workers
    db: duckdb.DuckDBPyConnection
    folder: str
    digest: str | None
    parts: list[Part] = field(default_factory=list)
    waiting: defaultdict[str, list[pa.RecordBatch]] = field(
        default_factory=lambda: defaultdict(list)
    )
    sizes: Counter[str] = field(default_factory=Counter)
    registry: Registry = field(default_factory=Registry)
    report: Report = field(default_factory=Report)

    def read(self, progress: Progress) -> Report:
        """The issues of all articles and the registry, once all articles are mapped to parts."""
        files = self.files
        issues = [] if files else [_nothing(self.project)]
        counts: Counter[str] = Counter(files=len(files))
        sizes: list[int] = []

        def tasks() -> Iterator[Task]:
            for number, block in enumerate(blocks(files)):
                sizes.append(block.files)
                yield Task(number, block, self.settings, self.folder, self.digest)

        progress("read", 0, len(files))
        for number, part in enumerate(self._mapped(tasks())):
            progress("read", sum(sizes[: number + 1]), len(files))
            issues += part.issues
            counts.update(part.counts)
            self._add(part)
        for name in list(self.waiting):
            self._flush(name)
        self.workers.renew()
        entries, found = read_registry(self.project.registry, self.codebook, self.settings.limits)
        self.registry = Registry(**entries)
        self.report = Report.of([*issues, *found], dict(counts))
        return self.report

    def _mapped(self, tasks: Iterator[Task]) -> Iterator[Part]:
        if is_address(self.folder):
            return self.workers.map(shipped_part, map(shipped, tasks))
        return self.workers.map(run_task, tasks)

    def _add(self, part: Part) -> None:
        """Takes a part in; when there are enough rows, those of one table go to the database."""
        with store(self.folder) as (files, _):
            for name, schema in merged_schemas(self.codebook).items():
                for rows in rows_of(files, part.path, part.tables.get(name, []), schema):
                    self.waiting[name].append(rows)
                    self.sizes[name] += rows.nbytes
                    if self.sizes.total() > _WAITING:
                        self._flush(self.sizes.most_common(1)[0][0])
        self.parts.append(part)

    def _flush(self, name: str) -> None:
        add(self.db, name, pa.Table.from_batches(self.waiting.pop(name)))
        del self.sizes[name]

    def merge(self, progress: Progress) -> bool:
        """Whether the rows are merged, so that the rules can be asked and the tables written.

        `report` tells what is wrong with them all the same.
        """
        progress("merge", 0, 2)
        variables = rule_variables(self.project)
        found = prepare(self.db, self.codebook, self.registry, variables)
        is_merged = not found
        if is_merged:
            classified = self.project.settings.require_classified
            found = merge(self.db, self.codebook, require_classified=classified)
        self._report(found)
        progress("merge", 1, 2)
        return is_merged

    def ask(self, progress: Progress) -> None:
        """Asks the rules; where the `report` has an error then, nothing may be published.

        Errors that a waiver can accept are among them.
        """
        self._report(ask(self.db, self.codebook, rule_variables(self.project)))
        if not any(map(_forbids_rows, self.report.issues)):
            counts = {**self.report.counts, **self._counts()}
            self.report = replace(self.report, counts=counts)
        progress("merge", 2, 2)

    def _report(self, found: Iterable[Issue]) -> None:
        issues = [*self.report.issues, *located(found, self.settings.limits)]
        self.report = Report.of(issues, self.report.counts)

    def _counts(self) -> dict[str, int]:
        """How many rows each table has."""
        evidence = sum(s.rows for part in self.parts for each in part.buckets for s in each)
        return {**counted(self.db), BUCKETED: evidence}

    def release(self) -> None:
        """Gives back what only the evidence needs: memory of workers, and parts that are not kept.

        It may run while the rules are asked.
        """
        self.workers.renew()
        widen(self.db)
        if self.digest is None:
            with store(self.folder) as (files, _):
                for part in self.parts:
                    files.delete_file(part.path)

    def close(self) -> None:
        """Gives back the memory of the rows; there are none after that."""
        self.db.close()

    def rows(self, name: str) -> Iterator[pa.Table]:
        """The rows of a merged table by primary key, some at a time."""
        return sorted_rows(self.db, self.codebook.tables[name])


def checked(project: Project, how: How, progress: Progress) -> Report:
    """The issues of a project's articles, on their own and together; nothing is written."""
    try:
        with (
            TemporaryDirectory(prefix="dateline-") as scratch,
            opened(project, how, Path(scratch)) as run,
        ):
            if not run.read(progress).errors and run.merge(progress):
                run.ask(progress)
            return run.report
    except CodebookError as error:
        return Report.of([codebook_issue(project, error)])


@contextmanager
def opened(project: Project, how: How, scratch: Path) -> Iterator[Run]:
    """A run of a project's articles that keeps what is larger than memory in `scratch`.

    Parts are kept in the project's folder; where articles are named alone there is none. Raises
    CodebookError where the project's own definitions are wrong, EnvironmentFailure where a path
    that the command names does not exist, InvalidInput where it is the project that names it.
    """
    settings = project.settings
    limits = Limits(**settings.limits)
    batch = BatchSettings(
        settings.profile, definitions(settings.codebook), limits, how.by_reference
    )
    codebook = codebook_of(batch.codebook)
    files = _files(project)
    with ExitStack() as stack:
        keeps = how.cache and project.named and not how.by_reference and how.storage is None
        digest = digest_of(batch) if keeps else None
        folder = None
        if digest is not None:
            folder = stack.enter_context(kept(project.root, digest))
        if folder is None:
            folder, digest = scratch, None
        place = str(folder)
        if how.storage is not None:
            place = stack.enter_context(storage(how.storage))
        db = stack.enter_context(database(codebook, scratch))
        workers = stack.enter_context(_workers(how))
        yield Run(project, codebook, files, batch, workers, db, place, digest)


def _workers(how: How) -> AbstractContextManager[Workers]:
    return local(how.jobs) if how.engine == "local" else cluster(how.scheduler, how.jobs)


def _forbids_rows(issue: Issue) -> bool:
    return issue.severity == "error" and not load_rules()[issue.rule].get("waivable")


def rule_variables(project: Project) -> dict[str, str | None]:
    """What the rules over tables know of a dataset, which its package says too."""
    settings = project.settings
    return {
        "allow_model_rows": "true" if settings.allow_model_rows else None,
        "created": project.metadata.get("created"),
        "estimate_rule": settings.estimate_rule,
        "profile": settings.profile,
    }


def codebook_issue(project: Project, error: CodebookError) -> Issue:
    """The issue with a project's own definitions."""
    assert project.settings.codebook is not None
    place = Place(label(project.settings.codebook / error.file))
    return Issue("codebook-invalid", error.message, (place,))


def _files(project: Project) -> list[Path]:
    try:
        return find(project.articles)
    except EnvironmentFailure as failure:
        raise InvalidInput(str(failure)) if project.named else failure from None


def _nothing(project: Project) -> Issue:
    message = (
        f"expected annotated articles (.json, .jsonl, each also .gz or .zst) in "
        f"{', '.join(project.articles)}; got none"
    )
    return Issue("input-empty", message, (Place(project.articles[0]),))
