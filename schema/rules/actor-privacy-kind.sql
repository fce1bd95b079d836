SELECT actor_id AS id, 'privacy_class' AS field, 'expected '
  || CASE WHEN entity_kind IN ('person', 'unnamed_person')
       THEN 'public_figure, private_person or minor' ELSE 'not_a_person' END
  || ' with the entity_kind ' || entity_kind || ', got ' || privacy_class
  || '; correct one of them' AS message
FROM actors
WHERE (privacy_class = 'not_a_person') = (entity_kind IN ('person', 'unnamed_person'))
