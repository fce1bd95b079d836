SELECT participant_id AS id, 'attributed_by_actor_id' AS field, CASE
    WHEN attributed_by_actor_id IS NULL
      THEN 'expected attributed_by with the basis ' || attribution_basis || ', got none; '
        || 'name the actor who says so'
      ELSE 'expected no attributed_by with the basis reported_as_fact, which is the '
        || 'default, got one; give the basis on which that actor says so' END AS message
FROM participants
WHERE (attributed_by_actor_id IS NULL AND participant_id NOT IN (FROM open_items)
       AND attribution_basis IN
         ('claimed_or_admitted', 'stated_by_authorities', 'stated_by_others'))
   OR (attributed_by_actor_id IS NOT NULL AND attribution_basis = 'reported_as_fact')
