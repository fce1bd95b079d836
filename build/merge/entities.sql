-- Defaults that need the whole row, after merging (data-model.md section 3). Tables are made anew: an
-- update of most rows would hold each old value until the end.

CREATE OR REPLACE TABLE actors AS
SELECT * REPLACE (CASE
    WHEN privacy_class IS NOT NULL THEN privacy_class
    WHEN entity_kind = 'unnamed_person' THEN 'private_person'
    WHEN entity_kind NOT IN ('person', 'unclassified') THEN 'not_a_person'
  END AS privacy_class)
FROM actors;

CREATE OR REPLACE TABLE incidents AS
SELECT * REPLACE (
  coalesce(stage, 'accomplished') AS stage,
  coalesce(date_end, date_start) AS date_end)
FROM incidents;

CREATE OR REPLACE TABLE participants AS
SELECT * REPLACE (
  coalesce(side, 'none') AS side,
  coalesce(is_primary, false) AS is_primary)
FROM participants;

-- How a speaker is shown follows from what the speaker is, unless the annotation says it.
CREATE OR REPLACE TABLE statements AS
SELECT s.* REPLACE (CASE
    WHEN s.anonymity IS NOT NULL THEN s.anonymity
    WHEN a.entity_kind IN ('person', 'organization', 'unit', 'state', 'document') THEN 'named'
    WHEN a.entity_kind = 'unnamed_person' THEN 'described'
    WHEN a.entity_kind = 'unnamed_group' THEN 'collective'
  END AS anonymity)
FROM statements AS s LEFT JOIN actors AS a ON a.actor_id = s.speaker_actor_id;
