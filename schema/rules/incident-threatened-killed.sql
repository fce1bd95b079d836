SELECT c.casualty_id AS id, 'harm_type' AS field, 'expected no claim of people killed by what is '
  || 'only threatened, got one; correct stage, or code the claim elsewhere' AS message
FROM incidents AS i JOIN casualties AS c USING (incident_id)
WHERE i.stage = 'threatened' AND c.harm_type = 'killed' AND c.stance = 'asserts'
UNION ALL
SELECT incident_id, 'killed_best', 'expected no estimate of people killed by what is only '
  || 'threatened, got ' || concat_ws(', ', killed_low, killed_best, killed_high)
  || '; correct stage, or leave them out'
FROM incidents
WHERE stage = 'threatened' AND coalesce(killed_low, killed_best, killed_high) IS NOT NULL
  AND incident_id NOT IN (SELECT incident_id FROM casualties
                          WHERE harm_type = 'killed' AND stance = 'asserts')
