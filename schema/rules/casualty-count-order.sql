SELECT casualty_id AS id, NULL AS field, 'expected low <= best <= high, got low '
  || coalesce(count_low::VARCHAR, 'null') || ', best ' || coalesce(count_best::VARCHAR, 'null')
  || ', high ' || coalesce(count_high::VARCHAR, 'null') || '; correct the counts' AS message
FROM casualties
WHERE count_low > count_best OR count_best > count_high OR count_low > count_high
