SELECT i.incident_id AS id, 'incident_type' AS field, 'expected nobody killed in an '
  || 'arrest_detention, got a claim of ' || max(coalesce(c.count_best, c.count_high, c.count_low))
  || '; give raid_operation or attack_on_civilians' AS message
FROM incidents AS i JOIN casualties AS c USING (incident_id)
WHERE i.incident_type = 'arrest_detention' AND c.harm_type = 'killed' AND c.stance = 'asserts'
  AND coalesce(c.count_best, c.count_high, c.count_low) > 0
GROUP BY i.incident_id
