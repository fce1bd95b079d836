WITH places AS (
  SELECT *, min(incident_id) OVER (
    PARTITION BY latitude, longitude, country_code, admin1) AS first
  FROM incidents
  WHERE latitude IS NOT NULL AND place_name IS NOT NULL AND geo_precision IN ('exact', 'near')
)
SELECT p.incident_id AS id, 'latitude' AS field, 'expected each place at coordinates of its own, '
  || 'got "' || p.place_name || '" and "' || f.place_name || '" both at ' || p.latitude || ', '
  || p.longitude || '; give each its point, or the precision of the division whose centre it is'
  AS message, p.first AS other
FROM places AS p JOIN incidents AS f ON f.incident_id = p.first
WHERE plain_name(p.place_name) <> plain_name(f.place_name)
