"""The casualty estimate of data-model.md section 4, step by step in plain Python.

Written from the text and slow on purpose: what the tool computes in SQL is compared with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

Counts = tuple[int | None, int | None, int | None]


class Claim(NamedTuple):
    """A row of casualties of one incident, as far as the estimate reads it.

    `people` is its victim set, one name for sets that are equal; `claimant` the actor, or the
    publisher for the own voice; `is_all` says that it counts everyone in the set, whatever
    category, age and work; `is_copy` that its article is a syndicated copy. `as_of` is null where
    an import does not know the day.
    """

    people: str
    claimant: Hashable
    article: Hashable
    as_of: date | None
    counts: Counts
    is_all: bool = True
    covers: bool = True
    stance: str = "asserts"
    harm: str = "killed"
    is_subset: bool = False
    is_copy: bool = False


class Total(NamedTuple):
    """What a covering claimant says of a set, and the day for which it says so."""

    counts: Counts
    as_of: date | None


class Estimate(NamedTuple):
    """The three bounds of a set or of an incident, and the rule that gave them."""

    low: int | None
    best: int | None
    high: int | None
    rule: str

    @property
    def counts(self) -> Counts:
        """The bounds alone."""
        return self.low, self.best, self.high


def estimate(claims: Iterable[Claim], project_rule: str) -> Estimate:
    """The people killed in one incident."""
    sets: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if (
            claim.stance == "asserts"
            and claim.harm == "killed"
            and not claim.is_subset
            and not claim.is_copy
        ):
            sets[claim.people].append(claim)
    return _incident([_set(found, project_rule) for found in sets.values()], project_rule)


def _latest(claims: Sequence[Claim]) -> list[Claim]:
    """Step 1: of one claimant's rows in a set those of its latest day."""
    days = [claim.as_of for claim in claims if claim.as_of is not None]
    latest = max(days, default=None)
    return [claim for claim in claims if claim.as_of == latest]


def _by(claims: Iterable[Claim], key: Callable[[Claim], Hashable]) -> list[list[Claim]]:
    groups: dict[Hashable, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[key(claim)].append(claim)
    return list(groups.values())


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _counted(rows: Sequence[Claim]) -> Sequence[Claim]:
    """Step 2: the row for all of a claimant in one article, else all its parts."""
    return [row for row in rows if row.is_all] or rows


def _said(rows: Sequence[Claim]) -> Counts:
    """Step 2: what one claimant says in one article, null where a part is null."""
    low, best, high = (_sum([row.counts[n] for row in _counted(rows)]) for n in range(3))
    return low, best, high


def _hull(triples: Sequence[Counts]) -> Counts:
    """Step 1: figures that articles of one day give one claimant, as one."""
    lows, bests, highs = zip(*triples, strict=True)
    return (
        None if None in lows else min(lows),
        bests[0] if len(set(bests)) == 1 else None,
        None if None in highs else max(highs),
    )


def _totals(speakers: Iterable[Sequence[Claim]]) -> Iterator[Total]:
    """Step 2: the covering claimants' figures for one set."""
    for rows in speakers:
        articles = _by(rows, lambda row: row.article)
        covering = [found for found in articles if any(row.covers for row in _counted(found))]
        if covering:
            yield Total(_hull([_said(found) for found in covering]), rows[0].as_of)


def _largest_part(speakers: Iterable[Sequence[Claim]]) -> int | None:
    """Step 3, none covering: the largest sum of lows; a part without one takes nothing from it."""
    sums = []
    for rows in speakers:
        for found in _by(rows, lambda row: row.article):
            lows = [row.counts[0] for row in _counted(found)]
            known = [low for low in lows if low is not None]
            sums += [sum(known)] if known else []
    return max(sums, default=None)


def _set(claims: Sequence[Claim], project_rule: str) -> Estimate:
    """Step 3: one set, from its covering claimants, else from the largest part."""
    speakers = [_latest(rows) for rows in _by(claims, lambda claim: claim.claimant)]
    totals = list(_totals(speakers))
    if not totals:
        return Estimate(_largest_part(speakers), None, None, "range_only")
    triples = [total.counts for total in totals]
    if len(totals) == 1:
        return Estimate(*triples[0], "single_claim")
    if len(set(triples)) == 1:
        return Estimate(*triples[0], "consensus")
    lows, _, highs = zip(*triples, strict=True)
    best = _best(totals, project_rule)
    return Estimate(
        None if None in lows else min(lows),
        best,
        None if None in highs else max(highs),
        "range_only" if best is None else project_rule,
    )


def _best(totals: Sequence[Total], project_rule: str) -> int | None:
    """Step 3: the best of claimants that differ, null where the rule names none."""
    bests = [total.counts[1] for total in totals]
    known = [best for best in bests if best is not None]
    if project_rule == "most_recent_reliable":
        days = [total.as_of for total in totals if total.as_of is not None]
        newest = [total for total in totals if days and total.as_of == max(days)]
        return newest[0].counts[1] if len(newest) == 1 else None
    if project_rule == "majority":
        return next((best for best in known if 2 * bests.count(best) > len(bests)), None)
    if project_rule == "most_conservative":
        return min(known, default=None)
    return None


def _incident(sets: Sequence[Estimate], project_rule: str) -> Estimate:
    """Step 4: the sums over the sets, and the rule that speaks for all of them."""
    low, best, high = (_sum([found.counts[n] for found in sets]) for n in range(3))
    if not sets or (low is None and best is None and high is None):
        return Estimate(None, None, None, "none_reported")
    rules = {found.rule for found in sets}
    order = ("range_only", project_rule, "consensus", "single_claim")
    rule = rules.pop() if len(rules) == 1 else next(name for name in order if name in rules)
    # Rule 27: without a best, no rule has chosen one.
    if best is None and rule not in ("single_claim", "consensus"):
        rule = "range_only"
    return Estimate(low, best, high, rule)
