SELECT c.casualty_id AS id, 'victim_actor_id' AS field, 'expected ' || CASE c.victim_category
    WHEN 'militant' THEN 'an armed actor that is not of a state'
    WHEN 'state_forces' THEN 'an armed actor of a state'
    ELSE 'an actor that is not armed' END
  || ' where the victims are ' || c.victim_category || ', got one of the type ' || a.actor_type
  || '; correct the category or the type, or name another victim_actor' AS message
FROM casualties AS c JOIN actor_classes AS a ON a.actor_id = c.victim_actor_id
WHERE (c.victim_category = 'militant' AND a.class <> 'nonstate_armed')
   OR (c.victim_category = 'state_forces' AND a.class <> 'state_armed')
   OR (c.victim_category = 'civilian' AND a.armed)
