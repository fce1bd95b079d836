"""Every table of a data package judged: cells, then the keys between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from dateline.build.issues import Issue, Task
from dateline.build.standard.collected import Collected
from dateline.build.standard.delimited import judge_delimited
from dateline.build.standard.keychecks import judge_keys, key_fields
from dateline.build.standard.keys import Keys
from dateline.build.standard.model import Package, Resource
from dateline.build.standard.parquet import judge_parquet
from dateline.build.standard.read import Read, Run, Settings

_WORKERS = 2
_USUAL = Settings()


def judge_tables(
    package: Package,
    spill: Path,
    *,
    skip: Collection[str] = (),
    progress: Callable[[str], None] | None = None,
    settings: Settings = _USUAL,
) -> tuple[list[Issue], list[Task]]:
    """What is wrong with the cells and keys of all tables, and what was read of each.

    Resources named in `skip` are known to be unreadable. `spill` is a folder for what memory does
    not hold; `progress` is told the name of each resource before it is read.
    """
    tables = [r for r in package.resources if r.kind != "file" and r.name not in skip]
    collected = {resource.name: Collected(resource.name) for resource in tables}
    reads: dict[str, Read] = {}
    keyed = key_fields(package)
    with Keys(spill) as keys, ThreadPoolExecutor(_WORKERS) as pool:
        for number, resource in enumerate(tables):
            if progress is not None:
                progress(resource.name)
            fields = keyed[resource.name]
            keys.create(number, fields)

            def sink(first: int, columns: Sequence[pa.Array], number: int = number) -> None:
                keys.add(number, first, columns)

            judge = judge_parquet if resource.kind == "parquet" else judge_delimited
            run = Run(resource, fields, sink, pool, collected[resource.name], settings)
            reads[resource.name] = judge(run)
        judge_keys(tables, reads, keys, collected, skip)
    issues = [issue for found in collected.values() for issue in found.all()]
    return issues, [_task(resource, reads[resource.name]) for resource in tables]


def _task(resource: Resource, read: Read) -> Task:
    place = ", ".join(file.path for file in resource.files)
    fields = len(read.fields or read.labels)
    if resource.schema is not None:
        fields = len(resource.schema.fields)
    return Task(resource.name, place, resource.kind, read.labels, rows=read.rows, fields=fields)
