-- What an annotation by hand gives, although the schema lets imports and models leave it open.
WITH needed AS (
  SELECT incident_id AS id, 'date_start' AS field, 'unless date_precision is open or unknown' AS why
  FROM incidents WHERE date_start IS NULL AND date_precision NOT IN ('open', 'unknown')
  UNION ALL
  SELECT incident_id, 'date_end', 'unless date_precision is unknown'
  FROM incidents WHERE date_end IS NULL AND date_precision <> 'unknown'
    AND NOT (date_start IS NULL AND date_precision <> 'open')
  UNION ALL
  SELECT incident_id, 'country_code', 'unless geo_precision is international or unknown'
  FROM incidents WHERE country_code IS NULL AND geo_precision NOT IN ('international', 'unknown')
  UNION ALL
  SELECT incident_id, 'place_name', 'unless geo_precision is country, international or unknown'
  FROM incidents
  WHERE place_name IS NULL AND geo_precision NOT IN ('country', 'international', 'unknown')
  UNION ALL
  SELECT incident_id, 'estimate_note', 'which says why the estimate is editorial'
  FROM incidents WHERE estimate_note IS NULL AND estimate_rule = 'editorial'
  UNION ALL
  SELECT statement_id, 'speaker_actor_id', 'unless anonymity is implicit'
  FROM statements WHERE speaker_actor_id IS NULL AND anonymity IS DISTINCT FROM 'implicit'
)
SELECT id, field, 'expected ' || replace(field, '_actor_id', '') || ', ' || why
  || '; got none; add it' AS message
FROM needed WHERE id NOT IN (FROM open_items)
