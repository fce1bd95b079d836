-- Derived values into the incidents, unless a person decided: an editorial estimate, a discounted
-- incident. Titles of imports and models are made of type, place and date.

CREATE OR REPLACE TABLE incidents AS
SELECT i.* REPLACE (
  CASE WHEN i.verification_status = 'discounted'
    THEN 'discounted' ELSE d.verification_status END AS verification_status,
  d.violence_type AS violence_type,
  d.civilian_targeting AS civilian_targeting,
  CASE WHEN i.estimate_rule = 'editorial'
    THEN i.killed_low ELSE d.killed_low END AS killed_low,
  CASE WHEN i.estimate_rule = 'editorial'
    THEN i.killed_best ELSE d.killed_best END AS killed_best,
  CASE WHEN i.estimate_rule = 'editorial'
    THEN i.killed_high ELSE d.killed_high END AS killed_high,
  CASE WHEN i.estimate_rule = 'editorial'
    THEN 'editorial' ELSE d.estimate_rule END AS estimate_rule)
FROM incidents AS i LEFT JOIN derived AS d USING (incident_id);

UPDATE incidents SET title = left(concat_ws(
    ', ',
    coalesce((SELECT t.label FROM vocab_incident_type AS t
              WHERE t.value = incident_type AND t.value <> 'unclassified'), 'Incident'),
    coalesce(place_name, admin1, country_code),
    strftime(coalesce(date_start, date_end), '%Y-%m-%d')), 120)
WHERE title IS NULL AND _open;
