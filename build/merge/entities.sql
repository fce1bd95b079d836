-- Actors and incidents after merging: defaults that need the whole row (data-model.md section 3).

UPDATE actors SET privacy_class = CASE
    WHEN entity_kind = 'unnamed_person' THEN 'private_person'
    WHEN entity_kind NOT IN ('person', 'unclassified') THEN 'not_a_person'
  END
WHERE privacy_class IS NULL;

UPDATE incidents SET
  stage = coalesce(stage, 'accomplished'),
  date_end = coalesce(date_end, date_start);

UPDATE participants SET
  side = coalesce(side, 'none'),
  is_primary = coalesce(is_primary, false);

-- How a speaker is shown follows from what the speaker is, unless the annotation says it.
UPDATE statements SET anonymity = CASE
    WHEN a.entity_kind IN ('person', 'organization', 'unit', 'state', 'document') THEN 'named'
    WHEN a.entity_kind = 'unnamed_person' THEN 'described'
    WHEN a.entity_kind = 'unnamed_group' THEN 'collective'
  END
FROM actors AS a
WHERE statements.anonymity IS NULL AND a.actor_id = statements.speaker_actor_id;
