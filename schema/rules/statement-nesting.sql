WITH RECURSIVE up AS (
  SELECT statement_id, parent_statement_id AS ancestor_id, 1 AS depth
  FROM statements WHERE parent_statement_id IS NOT NULL
  UNION ALL
  SELECT up.statement_id, s.parent_statement_id, up.depth + 1
  FROM up JOIN statements AS s ON s.statement_id = up.ancestor_id
  WHERE s.parent_statement_id IS NOT NULL AND up.depth < 6 AND up.ancestor_id <> up.statement_id
)
SELECT statement_id AS id, 'parent_statement_id' AS field, 'expected at most 5 statements around '
  || 'one, got more; leave out those that only pass it on' AS message
FROM up WHERE depth = 6 AND ancestor_id <> statement_id
