WITH RECURSIVE up AS (
  SELECT casualty_id AS id, subset_of_casualty_id AS above
  FROM casualties WHERE subset_of_casualty_id IS NOT NULL
  UNION
  SELECT up.id, c.subset_of_casualty_id
  FROM up JOIN casualties AS c ON c.casualty_id = up.above
  WHERE c.subset_of_casualty_id IS NOT NULL
)
SELECT id, 'subset_of_casualty_id' AS field, 'expected a claim that is no part of this one, got a '
  || 'circle; correct subset_of' AS message
FROM up WHERE id = above
