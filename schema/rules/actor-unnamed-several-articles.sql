SELECT a.actor_id AS id, NULL AS field, 'expected '
  || CASE entity_kind WHEN 'unnamed_person' THEN 'an unnamed person'
       ELSE 'an unnamed group without a key' END
  || ' in one article, got evidence in ' || count(DISTINCT e.article_id)
  || '; give each article an actor of its own, since nobody can know that they are the same'
  AS message
FROM actors AS a JOIN evidence_summary AS e ON e.id = a.actor_id
WHERE entity_kind = 'unnamed_person' OR (entity_kind = 'unnamed_group' AND actor_key IS NULL)
GROUP BY a.actor_id, entity_kind HAVING count(DISTINCT e.article_id) > 1
