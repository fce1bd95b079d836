SELECT actor_id AS id, field, 'expected other names than ' || other || ' in ' || field || ', got "'
  || alias || '"; take it away' AS message
FROM (
  SELECT actor_id, 'aliases' AS field, 'the name' AS other, name AS alias FROM actors
  WHERE list_contains(aliases, name)
  UNION ALL
  SELECT actor_id, 'weak_aliases', 'the aliases', unnest(list_intersect(aliases, weak_aliases))
  FROM actors
)
