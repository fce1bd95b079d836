"""Random claims about incidents: as annotated articles, and as the reference estimate reads them.

They keep the rules of data-model.md section 6, so that only the estimate is at stake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from corpus import ARMY, SHELLING, article
from reference_estimate import Claim, Counts

Json = dict[str, Any]

DAY = date(2024, 3, 5)
SPEAKERS = ("army", "rebels", "clinic")
ACTORS = [{**ARMY, "id": name, "key": name, "name": name} for name in SPEAKERS]
# Pairs of victim sets that the registry calls equal; all others are disjoint.
EQUAL: tuple[tuple[str, ...], ...] = ((), ("ab",), ("bc",), ("ca",), ("ab", "cb"), ("ac", "ab"))
QUANTIFIERS = (
    *("exact",) * 12,
    *("at_least", "at_least", "more_than", "range", "range"),
    *("at_most", "approximately", "vague", "none_stated"),
)
FORMS = ("total", "total", "total", "total", "parts", "both", "ages", "denied", "unconfirmed")


class Drawn(NamedTuple):
    """Articles on one incident, what the registry says of it, its claims for the reference."""

    articles: list[Json]
    entry: Json
    claims: list[Claim]


class Figure(NamedTuple):
    """A number of people: the words for it, and who they are."""

    quantifier: str
    n: int
    category: str = "all"
    demographic: str = "any"
    stance: str = "asserts"

    @property
    def counts(self) -> Counts:
        """The three bounds that the table of section 4 gives the words."""
        n = self.n
        return {
            "exact": (n, n, n),
            "at_least": (n, n, None),
            "more_than": (n + 1, None, None),
            "at_most": (None, None, n),
            "approximately": (None, n, None),
            "range": (n, None, n + 2),
            "vague": (n, None, None),
            "none_stated": (None, None, None),
        }[self.quantifier]

    @property
    def annotated(self) -> Json:
        """The members of a claim that say so."""
        people = {
            "victim_category": self.category,
            "demographic": self.demographic,
            "stance": self.stance,
            "quantifier": self.quantifier,
        }
        if self.quantifier == "range":
            return {**people, "count": [self.n, self.n + 2]}
        if self.quantifier == "vague":
            return {**people, "count_low": self.n}
        return {**people, "count": None if self.quantifier == "none_stated" else self.n}


def draw(random: Random, name: str) -> Drawn:
    """An incident of this key, reported in one to four articles."""
    equal = random.choice(EQUAL)
    drawn = Drawn([], _entry(name, equal), [])
    for at in range(random.randint(1, 4)):
        _report(random, name, at, equal, drawn)
    return drawn


def _entry(name: str, equal: Sequence[str]) -> Json:
    """What the registry says: one label of each set is disjoint with one of each other set."""
    labels = list({_people(label, equal): label for label in "abc"}.values())
    disjoint = [[a, b] for a in labels for b in labels if a < b]
    return {"key": name, "victim_sets": {"equal": [list(p) for p in equal], "disjoint": disjoint}}


def _people(label: str, equal: Sequence[str]) -> str:
    """One name for all labels that the pairs connect."""
    found = {label}
    for pair in (*equal, *equal):
        found |= set(pair) if found & set(pair) else set()
    return min(found)


def _report(random: Random, name: str, at: int, equal: Sequence[str], drawn: Drawn) -> None:
    """Adds the article number `at`; no claimant speaks twice of one set and harm in it."""
    days = random.choice([0, 0, 0, 1, 1, 2, None])
    published = None if days is None else DAY + timedelta(days=days)
    publisher = random.choice(["Wire", "Wire", "Post", None])
    original = random.randrange(at) if at and random.random() < 0.2 else None
    rows: list[Json] = []
    seen = set()
    for place in range(random.randint(1, 4)):
        claimant, label = random.choice([None, *SPEAKERS]), random.choice("aaaaaabbc")
        harm = "injured" if random.random() < 0.1 else "killed"
        if (claimant, label, harm) in seen:
            continue
        seen.add((claimant, label, harm))
        said = Claim(
            people=_people(label, equal),
            claimant=claimant or ("publisher", publisher or at),
            article=at,
            as_of=published,
            counts=(None, None, None),
            harm=harm,
            is_copy=original is not None,
        )
        members = {"claimant": claimant, "victim_set": label, "harm_type": harm}
        for number, (row, claim) in enumerate(_rows(random, said, f"c{place}")):
            rows.append({**members, **row, "id": row.get("id") or f"c{place}-{number}"})
            drawn.claims.append(claim)
    source = {
        "publisher": publisher,
        "published_at": published.isoformat() if published else None,
        "syndicated_from": f"{name}-{original}" if original is not None else None,
    }
    incident = {**SHELLING, "key": name, "casualties": rows}
    made = {"annotation": {"method": "import"}, "actors": ACTORS, "incidents": [incident]}
    drawn.articles.append(article(f"{name}-{at}", source, **made))


def _rows(random: Random, said: Claim, name: str) -> Iterator[tuple[Json, Claim]]:
    """What one claimant says of one set: rows as annotated and for the reference."""
    form = random.choice(FORMS)
    said = said._replace(covers=random.random() < 0.7 and form not in ("denied", "unconfirmed"))
    day: Json = {}
    if said.as_of and random.random() < 0.5:
        said = said._replace(as_of=said.as_of - timedelta(days=random.choice([0, 1, 2])))
        day = {"as_of": str(said.as_of)}
    for number, figure in enumerate(_figures(random, form, covers=said.covers)):
        row = _row(said, figure)
        member = f"{name}-{number}"
        yield {**figure.annotated, **day, "id": member, "covers_set": row.covers}, row
        if not number and form in ("total", "parts") and random.random() < 0.5:
            n = min(random.randint(0, 1), 1 if row.counts[2] is None else row.counts[2])
            few = Figure("exact", n, figure.category, "child")
            subset = {"subset_of": member, "id": f"{name}-child", "covers_set": row.covers}
            yield {**few.annotated, **day, **subset}, _row(said, few)._replace(is_subset=True)
    if said.as_of and form in ("total", "parts", "both") and random.random() < 0.2:
        figure, before = _figure(random), said.as_of - timedelta(days=1)
        row = _row(said._replace(as_of=before), figure)
        earlier = {"as_of": str(before), "id": f"{name}-before", "covers_set": row.covers}
        yield {**figure.annotated, **earlier}, row


def _row(said: Claim, figure: Figure) -> Claim:
    whole = figure.category == "all" and figure.demographic == "any"
    return said._replace(counts=figure.counts, is_all=whole, stance=figure.stance)


def _figure(random: Random) -> Figure:
    """A total, small so that claimants agree now and then."""
    return Figure(random.choice(QUANTIFIERS), random.randint(0, 3))


def _figures(random: Random, form: str, *, covers: bool) -> Iterator[Figure]:
    first, *parts = (_figure(random) for _ in range(3))
    if form == "denied":
        yield Figure("none_stated", 0, "civilian", stance="denies")
    elif form == "unconfirmed":
        yield Figure("none_stated", 0, stance="cannot_confirm")
    elif form == "total":
        yield first
    elif form == "parts":
        for category, part in zip(("civilian", "militant"), parts, strict=True):
            yield part._replace(category=category)
    elif form == "ages":
        yield parts[0]._replace(category="all", demographic="woman")
        yield parts[1]._replace(category="civilian", demographic="man")
    else:
        # Parts that cover the set add up to the total, others to no more than it (rule 47).
        quantifier = random.choice(["exact", "at_least", "approximately"])
        yield Figure(quantifier, sum(part.n for part in parts) + (0 if covers else first.n))
        for category, part in zip(("civilian", "militant"), parts, strict=True):
            yield Figure("exact", part.n, category)
