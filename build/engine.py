"""Who calls the two functions: batches in this process or in a pool, then one merge.

`compile_corpus` gives the published tables or the issues that keep them from it; `build` writes,
verifies and puts them in place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import orjson
import pyarrow as pa

from dateline.build.assemble.columns import raw_schemas
from dateline.build.assemble.registry import Registry
from dateline.build.batch import BatchResult, BatchSettings, run_batch
from dateline.build.check.places import names
from dateline.build.check.registry import read_registry
from dateline.build.issues import EnvironmentFailure, InvalidInput, Issue, Place, Report
from dateline.build.locate import locate
from dateline.build.merge import merge
from dateline.build.project import Project
from dateline.build.read import Limits, Record, batches, find, label, records
from dateline.schema import Codebook, CodebookError, load_codebook, load_rules

# Told after each batch: a step's name, how many files are done, how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Corpus:
    """The published tables of a corpus, empty where there are errors that no waiver can accept."""

    tables: dict[str, pa.Table]
    codebook: Codebook
    report: Report


def compile_corpus(
    project: Project, jobs: int, progress: Progress, *, by_reference: bool = False
) -> Corpus:
    """The tables of a project's articles, checked and merged; all issues of all articles at once.

    With `by_reference`, every article goes the exact way and is judged by jsonschema too.

    Raises EnvironmentFailure where a path that the command names does not exist, InvalidInput
    where it is the project that names it.
    """
    settings = project.settings
    try:
        codebook = load_codebook(settings.codebook)
    except CodebookError as error:
        return Corpus({}, load_codebook(), Report.of([_definitions(project, error)]))
    files = _files(project)
    limits = Limits(**settings.limits)
    batch = BatchSettings(settings.profile, settings.codebook, limits, by_reference)
    issues: list[Issue] = [] if files else [_nothing(project)]
    counts: Counter[str] = Counter(files=len(files))
    parts: list[dict[str, pa.Table]] = []
    work = batches(_read(files, limits, progress))
    for result in _mapped(work, batch, jobs):
        issues += result.issues
        counts.update(result.counts)
        parts.append(result.tables)
    entries, found = read_registry(project.registry, codebook, limits)
    issues += found
    if any(issue.severity == "error" for issue in issues):
        return Corpus({}, codebook, Report.of(issues, dict(counts)))
    progress("merge", 0, 1)
    merged = merge(
        _joined(parts, codebook),
        codebook,
        Registry(**entries),
        rule_variables(project),
        require_classified=settings.require_classified,
    )
    issues += located(merged.issues, limits)
    tables = {} if any(map(_forbids_rows, issues)) else merged.tables
    counts.update({name: table.num_rows for name, table in tables.items()})
    progress("merge", 1, 1)
    return Corpus(tables, codebook, Report.of(issues, dict(counts)))


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


def _definitions(project: Project, error: CodebookError) -> Issue:
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


def _read(files: Sequence[Path], limits: Limits, progress: Progress) -> Iterator[Record | Issue]:
    for number, file in enumerate(files):
        progress("read", number, len(files))
        yield from records(file, limits)
    progress("read", len(files), len(files))


def _mapped(
    work: Iterable[Sequence[Record | Issue]], settings: BatchSettings, jobs: int
) -> Iterator[BatchResult]:
    """The results of the batches in their order, at most a few batches ahead of the reader."""
    coming = iter(work)
    first = list(islice(coming, 2))
    try:
        with _pool(jobs if len(first) > 1 else 1) as pool:
            work = chain(first, coming)
            waiting: list[Future[BatchResult]] = []
            while True:
                for batch in islice(work, jobs + 1 - len(waiting)):
                    waiting.append(pool.submit(run_batch, batch, settings))
                if not waiting:
                    return
                yield waiting.pop(0).result()
    except BrokenProcessPool:
        message = "a worker process died, perhaps for lack of memory; try again with fewer --jobs"
        raise EnvironmentFailure(message) from None


def _pool(jobs: int) -> Executor:
    """Processes; for one job two threads: one reads JSON while the other waits for Arrow."""
    if jobs == 1:
        return ThreadPoolExecutor(2)
    return ProcessPoolExecutor(jobs, mp_context=get_context("forkserver"))


def _joined(parts: Sequence[dict[str, pa.Table]], codebook: Codebook) -> dict[str, pa.Table]:
    schemas = raw_schemas(codebook)
    return {
        name: pa.concat_tables([schema.empty_table(), *(part[name] for part in parts)])
        for name, schema in schemas.items()
    }


def located(issues: Iterable[Issue], limits: Limits) -> list[Issue]:
    """The issues with line and column for those places that only know their article and pointer.

    Their `ids` gain the local ids and keys of the items there and of those around them.
    """
    issues = list(issues)
    wanted: dict[tuple[str, int], set[str]] = {}
    for place in (place for issue in issues for place in issue.places if not place.column):
        wanted.setdefault((place.file, place.line), set()).add(place.pointer)
    found: dict[tuple[str, int, str], tuple[tuple[int, int], tuple[str, ...]]] = {}
    for file in sorted({file for file, _ in wanted}):
        for record in records(Path(file), limits):
            if isinstance(record, Record) and (record.file, record.line) in wanted:
                at = (record.file, record.line)
                data = orjson.loads(record.data)
                for pointer, position in locate(record.data, wanted[at], record.line).items():
                    found[(*at, pointer)] = position, names(data, pointer)

    def exact(place: Place) -> Place:
        known = found.get((place.file, place.line, place.pointer))
        return place if known is None else replace(place, line=known[0][0], column=known[0][1])

    def ids(issue: Issue) -> tuple[str, ...]:
        known = [found.get((p.file, p.line, p.pointer), (None, ()))[1] for p in issue.places]
        return tuple(dict.fromkeys([*issue.ids, *chain.from_iterable(known)]))

    return [
        replace(issue, places=tuple(map(exact, issue.places)), ids=ids(issue)) for issue in issues
    ]
