SELECT casualty_id AS id, 'statement_id' AS field, 'expected the statement in which the claimant says '
  || 'so; got none; add its id' AS message
FROM casualties
WHERE claimant_actor_id IS NOT NULL AND statement_id IS NULL AND casualty_id NOT IN (FROM open_items)
