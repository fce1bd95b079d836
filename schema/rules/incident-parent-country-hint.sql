SELECT i.incident_id AS id, 'country_code' AS field, 'expected the country of the parent, '
  || p.country_code || '; got ' || i.country_code || '; correct one of them' AS message,
  p.incident_id AS other
FROM incidents AS i JOIN incidents AS p ON p.incident_id = i.parent_incident_id
WHERE i.country_code <> p.country_code
