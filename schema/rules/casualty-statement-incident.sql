SELECT c.casualty_id AS id, 'statement_id' AS field, 'expected a statement about the same incident, '
  || 'got one about another; correct the incident of the statement, or name another statement'
  AS message, s.statement_id AS other
FROM casualties AS c JOIN statements AS s USING (statement_id)
WHERE s.incident_id <> c.incident_id
