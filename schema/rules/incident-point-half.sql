SELECT incident_id AS id, CASE WHEN latitude IS NULL THEN 'longitude' ELSE 'latitude' END AS field,
       'expected latitude and longitude together, got '
         || CASE WHEN latitude IS NULL THEN 'only longitude' ELSE 'only latitude' END
         || '; add the other, or take it away' AS message
FROM incidents WHERE (latitude IS NULL) <> (longitude IS NULL)
