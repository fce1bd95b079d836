WITH boxes AS (
  SELECT value AS country, label, latitude_min::DOUBLE AS s, latitude_max::DOUBLE AS n,
         longitude_min::DOUBLE AS w, longitude_max::DOUBLE AS e
  FROM vocab_country WHERE latitude_min IS NOT NULL
)
SELECT incident_id AS id, 'latitude' AS field, 'expected a point in ' || label || ' or within 25 km '
  || 'of its bounds, got ' || latitude || ', ' || longitude || '; ' || CASE
    WHEN near_box(longitude, latitude, s, n, w, e) THEN 'swap latitude and longitude'
    WHEN near_box(-latitude, longitude, s, n, w, e) THEN 'change the sign of latitude'
    WHEN near_box(latitude, -longitude, s, n, w, e) THEN 'change the sign of longitude'
    WHEN near_box(-latitude, -longitude, s, n, w, e) THEN 'change both signs'
    WHEN near_box(-longitude, latitude, s, n, w, e) OR near_box(longitude, -latitude, s, n, w, e)
      OR near_box(-longitude, -latitude, s, n, w, e) THEN 'swap them and correct their signs'
    ELSE 'correct the point or country_code' END AS message
FROM incidents JOIN boxes ON country = country_code
WHERE geo_precision <> 'international' AND NOT (latitude = 0 AND longitude = 0)
  AND NOT near_box(latitude, longitude, s, n, w, e)
