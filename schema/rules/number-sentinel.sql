WITH numbers AS (
  SELECT incident_id AS id, 'geonames_id' AS field, '9999' AS value FROM incidents
  WHERE geonames_id = 9999
  UNION ALL SELECT actor_id, 'ucdp_actor_id', '9999' FROM actors WHERE ucdp_actor_id = 9999
  UNION ALL SELECT actor_id, 'active_from', active_from FROM actors WHERE active_from LIKE '9999%'
  UNION ALL SELECT actor_id, 'active_to', active_to FROM actors WHERE active_to LIKE '9999%'
  UNION ALL SELECT incident_id, 'date_start', date_start::VARCHAR FROM incidents
  WHERE date_start BETWEEN '9999-01-01' AND '9999-12-31'
  UNION ALL SELECT incident_id, 'date_end', date_end::VARCHAR FROM incidents
  WHERE date_end BETWEEN '9999-01-01' AND '9999-12-31'
  UNION ALL SELECT statement_id, 'said_on', said_on::VARCHAR FROM statements
  WHERE said_on BETWEEN '9999-01-01' AND '9999-12-31'
  UNION ALL SELECT casualty_id, 'as_of', as_of::VARCHAR FROM casualties
  WHERE as_of BETWEEN '9999-01-01' AND '9999-12-31'
  UNION ALL SELECT article_id, 'published_at', published_at::VARCHAR FROM articles
  WHERE published_at::DATE BETWEEN '9999-01-01' AND '9999-12-31'
  UNION ALL SELECT article_id, 'retrieved_at', retrieved_at::VARCHAR FROM articles
  WHERE retrieved_at::DATE BETWEEN '9999-01-01' AND '9999-12-31'
  -- One of the two alone is a place on that line.
  UNION ALL SELECT incident_id, 'latitude', latitude || ', ' || longitude FROM incidents
  WHERE latitude IN (-1, -9, -99) AND longitude IN (-1, -9, -99, -999)
  UNION ALL SELECT id, field, value::VARCHAR FROM number_cells WHERE value IN (-1, -99)
)
SELECT id, field, 'expected ' || field || ' to be known, or to be left out; got ' || value
  || ', which stands for no number; leave it out' AS message
FROM numbers
