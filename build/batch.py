"""The map function: a batch of records in, raw tables and issues out; the same wherever it runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow as pa

from dateline.build.assemble import Assembly
from dateline.build.assemble.rows import Row, article_row
from dateline.build.assemble.summary import rule_tables
from dateline.build.bulk import Bulk, Readied, readable
from dateline.build.check import ArticleCheck, undeclared
from dateline.build.issues import Issue
from dateline.build.read import Limits, Record
from dateline.schema import Codebook, Definitions, codebook_of


@dataclass(frozen=True)
class BatchSettings:
    """What a batch's result depends on beside its bytes.

    With `by_reference` every article goes the exact way and is judged by jsonschema too.
    """

    profile: str
    codebook: Definitions
    limits: Limits
    by_reference: bool = False


@dataclass(frozen=True)
class BatchResult:
    """The raw tables of the articles without errors, all issues, and counts by name.

    `asked` is what the rules over tables ask of the evidence, by name.
    """

    tables: dict[str, pa.Table]
    issues: list[Issue]
    counts: dict[str, int]
    asked: dict[str, pa.Table] = field(default_factory=dict)


def run_batch(items: Sequence[Record | Issue], settings: BatchSettings) -> BatchResult:
    """The raw tables of a batch's articles; issues of reading are passed on among its own.

    Sound articles are assembled all at once, by column; any that leaves a doubt is checked and
    assembled on its own, which words what is wrong with it.
    """
    tools = _tools(settings, codebook_of(settings.codebook))
    issues = [item for item in items if isinstance(item, Issue)]
    records = [item for item in items if isinstance(item, Record)]
    counts = {"articles_read": len(records), "articles_without_text": 0, "attributes_undeclared": 0}
    assembly = Assembly(tools.codebook, settings.profile)
    with _collector_paused():
        tables: dict[str, pa.Table] = {}
        doubtful = records
        if not settings.by_reference:
            tables, doubtful = _at_once(records, tools, assembly)
        for record in doubtful:
            article, found = tools.check.check(record)
            issues += found
            if article is not None:
                assembly.add(article)
                counts["articles_without_text"] += article.text.words is None
                counts["attributes_undeclared"] += undeclared(article, tools.codebook)
        own = assembly.tables()
    joined = {
        name: pa.concat_tables([tables[name], table]) if name in tables else table
        for name, table in own.items()
    }
    asked = rule_tables(joined["evidence"], joined["statements"], tools.codebook)
    return BatchResult(joined, issues, counts, asked)


def _at_once(
    records: Sequence[Record], tools: Tools, assembly: Assembly
) -> tuple[dict[str, pa.Table], list[Record]]:
    """The raw tables of the sound articles' items, and the records that leave a doubt.

    The sound articles' own rows go to `assembly`.
    """
    doubtful: list[Record] = []
    readied: list[tuple[Record, Readied, Row]] = []
    for record in records:
        ready = tools.check.ready(record)
        if ready is None or (found := readable(*ready)) is None:
            doubtful.append(record)
        else:
            readied.append((record, found, article_row(ready[0])))
    tables, rejected = tools.bulk.assemble([found for _, found, _ in readied])
    for number, (record, _, row) in enumerate(readied):
        if number in rejected:
            doubtful.append(record)
        else:
            assembly.add_source(row)
    return tables, doubtful


@dataclass(frozen=True)
class Tools:
    """What a process needs for the batches of one build."""

    codebook: Codebook
    check: ArticleCheck
    bulk: Bulk


@lru_cache(maxsize=4)
def _tools(settings: BatchSettings, codebook: Codebook) -> Tools:
    """The compiled checks, once a process."""
    verbatim = settings.profile != "no_verbatim"
    check = ArticleCheck(
        codebook, limits=settings.limits, verbatim=verbatim, by_reference=settings.by_reference
    )
    return Tools(codebook, check, Bulk(codebook, settings.profile))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No garbage collection: a batch makes many small objects and no cycles that must go soon."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
