SELECT actor_id AS id, field, 'expected each ' || field || ' on one actor, got ' || value || ' on '
  || count(*) OVER same || ' actors; give them one key, or correct it' AS message
FROM (SELECT actor_id, 'wikidata_id' AS field, wikidata_id AS value FROM actors
      UNION ALL SELECT actor_id, 'ucdp_actor_id', ucdp_actor_id::VARCHAR FROM actors)
WHERE value IS NOT NULL
WINDOW same AS (PARTITION BY field, value) QUALIFY count(*) OVER same > 1
