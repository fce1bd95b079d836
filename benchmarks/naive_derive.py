"""What the plain pipeline derives from rows of several articles: tolls and incident columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from dateline.schema import Codebook

Row = dict[str, Any]
Triple = tuple[int | None, ...]  # low, best, high

SAME_CLAIM = ("harm_type", "victim_category", "demographic", "occupation", "victim_set")
ARMED = {"state_armed", "nonstate_armed"}


def derive(tables: dict[str, dict[str, Row]], codebook: Codebook) -> None:
    """Fill the derived columns of incidents and claims in place."""
    types = codebook.vocabularies["actor_type"]
    columns = {"class": types.column("class"), "organised": types.column("organised")}
    kinds = {
        actor: (columns["class"][row["actor_type"]], columns["organised"][row["actor_type"]])
        for actor, row in tables["actors"].items()
    }
    violent = codebook.vocabularies["incident_type"].column("violent")
    participants = by_incident(tables["participants"].values())
    claims = by_incident(tables["casualties"].values())
    statements = by_incident(tables["statements"].values())
    mentions = by_incident(tables["evidence"].values())
    publishers = {article: row["publisher"] for article, row in tables["articles"].items()}
    for incident, row in tables["incidents"].items():
        for claim in claims[incident]:
            claim["source"] = claim["claimant_actor_id"] or publishers[claim["article_id"]]
        supersede(claims[incident])
        rule, killed = estimate(claims[incident])
        row["estimate_rule"] = rule
        row["killed_low"], row["killed_best"], row["killed_high"] = killed
        row["verification_status"] = verification(
            participants[incident],
            claims[incident],
            {s["speech_act"] for s in statements[incident]},
            {e["article_id"] for e in mentions[incident]},
        )
        row["violence_type"] = violence(
            participants[incident], kinds, violent[row["incident_type"]] == "true"
        )
        row["civilian_targeting"] = targeting(participants[incident], kinds)
    for row in tables["casualties"].values():
        del row["source"]
    for row in tables["participants"].values():
        del row["voices"]


def by_incident(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows that name an incident, by its id."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("incident_id"):
            found[row["incident_id"]].append(row)
    return found


def supersede(claims: list[Row]) -> None:
    """Link each claim to the same source's latest earlier one."""
    versions: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: (c["as_of"], c["casualty_id"])):
        versions[claim["source"], *(claim[name] for name in SAME_CLAIM)].append(claim)
    for series in versions.values():
        for claim in series:
            earlier = [c for c in series if c["as_of"] < claim["as_of"]]
            if earlier and not claim.get("supersedes_casualty_id"):
                claim["supersedes_casualty_id"] = earlier[-1]["casualty_id"]


def estimate(claims: list[Row]) -> tuple[str, Triple]:
    """The rule and the killed of one incident (data model, section 4); claims that differ range."""
    sets: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        counted = (claim["stance"], claim["harm_type"]) == ("asserts", "killed")
        if counted and not claim.get("subset_of_casualty_id"):
            sets[claim["victim_set"]][claim["source"]].append(claim)
    results = [of_set(list(sources.values())) for sources in sets.values()]
    triple = add([found for _, found in results])
    if triple == (None, None, None):
        return "none_reported", triple
    rules = [rule for rule, _ in results]
    order = ("range_only", "consensus", "single_claim")
    return next(rule for rule in order if rule in rules), triple


def of_set(sources: list[list[Row]]) -> tuple[str, Triple]:
    """The rule and the toll of one set of victims, from each source's latest claims."""
    covering: list[Triple] = []
    parts: list[int] = []
    for claims in sources:
        latest = max(claim["as_of"] for claim in claims)
        current = [claim for claim in claims if claim["as_of"] == latest]
        if any(claim["covers_set"] for claim in current):
            articles: dict[str, list[Row]] = defaultdict(list)
            for claim in current:
                articles[claim["article_id"]].append(claim)
            covering.append(hull([total(rows) for rows in articles.values()]))
        else:
            parts.append(sum(claim.get("count_low") or 0 for claim in current))
    if not covering:
        return "range_only", (max(parts), None, None)
    if len(covering) == 1:
        return "single_claim", covering[0]
    if len(set(covering)) == 1:
        return "consensus", covering[0]
    low, _, high = hull(covering)
    return "range_only", (low, None, high)


def total(claims: list[Row]) -> Triple:
    """One source's toll in one article: its own total, else the sum of its parts."""
    whole = [claim for claim in claims if claim["victim_category"] == "all"]
    return add(
        [
            (c.get("count_low"), c.get("count_best"), c.get("count_high"))
            for c in whole[:1] or claims
        ]
    )


def add(triples: list[Triple]) -> Triple:
    """The sum of each bound; null where a part is null or there is none."""
    bounds = list(zip(*triples, strict=True)) or [(None,)] * 3
    return tuple(None if None in bound else sum(bound) for bound in bounds)


def hull(triples: list[Triple]) -> Triple:
    """Lowest low, highest high, the best that all share; null where one is null."""
    low, best, high = zip(*triples, strict=True)
    return (
        None if None in low else min(low),
        best[0] if len(set(best)) == 1 else None,
        None if None in high else max(high),
    )


def verification(
    participants: list[Row], claims: list[Row], acts: set[str], articles: set[str]
) -> str:
    """The verification status (data model, section 3); no incident is discounted by hand."""
    accused: dict[str, set[str]] = defaultdict(set)  # accuser -> initiators
    for row in participants:
        if row["role"] == "initiator" and row.get("attributed_by_actor_id"):
            accused[row["attributed_by_actor_id"]].add(row["actor_id"])
    denied = any(claim["stance"] == "denies" for claim in claims)
    if denied or {"accuse", "deny"} <= acts or len({frozenset(a) for a in accused.values()}) > 1:
        return "contested"
    admitted = ("initiator", "captor", "claimant")
    if any(
        p["attribution_basis"] == "claimed_or_admitted" and p["role"] in admitted
        for p in participants
    ):
        return "acknowledged"
    voices = {claim["source"] for claim in claims if claim["stance"] == "asserts"}
    voices.update(*(p["voices"] for p in participants))
    return "corroborated" if len(voices) > 1 or len(articles) > 1 else "single_source"


def violence(
    participants: list[Row], kinds: dict[str, tuple[str, str]], violent: bool
) -> str | None:
    """The violence type (data model, rule 29); null where the sides do not tell it."""
    if not violent:
        return "not_applicable"
    sides = {
        side: [kinds[p["actor_id"]] for p in participants if p["side"] == side] for side in "ab"
    }
    a, b = ({kind for kind, _ in sides[side]} for side in "ab")
    if a & ARMED and b & ARMED:
        return "state_based" if "state_armed" in a | b else "non_state"
    victims = {kinds[p["actor_id"]][0] for p in participants if p["role"] == "victim"}
    organised = any(kind in ARMED and flag == "true" for kind, flag in sides["a"])
    return "one_sided" if organised and (b | victims) == {"civilian"} else None


def targeting(participants: list[Row], kinds: dict[str, tuple[str, str]]) -> bool | None:
    """Whether civilians were targeted; null where the classes do not tell it."""
    roles = ("target", "victim", "captive")
    hit = {kinds[p["actor_id"]][0] for p in participants if p["role"] in roles}
    if "civilian" in hit:
        return True
    return None if not hit or "unknown" in hit else False
