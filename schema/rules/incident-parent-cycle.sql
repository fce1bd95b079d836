SELECT incident_id AS id, 'parent_incident_id' AS field, 'expected parents that come to an end, got '
  || CASE min(depth) WHEN 1 THEN 'the incident itself; leave the parent out'
     ELSE 'a circle of ' || min(depth) || ' incidents; correct one of their parents' END AS message
FROM incident_ancestors WHERE ancestor_id = incident_id
GROUP BY incident_id
