SELECT incident_id AS id, CASE WHEN i.killed_best IS DISTINCT FROM d.killed_best THEN 'killed_best'
    WHEN i.killed_low IS DISTINCT FROM d.killed_low THEN 'killed_low' ELSE 'killed_high' END AS field,
  'expected killed_low, killed_best, killed_high of ' || coalesce(d.killed_low::VARCHAR, 'null')
  || ', ' || coalesce(d.killed_best::VARCHAR, 'null') || ', '
  || coalesce(d.killed_high::VARCHAR, 'null') || ', which follow from the claims; got '
  || coalesce(i.killed_low::VARCHAR, 'null') || ', ' || coalesce(i.killed_best::VARCHAR, 'null')
  || ', ' || coalesce(i.killed_high::VARCHAR, 'null') || '; build the package again' AS message
FROM incidents AS i JOIN derived AS d USING (incident_id)
WHERE i.estimate_rule <> 'editorial'
  AND (i.killed_low IS DISTINCT FROM d.killed_low OR i.killed_best IS DISTINCT FROM d.killed_best
       OR i.killed_high IS DISTINCT FROM d.killed_high)
