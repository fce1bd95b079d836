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


def _needed(table: str, field: str, condition: str, why: str) -> Check:
    """What an annotation by hand gives although the table's schema lets imports leave it open."""
    message = f"expected {field.removesuffix('_actor_id')}, {why}; got none; add it"
    return Check(
        "field-missing",
        table,
        f"SELECT {{key}} AS id, '{field}' AS field, '{message}' AS message FROM {table} "
        f"WHERE {field} IS NULL AND NOT _open AND {condition}",
    )


CHECKS = (
    _needed(
        "incidents",
        "date_start",
        "date_precision NOT IN ('open', 'unknown')",
        "unless date_precision is open or unknown",
    ),
    # For any other precision date_end is date_start where it is not given.
    _needed("incidents", "date_end", "date_precision = 'open'", "since date_precision is open"),
    _needed(
        "incidents",
        "country_code",
        "geo_precision NOT IN ('international', 'unknown')",
        "unless geo_precision is international or unknown",
    ),
    _needed(
        "incidents",
        "place_name",
        "geo_precision NOT IN ('country', 'international', 'unknown')",
        "unless geo_precision is country, international or unknown",
    ),
    _needed(
        "incidents",
        "estimate_note",
        "estimate_rule = 'editorial'",
        "which says why the estimate is editorial",
    ),
    _needed(
        "statements",
        "speaker_actor_id",
        "anonymity IS DISTINCT FROM 'implicit'",
        "unless anonymity is implicit",
    ),
    Check(
        "participant-attribution",
        "participants",
        """
        SELECT participant_id AS id, 'attributed_by_actor_id' AS field, CASE
            WHEN attributed_by_actor_id IS NULL
              THEN 'expected attributed_by with the basis ' || attribution_basis || ', got none; '
                || 'name the actor who says so'
              ELSE 'expected no attributed_by with the basis reported_as_fact, which is the '
                || 'default, got one; give the basis on which that actor says so' END AS message
        FROM participants
        WHERE (attributed_by_actor_id IS NULL AND NOT _open AND attribution_basis IN
                ('claimed_or_admitted', 'stated_by_authorities', 'stated_by_others'))
           OR (attributed_by_actor_id IS NOT NULL AND attribution_basis = 'reported_as_fact')
        """,
    ),
    Check(
        "incident-date-order",
        "incidents",
        """
        SELECT incident_id AS id, 'date_end' AS field, 'expected a date_end not before '
          || date_start || ', the date_start; got ' || date_end || '; swap or correct them'
          AS message
        FROM incidents WHERE date_end < date_start
        """,
    ),
    Check(
        "incident-date-precision",
        "incidents",
        """
        SELECT incident_id AS id, 'date_precision' AS field, 'expected ' || CASE
            WHEN date_precision = 'open' THEN 'no date_start with the precision open, got '
              || date_start || '; take it away or change the precision'
            WHEN date_precision = 'unknown' THEN 'no dates with the precision unknown, got '
              || coalesce(date_start, date_end) || '; take them away or change the precision'
            ELSE p.min_days || CASE WHEN p.max_days > p.min_days THEN ' to ' || p.max_days ELSE ''
              END || ' days with the precision ' || date_precision || ', got '
              || (date_end - date_start + 1) || ' (' || date_start || ' to ' || date_end
              || '); widen the dates or change the precision' END AS message
        FROM incidents JOIN date_precisions AS p ON p.value = date_precision
        WHERE (date_precision = 'open' AND date_start IS NOT NULL)
           OR (date_precision = 'unknown' AND coalesce(date_start, date_end) IS NOT NULL)
           OR (date_end - date_start + 1 NOT BETWEEN p.min_days AND coalesce(p.max_days, 99999)
               AND date_end >= date_start)
        """,
    ),
    Check(
        "incident-after-publication",
        "incidents",
        """
        SELECT i.incident_id AS id, 'date_start' AS field, 'expected a date_start not after '
          || max(a._published) || ', when the latest of its articles was published, got '
          || any_value(i.date_start) || '; what is only announced is a statement, or threatened'
          AS message
        FROM incidents AS i JOIN raw_incidents AS r USING (incident_id)
        JOIN articles AS a ON a.article_id = r._article
        WHERE i.stage <> 'threatened'
        GROUP BY i.incident_id HAVING any_value(i.date_start) > max(a._published) + 1
        """,
    ),
    Check(
        "country-unknown",
        "incidents",
        """
        SELECT incident_id AS id, 'country_code' AS field, 'expected an ISO 3166-1 alpha-3 code '
          || 'or XKX, got "' || country_code || '"; correct the code' AS message
        FROM incidents WHERE country_code NOT IN (SELECT value FROM countries)
        """,
    ),
    Check(
        "country-unknown",
        "actors",
        """
        SELECT actor_id AS id, 'country_code' AS field, 'expected an ISO 3166-1 alpha-3 code '
          || 'or XKX, got "' || country_code || '"; correct the code' AS message
        FROM actors WHERE country_code NOT IN (SELECT value FROM countries)
        """,
    ),
    Check(
        "actor-external-id-repeated",
        "actors",
        """
        SELECT actor_id AS id, 'wikidata_id' AS field, 'expected each wikidata_id on one actor, '
          || 'got ' || wikidata_id || ' on ' || count(*) OVER w || ' actors; give them one key, or '
          || 'correct it' AS message
        FROM actors WHERE wikidata_id IS NOT NULL
        WINDOW w AS (PARTITION BY wikidata_id) QUALIFY count(*) OVER w > 1
        UNION ALL BY NAME
        SELECT actor_id AS id, 'ucdp_actor_id' AS field, 'expected each ucdp_actor_id on one '
          || 'actor, got ' || ucdp_actor_id || ' on ' || count(*) OVER w || ' actors; give them '
          || 'one key, or correct it' AS message
        FROM actors WHERE ucdp_actor_id IS NOT NULL
        WINDOW w AS (PARTITION BY ucdp_actor_id) QUALIFY count(*) OVER w > 1
        """,
    ),
    Check(
        "article-url-repeated",
        "articles",
        """
        SELECT article_id AS id, 'url' AS field, 'expected each url in one article, got ' || url
          || ' in ' || count(*) OVER w || ' articles; drop the copy, or correct the url' AS message
        FROM articles WHERE url IS NOT NULL
        WINDOW w AS (PARTITION BY url) QUALIFY count(*) OVER w > 1
        """,
    ),
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
          SELECT DISTINCT c.incident_id, harm_type, article_id,
                 coalesce(l.canonical, victim_set) AS victim_set
          FROM casualties AS c
          LEFT JOIN set_links AS l ON l.incident_id = c.incident_id AND l.label = c.victim_set
          WHERE victim_set IS NOT NULL
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
