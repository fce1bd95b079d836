-- Where all days are known, a circle has a claim that replaces a newer one, which is told apart.
WITH RECURSIVE steps AS (
  SELECT n.casualty_id AS id, o.casualty_id AS older
  FROM casualties AS n JOIN casualties AS o ON o.casualty_id = n.supersedes_casualty_id
  WHERE n.as_of IS NULL OR o.as_of IS NULL OR o.as_of < n.as_of
),
down AS (
  FROM steps
  UNION
  SELECT d.id, s.older FROM down AS d JOIN steps AS s ON s.id = d.older
)
SELECT id, 'supersedes_casualty_id' AS field, 'expected claims that replace older ones, not one '
  || 'another, got a circle; correct supersedes' AS message
FROM down WHERE id = older
