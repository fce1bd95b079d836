-- Unnamed people are apart even where their labels agree; so are groups, unless a key names them.
WITH named AS (
  SELECT *, plain_name(unnest(list_append(coalesce(aliases, []), name))) AS plain FROM actors
  WHERE entity_kind IS DISTINCT FROM 'unnamed_person'
    AND (entity_kind IS DISTINCT FROM 'unnamed_group' OR actor_key IS NOT NULL)
),
firsts AS (
  SELECT *, min(actor_id) OVER (PARTITION BY plain, country_code) AS first
  FROM named WHERE plain <> ''
)
SELECT f.actor_id AS id, 'name' AS field, 'expected one actor of one name and country, got '
  || concat_ws(' and ', '"' || any_value(f.name) || '"', '"' || any_value(a.name) || '"') || '; give both one key, or tell them '
  || 'apart by name' AS message, a.actor_id AS other
FROM firsts AS f JOIN actors AS a ON a.actor_id = f.first
-- The same id of another system is an error of its own.
WHERE f.actor_id <> f.first
  AND NOT coalesce(f.wikidata_id = a.wikidata_id, false)
  AND NOT coalesce(f.ucdp_actor_id = a.ucdp_actor_id, false)
  AND NOT coalesce(f.gw_code = a.gw_code, false)
GROUP BY f.actor_id, a.actor_id
