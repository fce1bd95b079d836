SELECT s.statement_id AS id, 'parent_statement_id' AS field, 'expected a parent in the same '
  || 'article, got a statement of another; correct the parent' AS message,
  s.parent_statement_id AS other
FROM statements AS s JOIN statements AS p ON p.statement_id = s.parent_statement_id
WHERE s.article_id <> p.article_id
