SELECT evidence_id AS id, NULL AS field, 'expected one of incident_id, actor_id, statement_id, '
  || 'participant_id and casualty_id, got ' || subjects || '; keep the one that it supports' AS message
FROM (SELECT evidence_id, (incident_id IS NOT NULL)::INT + (actor_id IS NOT NULL)::INT
        + (statement_id IS NOT NULL)::INT + (participant_id IS NOT NULL)::INT
        + (casualty_id IS NOT NULL)::INT AS subjects FROM evidence)
WHERE subjects <> 1
