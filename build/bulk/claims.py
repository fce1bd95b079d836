"""Casualty claims of many articles at once: the defaults of `check.claims`, by column."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.bulk.flat import Items, Rejected, given, joined, text

Columns = dict[str, pa.Array]

_SHORT = pa.array(["exact", "at_least", "more_than", "at_most", "approximately"])
# The quantifiers that state a low, a best, a high bound (rule 46).
_LOW = pa.array(["exact", "at_least", "more_than", "range", "vague"])
_BEST = pa.array(["exact", "at_least", "approximately"])
_HIGH = pa.array(["exact", "at_most", "range"])
_NO_COUNT = pa.scalar(None, pa.int64())


def settled(claims: Items, is_open: pa.Array, published: pa.Array, rejected: Rejected) -> Columns:
    """The columns of claims that defaults decide; `published` is the day of each claim's article.

    Claims whose defaults need more than this reject their articles.
    """
    harm, own_set = claims["harm_type"], claims["victim_set"]
    group = joined(text(claims.parent), harm)
    named = pc.is_in(group, group.filter(own_set.is_valid()).unique())
    victim_set = pc.coalesce(own_set, pc.if_else(named, pa.scalar(None, pa.string()), harm))
    rejected.where(victim_set.is_null(), claims.article)

    whole = pc.and_(_any(claims["demographic"]), _any(claims["occupation"]))
    is_part = claims["subset_of"].is_valid()
    total = pc.and_(pc.equal(claims["victim_category"], "all"), pc.and_not(whole, is_part))
    speaker = joined(group, given(claims["claimant"]), given(own_set))
    beside = pc.is_in(speaker, speaker.filter(total).unique())
    covers = pc.coalesce(claims["covers_set"], _true_or_null(pc.or_(total, beside)))
    covers = pc.coalesce(covers, pc.if_else(is_open, False, pa.scalar(None, pa.bool_())))
    rejected.where(covers.is_null(), claims.article)
    loose = pc.and_(pc.invert(whole), pc.invert(is_part))
    has_whole = pc.is_in(speaker, speaker.filter(whole).unique())
    rejected.where(pc.and_(loose, has_whole), claims.article)
    unsaid = pc.and_(claims["claimant"].is_valid(), claims["statement"].is_null())
    rejected.where(pc.and_not(unsaid, is_open), claims.article)
    rejected.where(pc.greater(claims["as_of"], published), claims.article)
    return {
        "stance": pc.fill_null(claims["stance"], "asserts"),
        "demographic": pc.fill_null(claims["demographic"], "any"),
        "occupation": pc.fill_null(claims["occupation"], "any"),
        "victim_set": victim_set,
        "covers_set": covers,
        "as_of": pc.coalesce(claims["as_of"], published),
        **_counts(claims, rejected),
    }


def _any(codes: pa.Array) -> pa.Array:
    return pc.fill_null(pc.equal(codes, "any"), True)


def _true_or_null(mask: pa.Array) -> pa.Array:
    return pc.if_else(mask, True, pa.scalar(None, pa.bool_()))


def _counts(claims: Items, rejected: Rejected) -> Columns:
    """The three counts and the quantifier, a count in short form spelled out."""
    count = claims["count"]
    short = count.is_valid()
    low, best, high = (claims[f"count_{part}"] for part in ("low", "best", "high"))
    twice = pc.or_(pc.or_(low.is_valid(), best.is_valid()), high.is_valid())
    kind = pc.coalesce(
        claims["quantifier"], pc.if_else(short, "exact", pa.scalar(None, pa.string()))
    )
    unspelled = pc.invert(pc.is_in(kind, _SHORT))
    rejected.where(pc.and_(short, pc.or_(twice, unspelled)), claims.article)
    least = pc.if_else(pc.equal(kind, "more_than"), pc.add(count, 1), count)
    low = pc.if_else(short, pc.if_else(pc.is_in(kind, _LOW), least, _NO_COUNT), low)
    best = pc.if_else(short, pc.if_else(pc.is_in(kind, _BEST), count, _NO_COUNT), best)
    high = pc.if_else(short, pc.if_else(pc.is_in(kind, _HIGH), count, _NO_COUNT), high)
    rejected.where(pc.invert(_fits(low, best, high, kind)), claims.article)
    return {"count_low": low, "count_best": best, "count_high": high, "quantifier": kind}


def _fits(low: pa.Array, best: pa.Array, high: pa.Array, kind: pa.Array) -> pa.Array:
    """Whether the counts have the shape of their quantifier; false without one."""
    fits = kind.is_valid()
    for bound, stated in ((low, _LOW), (best, _BEST), (high, _HIGH)):
        fits = pc.and_(fits, pc.equal(bound.is_valid(), pc.is_in(kind, stated)))
    exact, at_least, between = (pc.equal(kind, k) for k in ("exact", "at_least", "range"))
    equal = pc.fill_null(pc.equal(low, best), False)
    level = pc.fill_null(pc.equal(best, high), False)
    ordered = pc.fill_null(pc.less(low, high), False)
    for case, holds in ((exact, pc.and_(equal, level)), (at_least, equal), (between, ordered)):
        fits = pc.and_(fits, pc.or_(pc.invert(pc.fill_null(case, False)), holds))
    return fits
