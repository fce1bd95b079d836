"""What the fast way asks of the words of many articles: quotes, counts and own words, by row."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.bulk.flat import Items, Rejected, are_first, given, joined, numbers, text
from dateline.build.check.copied import OWN_WORDS, RUN, may_be_copied, plain_words
from dateline.build.check.counts import Counts
from dateline.build.check.marks import DOUBLE, MARKS, is_sound
from dateline.build.check.tolls import verdict

Columns = dict[str, pa.Array]
# Eight words of one letter.
_SHORTEST = 2 * RUN - 1
# Words that are a direct quote whatever else they are.
_MARKED = rf"\A[{DOUBLE}](?s:.*)[{DOUBLE}]\z"


def reject_odd_quotes(
    items: Items, is_open: pa.Array, spans: pa.Table, rejected: Rejected, *, verbatim: bool
) -> None:
    """Rejects statements whose type or quote_text does not fit their proved content spans."""
    kind, quote = items["quote_type"], items["quote_text"]
    indirect = pc.equal(kind, "indirect")
    if verbatim:
        unquoted = pc.and_(quote.is_null(), pc.invert(indirect))
        rejected.where(pc.and_not(unquoted, is_open), items.article)
    owner, contents = _of_role(spans, "statement_id", "content")
    has_marks = pc.match_substring_regex(contents.flatten(), MARKS)
    marked = owner.take(pc.list_parent_indices(contents)).filter(has_marks)
    number = numbers(len(items))
    plain = pc.and_not(pc.and_(indirect, quote.is_null()), pc.is_in(number, marked))
    whole = owner.filter(_are_whole(contents, kind.take(owner), quote.take(owner)))
    looked_at = pc.invert(pc.or_(plain, pc.is_in(number, whole)))
    rows = pc.indices_nonzero(pc.fill_null(looked_at, False))
    words = contents.take(pc.index_in(rows.cast(pa.int32()), owner))
    columns = (kind.take(rows), quote.take(rows), words, items.article.take(rows))
    for name, said, pieces, article in zip(*(c.to_pylist() for c in columns), strict=True):
        if not is_sound(name, said, pieces or ()):
            rejected.articles.add(article)


def _are_whole(contents: pa.ListArray, kind: pa.Array, quote: pa.Array) -> pa.Array:
    """Whether the only content of each is its direct quote and a mark at both ends; null is no."""
    words = pc.list_element(contents, 0)
    is_direct = pc.and_(pc.equal(kind, "direct"), pc.equal(pc.list_value_length(contents), 1))
    is_quote = pc.equal(pc.utf8_slice_codeunits(words, 1, -1), quote)
    return pc.and_(pc.and_(is_direct, is_quote), pc.match_substring_regex(words, _MARKED))


def reject_odd_tolls(
    items: Items, counts: Columns, languages: Sequence[str], spans: pa.Table, rejected: Rejected
) -> None:
    """Rejects claims whose proved count spans do not state their settled counts.

    `languages` are the primary subtags of the articles, by number.
    """
    rows, words = _of_role(spans, "casualty_id", "count")
    articles = items.article.take(rows)
    bounds = [given(text(counts[f"count_{part}"].take(rows))) for part in ("low", "best", "high")]
    quantifier, language = given(counts["quantifier"].take(rows)), pa.array(languages, pa.string())
    # Articles say the same things: each is judged once.
    cases = joined(pc.binary_join(words, "\0"), *bounds, quantifier, language.take(articles))
    cases = cases.dictionary_encode()
    odd = [not _agrees(*case.split("\0")) for case in cases.dictionary.to_pylist()]
    rejected.where(pa.array(odd, pa.bool_()).take(cases.indices), articles)


def _agrees(*case: str) -> bool:
    """Whether words state what the last five of these say: three counts, quantifier, language."""
    *words, quantifier, language = case
    low, best, high = (int(count) if count else None for count in words[-3:])
    counts = Counts(low, best, high, quantifier or None)
    return verdict(tuple(words[:-3]), counts, language) == "agrees"


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


def _of_role(spans: pa.Table, subject: str, role: str) -> tuple[pa.Array, pa.ListArray]:
    """The owners of the spans of one role, each once, and the words of theirs in text order."""
    mine = pc.and_(pc.equal(spans["subject"], subject), pc.equal(spans["role"], role))
    found = spans.select(["owner", "start", "end", "exact"]).filter(mine).combine_chunks()
    found = found.sort_by([(name, "ascending") for name in ("owner", "start", "end")])
    owner, exact = (pa.array(found[name].combine_chunks()) for name in ("owner", "exact"))
    firsts = pc.indices_nonzero(are_first(owner)).cast(pa.int32())
    ends = pa.concat_arrays([firsts, pa.array([len(owner)], pa.int32())])
    return owner.take(firsts), pa.ListArray.from_arrays(ends, exact)
