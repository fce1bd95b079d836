"""What the fast way asks of the words of many articles: quotes, counts and own words, by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.bulk.flat import Items, Rejected, numbers
from dateline.build.check.copied import OWN_WORDS, RUN, may_be_copied, plain_words
from dateline.build.check.counts import Counts
from dateline.build.check.marks import MARKS, is_sound
from dateline.build.check.tolls import verdict

Columns = dict[str, pa.Array]
# Eight words of one letter.
_SHORTEST = 2 * RUN - 1


def reject_odd_quotes(
    items: Items, is_open: pa.Array, spans: pa.Table, rejected: Rejected, *, verbatim: bool
) -> None:
    """Rejects statements whose type or quote_text does not fit their proved content spans."""
    kind, quote = items["quote_type"], items["quote_text"]
    indirect = pc.equal(kind, "indirect")
    if verbatim:
        unquoted = pc.and_(quote.is_null(), pc.invert(indirect))
        rejected.where(pc.and_not(unquoted, is_open), items.article)
    owner, exact = _of_role(spans, "statement_id", "content")
    marked = owner.filter(pc.match_substring_regex(exact, MARKS))
    plain = pc.and_(indirect, quote.is_null())
    looked_at = pc.or_(pc.invert(plain), pc.is_in(numbers(len(items)), marked))
    contents = _grouped(owner, exact)
    rows = pc.indices_nonzero(pc.fill_null(looked_at, False))
    columns = (rows, kind.take(rows), quote.take(rows), items.article.take(rows))
    for row, name, words, article in zip(*(c.to_pylist() for c in columns), strict=True):
        if not is_sound(name, words, contents[row]):
            rejected.articles.add(article)


def reject_odd_tolls(
    items: Items, counts: Columns, languages: Sequence[str], spans: pa.Table, rejected: Rejected
) -> None:
    """Rejects claims whose proved count spans do not state their settled counts.

    `languages` are the primary subtags of the articles, by number.
    """
    words = _grouped(*_of_role(spans, "casualty_id", "count"))
    names = ("count_low", "count_best", "count_high", "quantifier")
    columns = [counts[name].to_pylist() for name in names]
    articles = items.article.to_pylist()
    for row, (article, *bounds) in enumerate(zip(articles, *columns, strict=True)):
        said = tuple(words[row])
        if said and verdict(said, Counts(*bounds), languages[article]) != "agrees":
            rejected.articles.add(article)


def reject_copied(items: Items, texts: Sequence[str], rejected: Rejected) -> None:
    """Rejects incidents whose title or summary may share a run of words with their article."""
    lower: dict[int, str] = {}
    for name in OWN_WORDS:
        long = pc.greater_equal(pc.utf8_length(items[name]), _SHORTEST)
        own, articles = items[name].filter(long), items.article.filter(long)
        for said, article in zip(own.to_pylist(), articles.to_pylist(), strict=True):
            words = plain_words(said)
            if len(words) >= RUN:
                if article not in lower:
                    lower[article] = texts[article].lower()
                if may_be_copied(words, lower[article]):
                    rejected.articles.add(article)


def _of_role(spans: pa.Table, subject: str, role: str) -> tuple[pa.Array, pa.Array]:
    """The owners and words of the spans of one role, in text order."""
    mine = spans.filter(pc.and_(pc.equal(spans["subject"], subject), pc.equal(spans["role"], role)))
    mine = mine.select(["owner", "start", "end", "exact"]).combine_chunks()
    mine = mine.sort_by([(name, "ascending") for name in ("owner", "start", "end")])
    return mine["owner"].combine_chunks(), mine["exact"].combine_chunks()


def _grouped(owner: pa.Array, exact: pa.Array) -> dict[int, list[str]]:
    """The words of each owner; of one that has none, an empty list."""
    words: dict[int, list[str]] = defaultdict(list)
    for row, said in zip(owner.to_pylist(), exact.to_pylist(), strict=True):
        words[row].append(said)
    return words
