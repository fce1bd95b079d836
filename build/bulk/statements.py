"""Statements of many articles at once: defaults from their spans, and doubts, by column."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.rows import CUE_LENGTH, LABEL_LENGTH
from dateline.build.bulk.flat import NULL, Items, Rejected, numbers
from dateline.build.bulk.tables import reject_odd_space
from dateline.build.check.values import ARTICLE_WORDS, QUOTE_WORDS

Columns = dict[str, pa.Array]


def spoken(items: Items, spans: pa.Table, rejected: Rejected) -> Columns:
    """The columns of statements that their proved spans and defaults decide."""
    label = _words(items, "speaker_label", "source", LABEL_LENGTH, spans, rejected)
    implicit = pc.and_(items["speaker"].is_null(), label.is_null())
    rejected.where(items["quote_type"].is_null(), items.article)
    return {
        "speaker_label": label,
        "cue_text": _words(items, "cue_text", "cue", CUE_LENGTH, spans, rejected),
        "anonymity": pc.coalesce(items["anonymity"], pc.if_else(implicit, "implicit", NULL)),
        "attribution_type": pc.fill_null(items["attribution_type"], "assertion"),
        "polarity": pc.fill_null(items["polarity"], "affirmed"),
        "certainty": pc.fill_null(items["certainty"], "unspecified"),
    }


def _words(
    items: Items, member: str, role: str, limit: int, spans: pa.Table, rejected: Rejected
) -> pa.Array:
    """The given words, else those of the only span of a role; several spans reject."""
    of_role = pc.and_(pc.equal(spans["subject"], "statement_id"), pc.equal(spans["role"], role))
    mine = spans.select(["owner", "exact"]).filter(of_role)
    owner, exact = (pa.array(mine[name].combine_chunks()) for name in ("owner", "exact"))
    given = items[member]
    counts = owner.value_counts()
    several = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    number = numbers(len(items))
    rejected.where(pc.and_(given.is_null(), pc.is_in(number, several)), items.article)
    found = exact.take(pc.index_in(number, owner))
    found = pc.if_else(pc.less_equal(pc.utf8_length(found), limit), found, NULL)
    words = pc.coalesce(given, found)
    reject_odd_space(words, items.article, rejected)
    return words


def reject_unsaid(
    items: Items, is_open: pa.Array, published: pa.Array, rejected: Rejected, *, verbatim: bool
) -> None:
    """Rejects statements by hand without a paraphrase, said too late, or quoted at length."""
    rejected.where(pc.and_not(items["paraphrase"].is_null(), is_open), items.article)
    rejected.where(pc.greater(items["said_on"], published), items.article)
    if not verbatim:
        return
    words = pc.add(pc.count_substring(items["quote_text"], " "), 1)
    rejected.where(pc.greater(words, QUOTE_WORDS), items.article)
    sums = pa.table({"article": items.article, "words": words}).group_by("article")
    total = sums.aggregate([("words", "sum")])
    many = pc.greater(total["words_sum"], ARTICLE_WORDS)
    rejected.where(many.combine_chunks(), total["article"].combine_chunks())
