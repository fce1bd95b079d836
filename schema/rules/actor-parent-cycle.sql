SELECT actor_id AS id, 'parent_actor_id' AS field, 'expected parents that come to an end, got '
  || CASE min(depth) WHEN 1 THEN 'the actor itself; leave the parent out'
     ELSE 'a circle of ' || min(depth) || ' actors; correct one of their parents' END AS message
FROM actor_ancestors WHERE ancestor_id = actor_id AND depth > 0
GROUP BY actor_id
