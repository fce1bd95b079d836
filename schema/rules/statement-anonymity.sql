SELECT s.statement_id AS id, 'anonymity' AS field, 'expected a speaker of the kind '
  || CASE WHEN s.anonymity = 'named' THEN 'person, organization, unit, state or document'
       ELSE 'unnamed_person or unnamed_group' END
  || ' with the anonymity ' || s.anonymity || ', got ' || a.entity_kind
  || '; correct the anonymity, or the entity_kind of the speaker' AS message
FROM statements AS s JOIN actors AS a ON a.actor_id = s.speaker_actor_id
WHERE (s.anonymity = 'named' AND a.entity_kind IN ('unnamed_person', 'unnamed_group'))
   OR (s.anonymity IN ('described', 'undescribed', 'collective')
       AND a.entity_kind NOT IN ('unnamed_person', 'unnamed_group'))
