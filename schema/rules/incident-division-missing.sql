WITH needed AS (
  SELECT incident_id AS id, 'admin1' AS field, geo_precision FROM incidents
  WHERE admin1 IS NULL AND geo_precision IN ('admin1', 'admin2')
  UNION ALL
  SELECT incident_id, 'admin2', geo_precision FROM incidents
  WHERE admin2 IS NULL AND geo_precision = 'admin2'
)
SELECT id, field, 'expected ' || field || ' with the geo_precision ' || geo_precision
  || ', got none; add its name, or change the precision' AS message
FROM needed WHERE id NOT IN (FROM open_items)
