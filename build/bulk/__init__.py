"""Many articles at once: the fast way from checked structure to raw tables, column by column.

It accepts only what the exact way (`check` and `assemble`, article by article) accepts, and gives
the same rows; whatever it has a doubt about it leaves to that. A differential test holds the two
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import pyarrow as pa

from dateline.build.assemble.columns import raw_schemas
from dateline.build.bulk.batch import Batch, Readied
from dateline.build.bulk.nested import Reader
from dateline.build.bulk.tables import raw_columns
from dateline.build.check import Article
from dateline.build.check.tolls import primary
from dateline.schema import Codebook

__all__ = ["Bulk", "Readied", "readable"]


def readable(article: Article, line: bytes) -> Readied | None:
    """The article as `Bulk` takes it, or null where it takes none of its form."""
    words = article.text.words
    # What the columns join is told apart by NUL.
    if words is None or "\0" in words or _has_odd_form(article.data):
        return None
    language = primary(article.data["source"].get("language") or "und")
    return Readied(line, article.data["id"], words, article.published, language)


def _has_odd_form(data: dict[str, Any]) -> bool:
    """Whether an item has a member that no column holds."""
    if "attributes" in data:
        return True
    incidents = data.get("incidents") or ()
    lists = [data.get("actors"), data.get("statements"), incidents]
    for incident in incidents:
        lists += [incident.get("participants"), incident.get("casualties")]
    for entry in chain.from_iterable(filter(None, lists)):
        if "attributes" in entry or isinstance(entry.get("count"), list):
            return True
    return False


class Bulk:
    """Assembles batches for one codebook and profile; build it once a process."""

    def __init__(self, codebook: Codebook, profile: str) -> None:
        """`profile` is that of the published words."""
        self._tables = codebook.tables
        self._reader = Reader(codebook.article_schema)
        self._schemas = raw_schemas(codebook)
        self._profile = profile

    def assemble(self, articles: Sequence[Readied]) -> tuple[dict[str, pa.Table], set[int]]:
        """The raw tables of the articles' items, and which articles were left out, by number."""
        nested = self._reader.read([article.line for article in articles]) if articles else None
        if nested is None:
            empty = {n: s.empty_table() for n, s in self._schemas.items() if n != "articles"}
            return empty, set(range(len(articles)))
        batch = Batch(articles, nested, self._tables, self._profile)
        tables = {
            name: raw_columns(self._schemas[name], columns, len(batch.items[name]))
            for name, columns in batch.columns().items()
        }
        tables["evidence"] = batch.evidence(self._schemas["evidence"])
        return batch.kept(tables), batch.rejected.articles
