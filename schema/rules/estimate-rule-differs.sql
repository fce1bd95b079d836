SELECT incident_id AS id, 'estimate_rule' AS field, 'expected ' || d.estimate_rule
  || ', by which killed_low, killed_best and killed_high follow from the claims; got '
  || i.estimate_rule || '; build the package again' AS message
FROM incidents AS i JOIN derived AS d USING (incident_id)
WHERE i.estimate_rule <> 'editorial' AND i.estimate_rule <> d.estimate_rule
  AND i.killed_low IS NOT DISTINCT FROM d.killed_low
  AND i.killed_best IS NOT DISTINCT FROM d.killed_best
  AND i.killed_high IS NOT DISTINCT FROM d.killed_high
