WITH latest AS (
  SELECT incident_id, victim_set, speaker, claimant_actor_id, publisher,
         coalesce(max(coalesce(best, high, low)) FILTER (whole),
                  max(coalesce(best, high, low))) AS number
  FROM (FROM claim_sums WHERE harm_type = 'killed' AND covers AND NOT copied
        QUALIFY as_of IS NOT DISTINCT FROM
          max(as_of) OVER (PARTITION BY incident_id, victim_set, speaker))
  GROUP BY ALL
)
SELECT i.incident_id AS id, NULL AS field, 'expected claims about the set ' || l.victim_set
  || ' that are near each other, or a range, got ' || string_agg(coalesce(a.name, l.publisher,
    'an article') || ': ' || l.number, ', ' ORDER BY l.number, coalesce(a.name, l.publisher))
  || '; check the counts, and waive the rule with the reason if they are right' AS message
FROM latest AS l JOIN incidents AS i USING (incident_id)
LEFT JOIN actors AS a ON a.actor_id = l.claimant_actor_id
WHERE l.number IS NOT NULL
  AND (i.killed_low IS NULL OR i.killed_high IS NULL OR i.killed_low = i.killed_high)
GROUP BY i.incident_id, l.victim_set
HAVING max(l.number) > 2 * min(l.number) OR max(l.number) - min(l.number) >= 50
