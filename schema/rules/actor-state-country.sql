SELECT actor_id AS id, 'country_code' AS field, 'expected the country_code of a state, got none; '
  || 'add it' AS message
FROM actors
WHERE entity_kind = 'state' AND country_code IS NULL AND actor_id NOT IN (FROM open_items)
