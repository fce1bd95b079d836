SELECT i.incident_id AS id, CASE WHEN i.date_start < p.date_start THEN 'date_start' ELSE 'date_end'
    END AS field, 'expected days within those of the parent, '
  || concat_ws(' to ', p.date_start, p.date_end) || '; got '
  || concat_ws(' to ', i.date_start, i.date_end)
  || '; correct the dates of one of them, or the parent' AS message, p.incident_id AS other
FROM incidents AS i JOIN incidents AS p ON p.incident_id = i.parent_incident_id
WHERE i.date_start < p.date_start OR i.date_end > p.date_end
