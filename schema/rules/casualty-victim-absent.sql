SELECT casualty_id AS id, 'victim_actor_id' AS field, 'expected an actor that takes part in the '
  || 'incident, got one that does not; add it as a participant, or leave victim_actor out' AS message
FROM casualties AS c ANTI JOIN participants AS p
  ON p.incident_id = c.incident_id AND p.actor_id = c.victim_actor_id
WHERE victim_actor_id IS NOT NULL
