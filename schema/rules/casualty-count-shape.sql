WITH shaped AS (
  SELECT casualty_id, quantifier, count_low AS low, count_best AS best, count_high AS high,
         count_low IS NOT NULL AS has_low, count_best IS NOT NULL AS has_best,
         count_high IS NOT NULL AS has_high
  FROM casualties
)
SELECT casualty_id AS id, NULL AS field, 'expected ' || CASE quantifier
    WHEN 'exact' THEN 'low, best and high equal'
    WHEN 'at_least' THEN 'low and best equal and no high'
    WHEN 'more_than' THEN 'low only'
    WHEN 'at_most' THEN 'high only'
    WHEN 'approximately' THEN 'best only'
    WHEN 'range' THEN 'low below high and no best'
    WHEN 'vague' THEN 'low only'
    ELSE 'no count' END
  || ' with the quantifier ' || quantifier || ', got low ' || coalesce(low::VARCHAR, 'null')
  || ', best ' || coalesce(best::VARCHAR, 'null') || ', high ' || coalesce(high::VARCHAR, 'null')
  || '; correct the counts or the quantifier' AS message
FROM shaped
WHERE NOT coalesce(CASE quantifier
    WHEN 'exact' THEN low = best AND best = high
    WHEN 'at_least' THEN low = best AND NOT has_high
    WHEN 'more_than' THEN has_low AND NOT has_best AND NOT has_high
    WHEN 'at_most' THEN NOT has_low AND NOT has_best AND has_high
    WHEN 'approximately' THEN NOT has_low AND has_best AND NOT has_high
    WHEN 'range' THEN low < high AND NOT has_best
    WHEN 'vague' THEN has_low AND NOT has_best AND NOT has_high
    ELSE NOT has_low AND NOT has_best AND NOT has_high END, false)
  AND NOT coalesce(low > best OR best > high OR low > high, false)
