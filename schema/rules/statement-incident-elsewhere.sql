-- Evidence of the incident, or of what is claimed in it.
WITH unseen AS MATERIALIZED (
  SELECT statement_id, incident_id, article_id FROM statements AS s
  WHERE incident_id IS NOT NULL AND NOT EXISTS
    (FROM evidence_summary AS e WHERE e.id = s.incident_id AND e.article_id = s.article_id)
),
parts AS (
  SELECT participant_id AS id, incident_id FROM participants SEMI JOIN unseen USING (incident_id)
  UNION ALL
  SELECT casualty_id, incident_id FROM casualties SEMI JOIN unseen USING (incident_id)
)
SELECT statement_id AS id, 'incident_id' AS field, 'expected evidence of the incident in the '
  || 'article of the statement, got none; add it, or leave out the incident where it is only '
  || 'background' AS message
FROM unseen AS s
WHERE NOT EXISTS (FROM parts JOIN evidence_summary AS e USING (id)
  WHERE parts.incident_id = s.incident_id AND e.article_id = s.article_id)
