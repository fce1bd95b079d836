-- One subset alone, then the disjoint ones of a dimension together: the elderly are also women or
-- men. A subset in both dimensions is in either sum already.
WITH subsets AS (
  SELECT subset_of_casualty_id AS whole_id, casualty_id, demographic, occupation,
         greatest(count_low, count_best, count_high) AS most,
         coalesce(count_low, CASE WHEN quantifier = 'exact' THEN count_best END, 0) AS least
  FROM casualties
  WHERE subset_of_casualty_id IS NOT NULL AND stance = 'asserts'
),
sums AS (
  SELECT whole_id, casualty_id, most FROM subsets
  UNION ALL
  SELECT whole_id, min(casualty_id), sum(least)::BIGINT FROM subsets
  WHERE demographic IN ('child', 'woman', 'man') AND occupation = 'any'
  GROUP BY whole_id HAVING count(*) > 1
  UNION ALL
  SELECT whole_id, min(casualty_id), sum(least)::BIGINT FROM subsets
  WHERE occupation <> 'any' AND demographic = 'any'
  GROUP BY whole_id HAVING count(*) > 1
)
SELECT s.casualty_id AS id, NULL AS field, 'expected at most ' || w.count_high || ' in a part of the '
  || 'claim, got ' || max(s.most) || '; correct the counts, or subset_of' AS message,
  w.casualty_id AS other
FROM sums AS s JOIN casualties AS w ON w.casualty_id = s.whole_id
WHERE s.most > w.count_high
GROUP BY s.casualty_id, w.casualty_id, w.count_high
