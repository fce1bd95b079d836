"""Cases of the rules on casualty claims (46 to 55)."""

from __future__ import annotations

from typing import Any

from rows_of_base import SECOND_ARTICLE, Cases, Change, add, by_import, counts, exactly, put

# A claim by the trader, in the trader's statement, where the base has one by the mayor.
TRADER = {"claimant_actor_id": "@trader", "statement_id": "@fled"}
PART = {"victim_category": "civilian", **exactly(2)}
CHILD = {"demographic": "child", "subset_of_casualty_id": "@toll", **exactly(1)}
EARLIER = {"as_of": "2024-03-04", "supersedes_casualty_id": None}


def claim(*keys: str, **values: Any) -> list[Change]:
    """Claims like the base's, with these values."""
    return [add(f"cas_{key}", "toll", **values) for key in keys]


CASUALTIES: Cases = {
    "bounds out of order": (
        "casualty-count-order",
        [put("toll", **counts(5, None, 3, "range"))],
        [put("toll", **counts(3, None, 5, "range"))],
    ),
    **{
        f"the shape of {bad[3]}: {bad[:3]}": (
            "casualty-count-shape",
            [put("toll", **counts(*bad))],
            [put("toll", **counts(*good))],
        )
        for bad, good in (
            ((3, 3, 4, "exact"), (3, 3, 3, "exact")),
            ((3, 3, 3, "at_least"), (3, 3, None, "at_least")),
            ((3, 3, None, "more_than"), (3, None, None, "more_than")),
            ((None, 3, 3, "at_most"), (None, None, 3, "at_most")),
            ((3, 3, None, "approximately"), (None, 3, None, "approximately")),
            ((3, None, 3, "range"), (3, None, 4, "range")),
            ((None, None, None, "vague"), (2, None, None, "vague")),
            ((0, 0, 0, "none_stated"), (None, None, None, "none_stated")),
        )
    },
    "parts that cover the set are fewer": (
        "casualty-parts-differ",
        claim("aaaaaa", **PART),
        claim("aaaaaa", **PART, covers_set=False),
    ),
    "parts are more": (
        "casualty-parts-differ",
        claim("aaaaaa", **PART | exactly(4), covers_set=False),
        claim("aaaaaa", **PART | exactly(3)),
    ),
    "parts are more than a lower bound": (
        "casualty-parts-differ",
        [put("toll", **counts(3, 3, None, "at_least")), *claim("aaaaaa", **PART | exactly(4))],
        [
            put("toll", **counts(None, 3, None, "approximately")),
            *claim("aaaaaa", **PART | counts(None, 4, None, "approximately")),
        ],
    ),
    "parts exceed an upper bound": (
        "casualty-parts-differ",
        [put("toll", **counts(2, None, 3, "range")), *claim("aaaaaa", **PART | exactly(4))],
        [put("toll", **counts(2, None, 4, "range")), *claim("aaaaaa", **PART | exactly(4))],
    ),
    "another's parts differ": (
        "casualty-parts-differ",
        claim("aaaaaa", **PART),
        claim("aaaaaa", **PART, **TRADER),
    ),
    "parts of another set or day": (
        "casualty-parts-differ",
        claim("aaaaaa", **PART),
        claim("aaaaaa", **PART, victim_set="school")
        + claim("bbbbbb", **PART, as_of="2024-03-04", claimant_actor_id="@mayor"),
    ),
    "a part larger than another's whole": (
        "casualty-parts-exceed-hint",
        claim("aaaaaa", **PART | exactly(5) | TRADER, covers_set=False),
        claim("aaaaaa", **PART | exactly(3) | TRADER, covers_set=False),
    ),
    "a part of a whole that is open above": (
        "casualty-parts-exceed-hint",
        claim("aaaaaa", **PART | exactly(5) | TRADER, covers_set=False),
        [
            put("toll", **counts(3, 3, None, "at_least")),
            *claim("aaaaaa", **PART | exactly(5) | TRADER, covers_set=False),
        ],
    ),
    "one claim twice": (
        "casualty-claim-repeated",
        claim("aaaaaa"),
        claim("aaaaaa", victim_actor_id=None),
    ),
    "one claim of the own voice twice": (
        "casualty-claim-repeated",
        [
            put("toll", claimant_actor_id=None, statement_id=None),
            *claim("aaaaaa", count_text=None),
        ],
        [put("toll", claimant_actor_id=None, statement_id=None), *claim("aaaaaa", **TRADER)],
    ),
    **{
        f"a part of a claim of another {column}": (
            "casualty-subset-of-other",
            [SECOND_ARTICLE, *claim("aaaaaa", **CHILD, **{column: value})],
            claim("aaaaaa", **CHILD),
        )
        for column, value in {
            "article_id": "art_second",
            "claimant_actor_id": None,
            "harm_type": "injured",
            "victim_set": "school",
        }.items()
    },
    "a part larger than the claim": (
        "casualty-subset-exceeds",
        claim("aaaaaa", **CHILD | exactly(4)),
        claim("aaaaaa", **CHILD | exactly(3)),
    ),
    "a part of an open claim": (
        "casualty-subset-exceeds",
        claim("aaaaaa", **CHILD | exactly(4)),
        [
            put("toll", **counts(3, 3, None, "at_least")),
            *claim("aaaaaa", **CHILD | exactly(4)),
        ],
    ),
    "women and children are more than all": (
        "casualty-subset-exceeds",
        claim("aaaaaa", **CHILD | exactly(2))
        + claim("bbbbbb", **CHILD | exactly(2, demographic="woman")),
        claim("aaaaaa", **CHILD | exactly(2))
        + claim("bbbbbb", **CHILD | exactly(2, demographic="elderly")),
    ),
    "medics and teachers are more than all": (
        "casualty-subset-exceeds",
        claim("aaaaaa", **CHILD | exactly(2, demographic="any", occupation="medical"))
        + claim("bbbbbb", **CHILD | exactly(2, demographic="any", occupation="education")),
        claim("aaaaaa", **CHILD | exactly(2, demographic="any", occupation="medical"))
        + claim("bbbbbb", **CHILD | exactly(2)),
    ),
    "a part of itself": (
        "casualty-subset-cycle",
        claim("aaaaaa", **CHILD | {"subset_of_casualty_id": "cas_aaaaaa"}),
        claim("aaaaaa", **CHILD),
    ),
    "parts of each other": (
        "casualty-subset-cycle",
        claim("aaaaaa", **CHILD | {"subset_of_casualty_id": "cas_bbbbbb"})
        + claim("bbbbbb", **CHILD | {"subset_of_casualty_id": "cas_aaaaaa"}),
        claim("aaaaaa", **CHILD | {"subset_of_casualty_id": "cas_bbbbbb"})
        + claim("bbbbbb", **CHILD),
    ),
    "a part that does not say so": (
        "casualty-subset-missing",
        claim("aaaaaa", **CHILD | {"subset_of_casualty_id": None}),
        claim("aaaaaa", **CHILD | TRADER | {"subset_of_casualty_id": None}),
    ),
    **{
        f"replaces a claim of another {column}": (
            "casualty-supersedes-other",
            [
                put("toll", supersedes_casualty_id="cas_aaaaaa"),
                *claim("aaaaaa", **EARLIER | {column: value}),
            ],
            [put("toll", supersedes_casualty_id="cas_aaaaaa"), *claim("aaaaaa", **EARLIER)],
        )
        for column, value in {
            "claimant_actor_id": "@trader",
            "harm_type": "injured",
            "victim_category": "civilian",
            "demographic": "child",
            "occupation": "medical",
            "victim_set": "school",
        }.items()
    },
    "replaces the claim of another publisher": (
        "casualty-supersedes-other",
        [
            SECOND_ARTICLE,
            put("toll", claimant_actor_id=None, supersedes_casualty_id="cas_aaaaaa"),
            *claim("aaaaaa", **EARLIER, claimant_actor_id=None, article_id="art_second"),
        ],
        [
            SECOND_ARTICLE,
            add("art_third", "article", article_key="orra-third"),
            put("toll", claimant_actor_id=None, supersedes_casualty_id="cas_aaaaaa"),
            *claim("aaaaaa", **EARLIER, claimant_actor_id=None, article_id="art_third"),
        ],
    ),
    "replaces a newer claim": (
        "casualty-supersedes-later",
        [
            put("toll", as_of="2024-03-03", supersedes_casualty_id="cas_aaaaaa"),
            *claim("aaaaaa", **EARLIER),
        ],
        [put("toll", supersedes_casualty_id="cas_aaaaaa"), *claim("aaaaaa", **EARLIER)],
    ),
    "replace each other": (
        "casualty-supersedes-cycle",
        claim("aaaaaa", as_of=None, supersedes_casualty_id="cas_bbbbbb")
        + claim("bbbbbb", as_of=None, supersedes_casualty_id="cas_aaaaaa"),
        claim("aaaaaa", as_of=None, supersedes_casualty_id="cas_bbbbbb")
        + claim("bbbbbb", as_of=None),
    ),
    "fewer were killed than before": (
        "casualty-toll-falls-hint",
        [
            put("toll", supersedes_casualty_id="cas_aaaaaa"),
            *claim("aaaaaa", **EARLIER | exactly(4)),
        ],
        [
            put("toll", supersedes_casualty_id="cas_aaaaaa"),
            *claim("aaaaaa", **EARLIER | counts(None, None, 4, "at_most")),
        ],
    ),
    "fewer are injured than before": (
        "casualty-toll-falls-hint",
        [
            put("toll", supersedes_casualty_id="cas_aaaaaa"),
            *claim("aaaaaa", **EARLIER | exactly(4)),
        ],
        [
            *claim("bbbbbb", harm_type="injured", supersedes_casualty_id="cas_aaaaaa"),
            *claim("aaaaaa", **EARLIER | exactly(4), harm_type="injured"),
        ],
    ),
    "the dead take no part": (
        "casualty-victim-absent",
        [put("toll", victim_actor_id="@trader")],
        [put("toll", victim_actor_id=None)],
    ),
    **{
        f"{kind} as {category}": (
            "casualty-victim-class",
            [put("toll", victim_category=category), put("dead", actor_type=kind)],
            [put("toll", victim_category=category), put("dead", actor_type=good)],
        )
        for category, kind, good in (
            ("militant", "state_police", "unidentified_armed"),
            ("militant", "unknown", "rebel_group"),
            ("militant", "civilians", "unclassified"),
            ("state_forces", "rebel_group", "peacekeeper_igo"),
            ("civilian", "state_military", "government"),
            ("civilian", "criminal_group", "unknown"),
        )
    },
    "a claim of somebody without statement": (
        "casualty-statement-missing",
        [put("toll", statement_id=None)],
        [put("toll", statement_id=None, claimant_actor_id=None)],
    ),
    "a claim by import without statement": (
        "casualty-statement-missing",
        [put("toll", statement_id=None)],
        [put("toll", statement_id=None), by_import],
    ),
    "the statement of another article": (
        "casualty-statement-article",
        [SECOND_ARTICLE, put("blamed", article_id="art_second")],
        [SECOND_ARTICLE, put("fled", article_id="art_second")],
    ),
    "another speaks": (
        "casualty-statement-speaker",
        [put("toll", statement_id="@fled")],
        [put("toll", statement_id="@fled"), put("fled", on_behalf_of_actor_id="@mayor")],
    ),
    "the own voice in a statement": (
        "casualty-statement-speaker",
        [put("toll", claimant_actor_id=None)],
        [put("toll", claimant_actor_id=None), put("blamed", speaker_actor_id=None)],
    ),
    "a statement on another incident": (
        "casualty-statement-incident",
        [add("inc_aaaaaa", "shelling"), put("blamed", incident_id="inc_aaaaaa")],
        [add("inc_aaaaaa", "shelling"), put("blamed", incident_id=None)],
    ),
    "a figure newer than its article": (
        "casualty-as-of-late",
        [put("toll", as_of="2024-03-06")],
        [put("toll", as_of="2024-03-05")],
    ),
    "a denial with a number": (
        "casualty-denial-count",
        [put("toll", stance="denies")],
        [put("toll", stance="denies", **exactly(0))],
    ),
    "a denial of a bound": (
        "casualty-denial-count",
        [put("toll", stance="denies", **counts(None, None, 0, "at_most"))],
        [put("toll", stance="denies", **counts(None, None, None, "none_stated"))],
    ),
    "as many injured as killed": (
        "casualty-harms-equal-hint",
        claim("aaaaaa", harm_type="injured"),
        claim("aaaaaa", harm_type="injured", **exactly(4)),
    ),
    "nobody injured and nobody killed": (
        "casualty-harms-equal-hint",
        claim("aaaaaa", harm_type="injured"),
        [put("toll", **exactly(0)), *claim("aaaaaa", harm_type="injured", **exactly(0))],
    ),
    "parts that cover the set and do not": (
        "casualty-covers-differ",
        claim("aaaaaa", **PART, covers_set=False)
        + claim("bbbbbb", **PART | {"victim_category": "unknown"}),
        claim("aaaaaa", **PART, covers_set=False)
        + claim("bbbbbb", **PART | {"victim_category": "unknown"}, covers_set=False),
    ),
    "the same by another source": (
        "casualty-covers-differ",
        claim("aaaaaa", **PART, covers_set=False)
        + claim("bbbbbb", **PART | {"victim_category": "unknown"}),
        claim("aaaaaa", **PART, covers_set=False)
        + claim("bbbbbb", **PART | {"victim_category": "unknown"} | TRADER),
    ),
    "sources that are far apart, and no range": (
        "casualty-claims-differ-hint",
        [put("shelling", killed_high=None), *claim("aaaaaa", **TRADER | exactly(7))],
        [put("shelling", killed_high=None), *claim("aaaaaa", **TRADER | exactly(6))],
    ),
    "sources that are far apart, in a range": (
        "casualty-claims-differ-hint",
        [put("shelling", killed_low=None), *claim("aaaaaa", **TRADER | exactly(7))],
        [put("shelling", killed_high=7), *claim("aaaaaa", **TRADER | exactly(7))],
    ),
    "sources that are fifty apart": (
        "casualty-claims-differ-hint",
        [put("toll", **exactly(100)), *claim("aaaaaa", **TRADER | exactly(150))],
        [put("toll", **exactly(100)), *claim("aaaaaa", **TRADER | exactly(149))],
    ),
    "an older figure of the same source": (
        "casualty-claims-differ-hint",
        claim("aaaaaa", **TRADER | exactly(9)),
        claim("aaaaaa", **EARLIER | exactly(1)),
    ),
}
