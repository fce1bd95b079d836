SELECT incident_id AS id, 'civilian_targeting' AS field, 'expected '
  || coalesce(d.civilian_targeting::VARCHAR, 'null') || ', which follows from the participants; '
  || 'got ' || coalesce(i.civilian_targeting::VARCHAR, 'null') || '; build the package again' AS message
FROM incidents AS i JOIN derived AS d USING (incident_id)
WHERE i.civilian_targeting IS DISTINCT FROM d.civilian_targeting
