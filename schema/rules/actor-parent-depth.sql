WITH circles AS (SELECT actor_id FROM actor_ancestors WHERE ancestor_id = actor_id AND depth > 0)
SELECT actor_id AS id, 'parent_actor_id' AS field, 'expected at most 8 actors above it, got '
  || max(depth) || '; leave out levels that nobody counts by' AS message
FROM actor_ancestors
-- The chain once, at its lowest.
WHERE actor_id NOT IN (SELECT parent_actor_id FROM actors WHERE parent_actor_id IS NOT NULL)
GROUP BY actor_id HAVING max(depth) > 8 AND bool_and(ancestor_id NOT IN (FROM circles))
