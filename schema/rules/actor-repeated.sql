SELECT actor_id AS id, 'gw_code' AS field, 'expected each state once, got two actors called "'
  || name || '" with the gw_code ' || gw_code || '; give both one key' AS message,
  first AS other
FROM (SELECT *, min(actor_id) OVER (PARTITION BY plain_name(name), gw_code) AS first
      FROM actors WHERE gw_code IS NOT NULL AND name IS NOT NULL)
WHERE actor_id <> first
