SELECT max(participant_id) AS id, NULL AS field, 'expected each participant once (incident, actor, '
  || 'role, basis, source), got it ' || count(*) || ' times; keep one row' AS message,
  min(participant_id) AS other
FROM participants
GROUP BY incident_id, actor_id, role, attribution_basis, attributed_by_actor_id
HAVING count(*) > 1
