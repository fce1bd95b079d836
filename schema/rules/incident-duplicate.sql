-- Pairs share an actor, a country, a type and a week, so that few are compared.
WITH weeks AS (
  SELECT i.incident_id, i.country_code, i.incident_type, p.actor_id, plain_name(i.place_name) AS place,
         unnest(generate_series(date_trunc('week', i.date_start)::DATE, i.date_end,
                                INTERVAL 7 DAY)) AS week
  FROM incidents AS i JOIN (SELECT DISTINCT incident_id, actor_id FROM participants) AS p
    USING (incident_id)
  WHERE i.date_start <= i.date_end
)
SELECT a.incident_id AS id, NULL AS field, 'expected each incident once, got one like it: "'
  || any_value(a.title) || '" and "' || arg_min(b.title, b.incident_id) || '" have type, country, '
  || 'place, days and an actor in common; give both one key, or tell them apart' AS message,
  min(b.incident_id) AS other
FROM weeks AS v JOIN weeks AS w USING (country_code, incident_type, actor_id, week)
JOIN incidents AS a ON a.incident_id = v.incident_id
JOIN incidents AS b ON b.incident_id = w.incident_id
WHERE w.incident_id < v.incident_id
  AND a.date_start <= b.date_end AND b.date_start <= a.date_end
  AND a.parent_incident_id IS DISTINCT FROM b.incident_id
  AND b.parent_incident_id IS DISTINCT FROM a.incident_id
  AND (v.place = w.place
       OR distance_km(a.latitude, a.longitude, b.latitude, b.longitude) < 10)
GROUP BY a.incident_id
