WITH RECURSIVE up AS (
  SELECT statement_id, parent_statement_id AS ancestor_id, 1 AS depth
  FROM statements WHERE parent_statement_id IS NOT NULL
  UNION ALL
  SELECT up.statement_id, s.parent_statement_id, up.depth + 1
  FROM up JOIN statements AS s ON s.statement_id = up.ancestor_id
  WHERE s.parent_statement_id IS NOT NULL AND up.depth < 8 AND up.ancestor_id <> up.statement_id
)
SELECT statement_id AS id, 'parent_statement_id' AS field, 'expected a parent that is not inside '
  || 'the statement itself, got one that is, ' || depth
  || CASE WHEN depth = 1 THEN ' step' ELSE ' steps' END
  || ' up; take the parent away from the statement made to the writer' AS message
FROM up WHERE ancestor_id = statement_id
