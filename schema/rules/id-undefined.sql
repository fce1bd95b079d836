WITH keys AS (
  SELECT article_id AS id, 'article_key' AS field, article_key AS value FROM articles
  UNION ALL SELECT incident_id, 'incident_key', incident_key FROM incidents
  UNION ALL SELECT actor_id, 'actor_key', actor_key FROM actors
)
SELECT id, NULL AS field, 'expected an id made of its parts, got "' || id || '"; build the package '
  || 'again' AS message
FROM published_ids
WHERE suffix(id, '_undefined') OR suffix(id, '_null') OR suffix(id, '_none') OR suffix(id, '_nan')
UNION ALL
SELECT id, field, 'expected a name of its own, got "' || value || '", as a program writes where it '
  || 'has none; correct the program, or choose another name'
FROM keys WHERE regexp_matches(lower(value), '(^|_)(undefined|null|none|nan)(_|$)')
