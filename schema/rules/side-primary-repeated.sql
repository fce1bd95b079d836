SELECT max(participant_id) AS id, 'is_primary' AS field, 'expected one primary participant on side '
  || side || ' of an incident, got ' || count(*) || '; keep the main one' AS message,
  min(participant_id) AS other
FROM participants WHERE is_primary AND side IN ('a', 'b')
GROUP BY incident_id, side HAVING count(*) > 1
