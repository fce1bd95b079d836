SELECT statement_id AS id, 'target_actor_id' AS field, 'expected a target, whom the statement '
  || 'accuses; got none; add it, or correct the speech_act' AS message
FROM statements
WHERE speech_act = 'accuse' AND incident_id IS NOT NULL AND target_actor_id IS NULL
  AND polarity IS DISTINCT FROM 'negated'
