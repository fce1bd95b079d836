-- Derived values into the incidents, unless a person decided: an editorial estimate, a discounted
-- incident. Titles of imports and models are made of type, place and date.

UPDATE incidents SET
  verification_status = CASE WHEN incidents.verification_status = 'discounted'
    THEN 'discounted' ELSE d.verification_status END,
  violence_type = d.violence_type,
  civilian_targeting = d.civilian_targeting,
  killed_low = CASE WHEN incidents.estimate_rule = 'editorial'
    THEN incidents.killed_low ELSE d.killed_low END,
  killed_best = CASE WHEN incidents.estimate_rule = 'editorial'
    THEN incidents.killed_best ELSE d.killed_best END,
  killed_high = CASE WHEN incidents.estimate_rule = 'editorial'
    THEN incidents.killed_high ELSE d.killed_high END,
  estimate_rule = CASE WHEN incidents.estimate_rule = 'editorial'
    THEN 'editorial' ELSE d.estimate_rule END
FROM derived AS d
WHERE d.incident_id = incidents.incident_id;

UPDATE incidents SET title = left(concat_ws(
    ', ',
    coalesce((SELECT t.label FROM vocab_incident_type AS t
              WHERE t.value = incident_type AND t.value <> 'unclassified'), 'Incident'),
    coalesce(place_name, admin1, country_code),
    strftime(coalesce(date_start, date_end), '%Y-%m-%d')), 120)
WHERE title IS NULL AND _open;
