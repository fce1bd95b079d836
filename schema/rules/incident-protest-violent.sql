-- Whom the protesters' side is said to have killed: people who are known to be none of them.
WITH protesters AS (
  SELECT incident_id, actor_id FROM participants WHERE role = 'protester'
),
violent AS (
  SELECT c.incident_id, 'people killed who are no protesters' AS what
  FROM casualties AS c
  WHERE c.stance = 'asserts' AND c.harm_type = 'killed' AND c.victim_actor_id IS NOT NULL
    AND coalesce(c.count_high, c.count_best, c.count_low, 0) > 0
    AND (c.incident_id, c.victim_actor_id) NOT IN (FROM protesters)
  UNION
  SELECT p.incident_id, 'an armed initiator' FROM participants AS p
  JOIN actor_classes AS a USING (actor_id)
  WHERE p.role = 'initiator' AND a.armed AND p.attribution_basis IS DISTINCT FROM 'cleared'
)
SELECT incident_id AS id, 'incident_type' AS field, 'expected no violence in a peaceful_protest, got '
  || string_agg(what, ' and ' ORDER BY what) || '; give protest_intervention, '
  || 'force_against_protesters or violent_demonstration, or correct the rest' AS message
FROM incidents JOIN violent USING (incident_id)
WHERE incident_type = 'peaceful_protest'
GROUP BY incident_id
