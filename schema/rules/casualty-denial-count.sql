SELECT casualty_id AS id, NULL AS field, 'expected a denial without a count, or with exactly 0, got '
  || quantifier || coalesce(' ' || coalesce(count_best, count_low, count_high), '')
  || '; leave the count out, or state what the claimant does assert in a claim of its own' AS message
FROM casualties
WHERE stance = 'denies'
  AND NOT (quantifier IN ('none_stated', 'exact') AND coalesce(count_low, 0) = 0
    AND coalesce(count_best, 0) = 0 AND coalesce(count_high, 0) = 0)
