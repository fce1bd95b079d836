-- Pairs share an actor, a country, a type and a week, so that few are compared.
WITH weeks AS (
  SELECT i.*, p.actor_id, plain_name(i.place_name) AS place,
         unnest(generate_series(date_trunc('week', i.date_start)::DATE, i.date_end,
                                INTERVAL 7 DAY)) AS week
  FROM incidents AS i JOIN participants AS p USING (incident_id)
  WHERE i.date_start <= i.date_end
)
SELECT a.incident_id AS id, NULL AS field, 'expected each incident once, got one like it: '
  || concat_ws(' and ', '"' || any_value(a.title) || '"', '"' || arg_min(b.title, b.incident_id)
  || '"') || ' have type, country, place, days and an actor in common; give both one key, or tell '
  || 'them apart' AS message,
  min(b.incident_id) AS other
FROM weeks AS a JOIN weeks AS b USING (country_code, incident_type, actor_id, week)
WHERE b.incident_id < a.incident_id
  AND a.date_start <= b.date_end AND b.date_start <= a.date_end
  AND a.parent_incident_id IS DISTINCT FROM b.incident_id
  AND b.parent_incident_id IS DISTINCT FROM a.incident_id
  AND (a.place = b.place
       OR distance_km(a.latitude, a.longitude, b.latitude, b.longitude) < 10)
GROUP BY a.incident_id
