WITH accounts AS (
  SELECT p.participant_id, p.attribution_basis,
         p.attributed_by_actor_id = p.actor_id AS itself,
         a.ancestor_id IS NOT NULL AS own
  FROM participants AS p LEFT JOIN actor_ancestors AS a
    ON a.actor_id = p.actor_id AND a.ancestor_id = p.attributed_by_actor_id
  WHERE p.attributed_by_actor_id IS NOT NULL
)
SELECT participant_id AS id, 'attributed_by_actor_id' AS field, CASE
    WHEN own THEN 'expected the basis claimed_or_admitted where ' || CASE WHEN itself
        THEN 'the actor itself' ELSE 'what the actor belongs to' END || ' says so, got '
      || attribution_basis || '; correct the basis, or name who else says so'
    ELSE 'expected the actor itself, or what it belongs to, with the basis claimed_or_admitted, got '
      || 'another actor; correct the basis, or give the actor its parent' END AS message
FROM accounts
WHERE own <> (attribution_basis = 'claimed_or_admitted')
  AND attribution_basis <> 'cleared'
