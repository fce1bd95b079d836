SELECT statement_id AS id, 'anonymity' AS field, 'expected no evidence with the role source with '
  || 'the anonymity implicit, which is for words without a source; got some; take it away, or '
  || 'correct the anonymity' AS message
FROM statements
WHERE anonymity = 'implicit'
  AND statement_id IN (SELECT id FROM evidence_summary WHERE has_source)
