SELECT incident_id AS id, 'violence_type' AS field, 'expected '
  || coalesce(d.violence_type::VARCHAR, 'null') || ', which follows from the participants; '
  || 'got ' || coalesce(i.violence_type::VARCHAR, 'null') || '; build the package again' AS message
FROM incidents AS i JOIN derived AS d USING (incident_id)
WHERE i.violence_type IS DISTINCT FROM d.violence_type
