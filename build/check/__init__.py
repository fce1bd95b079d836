"""Articles checked one by one: structure, text, references, evidence, values.

`check_article` takes a record's bytes and gives the article ready to be assembled, or the issues
that keep it from it, all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from dateline.build.check.claims import Claim, settle
from dateline.build.check.copied import check_own_words
from dateline.build.check.evidence import resolve
from dateline.build.check.items import Item, Span, walk
from dateline.build.check.places import place
from dateline.build.check.quotes import check_quotes
from dateline.build.check.references import check_references
from dateline.build.check.structure import StructureCheck
from dateline.build.check.text import Text, read_text
from dateline.build.check.tolls import check_tolls
from dateline.build.check.values import (
    check_days,
    check_methods,
    check_source,
    check_statements,
)
from dateline.build.issues import Finding, Issue
from dateline.build.read import Limits, Record
from dateline.schema import Codebook

__all__ = ["Article", "ArticleCheck", "Claim", "Item", "Span", "Text", "undeclared"]


@dataclass(frozen=True)
class Article:
    """An article that may be assembled: its data, text, items with their spans, settled claims.

    `published` is the day of publication as written, null where an import does not know it.
    """

    data: dict[str, Any]
    text: Text
    items: list[Item]
    claims: dict[str, Claim]
    published: str | None
    file: str
    line: int


class ArticleCheck:
    """Checks articles against one codebook; build it once a process."""

    def __init__(
        self,
        codebook: Codebook,
        *,
        limits: Limits,
        verbatim: bool = True,
        by_reference: bool = False,
    ) -> None:
        """`verbatim` is false where the profile publishes no printed words.

        With `by_reference`, jsonschema judges what is found valid fast too.
        """
        self._structure = StructureCheck(codebook, limits.nesting, by_reference=by_reference)
        self._columns = {name: frozenset(table.names) for name, table in codebook.tables.items()}
        self._coded = {
            name: frozenset(field.name for field in table.fields if field.vocabulary)
            for name, table in codebook.tables.items()
        }
        self._verbatim = verbatim

    def ready(self, record: Record) -> tuple[Article, bytes] | None:
        """An article whose structure, source and text are sound, and its JSON on one line.

        Its items are not looked at yet. Null where anything is in doubt: `check` says what.
        """
        accepted = self._structure.accept(record)
        if accepted is None:
            return None
        data, line = accepted
        if any(check_source(data)):
            return None
        found: list[Finding] = []
        text = read_text(data, record.folder, found)
        if found or text is None:
            return None
        return Article(data, text, [], {}, _day(data), record.file, record.line), line

    def check(self, record: Record) -> tuple[Article | None, list[Issue]]:
        """The article of a record, null where it has errors, and all issues found in it."""
        data, issues = self._structure.parse(record)
        if issues and all(issue.rule == "unknown-key" for issue in issues):
            # Without them the article keeps to its form, so that the rest can be checked too.
            data = _without(orjson.loads(record.data), [i.places[0].pointer for i in issues])
        if data is None:
            return None, issues
        found: list[Finding] = []
        article = self._article(data, record, found)
        issues = [*issues, *place(found, record)]
        if any(issue.severity == "error" for issue in issues):
            return None, issues
        return article, issues

    def _article(
        self, data: dict[str, Any], record: Record, found: list[Finding]
    ) -> Article | None:
        items = list(walk(data))
        found += check_source(data)
        found += check_references(items)
        found += check_methods(items, self._coded)
        found += check_statements(items, verbatim=self._verbatim)
        published = _day(data)
        if published:
            found += check_days(items, published)
        claims = settle(items, published, found)
        text = read_text(data, record.folder, found)
        if text is None:
            return None
        for item in items:
            if item.data.get("evidence"):
                resolve(item, text, self._columns[item.table], found)
        if text.words is not None:
            found += check_own_words(items, text.words)
            found += check_quotes(items, verbatim=self._verbatim)
            found += check_tolls(items, claims, data["source"].get("language") or "und")
        return Article(data, text, items, claims, published, record.file, record.line)


def _without(data: dict[str, Any], pointers: Iterable[str]) -> dict[str, Any]:
    """The data without the members that these pointers name."""
    for pointer in pointers:
        *path, name = (
            token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]
        )
        place: Any = data
        for step in path:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place.pop(name, None)
    return data


def _day(data: dict[str, Any]) -> str | None:
    """The day an article was published, as written; null where it is not given."""
    written: str | None = data["source"].get("published_at")
    return written[:10] if written else None


def undeclared(article: Article, codebook: Codebook) -> int:
    """How many attributes of an article's items no codebook declares; they are not published."""
    outer = len(article.data.get("attributes") or {})
    count = outer and _unknown(article.data, codebook, "articles")
    for item in article.items:
        if item.data.get("attributes"):
            count += _unknown(item.data, codebook, item.table)
    return count


def _unknown(data: dict[str, Any], codebook: Codebook, table: str) -> int:
    known = codebook.tables[table].by_name
    return sum(name not in known or not known[name].custom for name in data["attributes"])
