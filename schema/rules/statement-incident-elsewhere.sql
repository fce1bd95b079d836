-- Evidence of the incident, or of what is claimed in it.
WITH shown AS (
  SELECT incident_id, article_id FROM evidence WHERE incident_id IS NOT NULL
  UNION ALL
  SELECT p.incident_id, e.article_id FROM evidence AS e JOIN participants AS p USING (participant_id)
  UNION ALL
  SELECT c.incident_id, e.article_id FROM evidence AS e JOIN casualties AS c USING (casualty_id)
)
SELECT statement_id AS id, 'incident_id' AS field, 'expected evidence of the incident in the '
  || 'article of the statement, got none; add it, or leave out the incident where it is only '
  || 'background' AS message
FROM statements AS s
WHERE incident_id IS NOT NULL AND NOT EXISTS
  (FROM shown WHERE shown.incident_id = s.incident_id AND shown.article_id = s.article_id)
