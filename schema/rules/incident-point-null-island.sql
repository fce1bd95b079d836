SELECT incident_id AS id, 'latitude' AS field, 'expected a place, got the point 0, 0 in the Gulf of '
  || 'Guinea, which stands for no coordinates; take it away' AS message
FROM incidents JOIN vocab_geo_precision AS p ON p.value = geo_precision
WHERE latitude = 0 AND longitude = 0 AND p.coordinates <> 'null'
