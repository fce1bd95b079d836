SELECT incident_id AS id, 'latitude' AS field, 'expected coordinates with the geo_precision '
  || geo_precision || ', got none; add them, or leave them out if nobody knows them' AS message
FROM incidents JOIN vocab_geo_precision AS p ON p.value = geo_precision
WHERE p.coordinates = 'expected' AND latitude IS NULL AND longitude IS NULL
