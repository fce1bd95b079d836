SELECT actor_id AS id, 'gw_code' AS field, 'expected a gw_code only where entity_kind is state, got '
  || gw_code || ' with ' || entity_kind || '; leave it out, or correct entity_kind' AS message
FROM actors WHERE gw_code IS NOT NULL AND entity_kind <> 'state'
