SELECT p.participant_id AS id, NULL AS field, 'expected an incident while the actor'
  || coalesce(' "' || a.name || '"', '') || ' existed ('
  || concat_ws(' ', 'from ' || a.active_from, 'to ' || a.active_to) || '), got one '
  || concat_ws(' ', 'from ' || i.date_start, 'to ' || i.date_end) || '; correct the dates, or name the actor of that time' AS message
FROM participants AS p JOIN actors AS a USING (actor_id) JOIN incidents AS i USING (incident_id)
WHERE (left(i.date_end::VARCHAR, length(a.active_from)) < a.active_from
       OR left(i.date_start::VARCHAR, length(a.active_to)) > a.active_to)
  AND NOT coalesce(left(a.active_from, length(a.active_to))
                   > left(a.active_to, length(a.active_from)), false)
