SELECT participant_id AS id, 'attribution_basis' AS field, 'expected what the actor is cleared of as '
  || 'a participant with the basis stated_by_authorities, stated_by_others or suspected, got none; '
  || 'add the earlier attribution' AS message
FROM participants AS p
WHERE attribution_basis = 'cleared' AND NOT EXISTS (
  FROM participants AS q WHERE q.incident_id = p.incident_id AND q.actor_id = p.actor_id
    AND coalesce(q.attribution_basis, 'suspected')
      IN ('stated_by_authorities', 'stated_by_others', 'suspected'))
