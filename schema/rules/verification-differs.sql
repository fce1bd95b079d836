SELECT incident_id AS id, 'verification_status' AS field, 'expected '
  || coalesce(d.verification_status::VARCHAR, 'null') || ', which follows from the claims, participants and articles; '
  || 'got ' || coalesce(i.verification_status::VARCHAR, 'null') || '; build the package again' AS message
FROM incidents AS i JOIN derived AS d USING (incident_id)
WHERE i.verification_status IS DISTINCT FROM d.verification_status
  AND i.verification_status IS DISTINCT FROM 'discounted'
