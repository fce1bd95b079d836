-- Each with the one that begins before it; of one period the day it ends is the last.
SELECT actor_id AS id, NULL AS field, 'expected one affiliation at a time with one organization in '
  || 'one role, got ' || aff_id || ' beside ' || before || '; unite them, or correct the dates'
  AS message
FROM (
  SELECT *, lag(aff_id) OVER same AS before, max(coalesce(valid_to, '9999')) OVER earlier AS until
  FROM affiliations
  WINDOW same AS (PARTITION BY actor_id, organization_actor_id, role
                  ORDER BY coalesce(valid_from, ''), aff_id),
         earlier AS (PARTITION BY actor_id, organization_actor_id, role
                     ORDER BY coalesce(valid_from, ''), aff_id
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
WHERE before IS NOT NULL AND left(coalesce(valid_from, ''), length(until)) <= until
