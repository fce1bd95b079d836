"""Checks that need merged rows: each is a query whose rows are what is wrong.

A query gives `id` (a primary key of its table), `field` (the column to place it at, or null) and
`message` ("expected ..., got ...", with the remedy).
"""

from __future__ import annotations

from typing import NamedTuple

from dateline.build.issues import Severity


class Check(NamedTuple):
    """One rule over merged tables: its query, and the table whose rows it speaks of."""

    rule: str
    table: str
    sql: str
    severity: Severity = "error"


CHECKS = (
    Check(
        "article-original-unknown",
        "articles",
        """
        SELECT article_id AS id, 'syndicated_from_article_id' AS field, 'expected the id of an '
          || 'article of this corpus, got one that is not here; add the original, or leave it out'
          AS message
        FROM articles WHERE syndicated_from_article_id NOT IN (SELECT article_id FROM articles)
        """,
    ),
    Check(
        "estimate-too-large",
        "incidents",
        """
        SELECT incident_id AS id, NULL AS field, 'expected claims that add up to at most '
          || '2147483647 people killed, got ' || greatest(low, best, high) || '; correct the counts'
          AS message
        FROM estimates WHERE greatest(low, best, high) > 2147483647
        """,
    ),
    Check(
        "victim-set-unlinked",
        "incidents",
        """
        WITH labels AS (
          SELECT DISTINCT incident_id, harm_type, article_id, victim_set
          FROM casualties WHERE victim_set IS NOT NULL
        )
        SELECT a.incident_id AS id, NULL AS field, 'expected to know whether the sets "'
          || a.victim_set || '" and "' || b.victim_set || '" (' || a.harm_type || ') are the same '
          || 'people, since one article uses only the first, another only the second; got nothing '
          || 'that says so; use one label, or list the pair in the registry under victim_sets, '
          || 'as equal or disjoint'
          AS message
        FROM labels AS a JOIN labels AS b
          ON a.incident_id = b.incident_id AND a.harm_type = b.harm_type
         AND a.article_id <> b.article_id AND a.victim_set < b.victim_set
        WHERE NOT EXISTS (FROM labels AS c WHERE c.incident_id = a.incident_id
            AND c.harm_type = a.harm_type AND c.article_id = b.article_id
            AND c.victim_set = a.victim_set)
          AND NOT EXISTS (FROM labels AS c WHERE c.incident_id = a.incident_id
            AND c.harm_type = a.harm_type AND c.article_id = a.article_id
            AND c.victim_set = b.victim_set)
          AND NOT EXISTS (FROM set_pairs AS s WHERE s.incident_id = a.incident_id
            AND s.first = a.victim_set AND s.second = b.victim_set)
        GROUP BY ALL
        """,
    ),
    Check(
        "identity-repeated",
        "participants",
        """
        SELECT participant_id AS id, NULL AS field, 'expected each participant once in an '
          || 'article (incident, actor, role, basis, source), got it ' || count(*)
          || ' times; merge them' AS message
        FROM raw_participants GROUP BY participant_id, _article HAVING count(*) > 1
        """,
    ),
    Check(
        "identity-repeated",
        "casualties",
        """
        SELECT casualty_id AS id, NULL AS field, 'expected each claim once in an article '
          || '(incident, claimant, harm, stance, people, set, day), got it ' || count(*)
          || ' times; give them ids of their own, or drop one' AS message
        FROM casualties GROUP BY casualty_id HAVING count(*) > 1
        """,
    ),
    Check(
        "registry-parent-unknown",
        "actors",
        """
        SELECT actor_id AS id, 'parent_actor_id' AS field, 'expected the key of an actor of the '
          || 'registry or the articles as parent, got one that is in neither; add it, or correct '
          || 'the key' AS message
        FROM actors WHERE parent_actor_id NOT IN (SELECT actor_id FROM actors)
        """,
    ),
    Check(
        "registry-parent-unknown",
        "incidents",
        """
        SELECT incident_id AS id, 'parent_incident_id' AS field, 'expected the key of an incident '
          || 'of the registry or the articles as parent, got one that is in neither; add it, or '
          || 'correct the key' AS message
        FROM incidents WHERE parent_incident_id NOT IN (SELECT incident_id FROM incidents)
        """,
    ),
)

# Run before the derived values replace those that the annotation gives.
DERIVED = Check(
    "derived-differs",
    "incidents",
    " UNION ALL BY NAME ".join(
        f"SELECT incident_id AS id, '{name}' AS field, 'expected {name} ' "
        f"|| coalesce(d.{name}::VARCHAR, 'null') || ', which follows from the claims and "
        f"participants, got ' || i.{name} || '; leave it out' AS message "
        f"FROM incidents AS i JOIN derived AS d USING (incident_id) "
        f"WHERE i.{name} IS NOT NULL AND i.{name} IS DISTINCT FROM d.{name} AND {allowed}"
        for name, allowed in {
            "verification_status": "i.verification_status <> 'discounted'",
            "violence_type": "true",
            "civilian_targeting": "true",
            "killed_low": "i.estimate_rule IS DISTINCT FROM 'editorial'",
            "killed_best": "i.estimate_rule IS DISTINCT FROM 'editorial'",
            "killed_high": "i.estimate_rule IS DISTINCT FROM 'editorial'",
            "estimate_rule": "i.estimate_rule <> 'editorial'",
        }.items()
    ),
)
