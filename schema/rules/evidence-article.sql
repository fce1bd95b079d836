SELECT e.evidence_id AS id, 'article_id' AS field, 'expected the article of the '
  || CASE WHEN s.id LIKE 'stm%' THEN 'statement' ELSE 'claim' END
  || ' that it supports, got another; correct the subject or the article' AS message,
  s.id AS other
FROM evidence AS e JOIN (SELECT statement_id AS id, article_id FROM statements
  UNION ALL SELECT casualty_id, article_id FROM casualties) AS s
  ON s.id = coalesce(e.statement_id, e.casualty_id)
WHERE s.article_id <> e.article_id
