SELECT n.casualty_id AS id, 'as_of' AS field, 'expected a figure newer than the one it replaces, got '
  || n.as_of || ' after ' || o.as_of || '; correct as_of or supersedes' AS message,
  o.casualty_id AS other
FROM casualties AS n JOIN casualties AS o ON o.casualty_id = n.supersedes_casualty_id
WHERE o.as_of >= n.as_of
