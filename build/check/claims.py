"""Casualty claims settled inside their article: counts, set, coverage and day, given or default."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from dateline.build.check.counts import Counts, check_counts, counts_of
from dateline.build.check.items import Item
from dateline.build.issues import Finding

Json = dict[str, Any]


class Claim(NamedTuple):
    """A claim with every default of data-model.md section 3 that its article decides."""

    stance: str
    demographic: str
    occupation: str
    victim_set: str | None
    covers_set: bool | None
    as_of: str | None
    counts: Counts


def settle(items: Sequence[Item], published: str | None, found: list[Finding]) -> dict[str, Claim]:
    """The settled claims of an article by pointer; `published` is the day it was published."""
    by_set: dict[tuple[str, str], list[Item]] = defaultdict(list)
    claims = [item for item in items if item.table == "casualties"]
    for item in claims:
        assert item.incident is not None
        by_set[item.incident["id"], item.data["harm_type"]].append(item)
    settled: dict[str, Claim] = {}
    for group in by_set.values():
        named = any(item.data.get("victim_set") is not None for item in group)
        totals = {_speaker_and_set(item) for item in group if _is_total(item.data)}
        for item in group:
            settled[item.pointer] = _settled(item, named, totals, published, found)
        found += _subsets(group)
    return settled


def _is_total(claim: Json) -> bool:
    """Whether it is its claimant's total: for everyone in the set."""
    return claim["victim_category"] == "all" and _is_whole(claim) and not claim.get("subset_of")


def _is_whole(claim: Json) -> bool:
    """Whether it speaks of all people of its category, whatever their age or work."""
    return all(claim.get(key) in (None, "any") for key in ("demographic", "occupation"))


def _speaker_and_set(item: Item) -> tuple[str | None, str | None]:
    return item.data.get("claimant"), item.data.get("victim_set")


def _settled(
    item: Item,
    named: bool,
    totals: Iterable[tuple[str | None, str | None]],
    published: str | None,
    found: list[Finding],
) -> Claim:
    claim = item.data
    victim_set = claim.get("victim_set")
    if victim_set is None and not named:
        victim_set = claim["harm_type"]
    covers = claim.get("covers_set")
    if covers is None and (_is_total(claim) or _speaker_and_set(item) in totals):
        covers = True
    elif covers is None and item.is_open:
        covers = False
    counts = counts_of(claim)
    found += check_counts(claim, item.pointer, counts)
    found += _missing(item, victim_set, covers)
    return Claim(
        claim.get("stance") or "asserts",
        claim.get("demographic") or "any",
        claim.get("occupation") or "any",
        victim_set,
        covers,
        claim.get("as_of") or published,
        counts,
    )


def _missing(item: Item, victim_set: str | None, covers: bool | None) -> Iterable[Finding]:
    if victim_set is None:
        message = (
            f"{item.pointer}: expected a victim_set, since other claims of this harm in the "
            "incident name one; got none; add the label of the same people, or one of its own"
        )
        yield Finding("casualty-set-missing", item.pointer, message)
    if covers is None:
        message = (
            f"{item.pointer}: expected covers_set, since the claim is neither for all nor beside "
            "the same claimant's claim for all; got none; add true if the claimant speaks of "
            "everyone in the set, false if of a part"
        )
        yield Finding("casualty-covers-missing", item.pointer, message)
    claimed, said = item.data.get("claimant"), item.data.get("statement")
    if claimed is not None and said is None and not item.is_open:
        message = (
            f"{item.pointer}: expected the statement in which the claimant says so; got none; "
            "add its id"
        )
        yield Finding("casualty-statement-missing", item.pointer, message)


def _subsets(group: Sequence[Item]) -> Iterable[Finding]:
    """Rows about a part of a claimant's people that do not say which row they are a part of."""
    wholes = {_speaker_and_set(item) for item in group if _is_whole(item.data)}
    for item in group:
        is_part = not _is_whole(item.data) and _speaker_and_set(item) in wholes
        if is_part and item.data.get("subset_of") is None:
            message = (
                f"{item.pointer}: expected subset_of, since the same claimant counts all people "
                "of the set too; got none; name the claim that these people are part of"
            )
            yield Finding("casualty-subset-missing", item.pointer, message)
