SELECT incident_id AS id, 'latitude' AS field, 'expected no coordinates with the geo_precision '
  || geo_precision || ', got ' || latitude || ', ' || longitude || '; take them away, or say how '
  || 'narrowly the place is known' AS message
FROM incidents JOIN vocab_geo_precision AS p ON p.value = geo_precision
WHERE p.coordinates = 'null' AND latitude IS NOT NULL AND longitude IS NOT NULL
