SELECT c.casualty_id AS id, 'statement_id' AS field, 'expected a statement of the article that gives '
  || 'the claim, got one of another article; name the statement of its own' AS message,
  s.statement_id AS other
FROM casualties AS c JOIN statements AS s USING (statement_id)
WHERE s.article_id <> c.article_id
