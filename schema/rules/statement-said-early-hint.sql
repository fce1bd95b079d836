SELECT s.statement_id AS id, 'said_on' AS field, 'expected a day not before ' || i.date_start
  || ', when the incident began, got ' || s.said_on || '; correct said_on, or the incident' AS message
FROM statements AS s JOIN incidents AS i USING (incident_id)
WHERE s.said_on < i.date_start AND s.topic IN ('casualties', 'incident_account')
