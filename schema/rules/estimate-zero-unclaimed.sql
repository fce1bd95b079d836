SELECT incident_id AS id, 'killed_best' AS field, 'expected a killed_best of 0 only where a claim '
  || 'says that nobody died, got no such claim; leave it empty, or code the claim' AS message
FROM incidents
WHERE killed_best = 0 AND incident_id NOT IN
  (SELECT incident_id FROM casualties WHERE harm_type = 'killed' AND count_best = 0)
