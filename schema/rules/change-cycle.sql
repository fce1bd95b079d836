WITH RECURSIVE onward AS (
  SELECT row_id AS id, merged_into_id AS target FROM changes WHERE change = 'merged'
  UNION
  SELECT o.id, c.merged_into_id
  FROM onward AS o JOIN changes AS c ON c.row_id = o.target WHERE c.change = 'merged'
)
SELECT id, NULL AS field, 'expected rows that are merged into one that is there, got a circle; '
  || 'correct merged_into_id' AS message
FROM onward WHERE id = target
