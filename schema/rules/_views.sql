-- What several rules ask of the tables, once. Items are the rows that evidence speaks of; their ids
-- tell their table by the prefix.

-- The days between which an article was published, as written where it was: exact where the day is
-- all that is known, else as far as time zones reach around the instant.
CREATE TEMP TABLE published_days AS
SELECT article_id,
       CASE WHEN published_precision = 'day' THEN published_at
            ELSE published_at - INTERVAL 12 HOUR END::DATE AS first_day,
       CASE WHEN published_precision = 'day' THEN published_at
            ELSE published_at + INTERVAL 14 HOUR END::DATE AS last_day
FROM articles;

-- Evidence by the one item that it belongs to.
CREATE TEMP VIEW item_evidence AS
SELECT coalesce(incident_id, actor_id, statement_id, participant_id, casualty_id) AS id, *
FROM evidence;

-- The articles in which an item stands; an incident also where a claim or a statement is about it.
CREATE TEMP TABLE item_articles AS
SELECT id, article_id FROM item_evidence WHERE id IS NOT NULL
UNION SELECT casualty_id, article_id FROM casualties
UNION SELECT incident_id, article_id FROM casualties
UNION SELECT statement_id, article_id FROM statements
UNION SELECT incident_id, article_id FROM statements WHERE incident_id IS NOT NULL;

-- Items that only imports or models made: what they leave open is no mistake of a person.
CREATE TEMP TABLE open_items AS
SELECT id FROM item_evidence WHERE method IN ('import', 'model')
EXCEPT
SELECT id FROM item_evidence WHERE method NOT IN ('import', 'model');

-- Actors with the class of their type: `armed` and `organised` as in its vocabulary, null where the
-- type is not known.
CREATE TEMP VIEW actor_classes AS
SELECT a.*, t.class, t.class IN ('state_armed', 'nonstate_armed') AS armed,
       t.organised = 'true' AS organised
FROM actors AS a LEFT JOIN vocab_actor_type AS t ON t.value = a.actor_type;

-- An actor and everything that it belongs to, itself first (depth 0), at most 20 levels.
CREATE TEMP TABLE actor_ancestors AS
WITH RECURSIVE up AS (
  SELECT actor_id, actor_id AS ancestor_id, 0 AS depth FROM actors
  UNION
  SELECT up.actor_id, a.parent_actor_id, up.depth + 1
  FROM up JOIN actors AS a ON a.actor_id = up.ancestor_id
  WHERE a.parent_actor_id IS NOT NULL AND up.depth < 20
)
FROM up;

-- Affiliations, for packages that have such a table; it is empty where nothing made it before.
CREATE TEMP VIEW IF NOT EXISTS affiliations AS
SELECT NULL::VARCHAR AS aff_id, NULL::VARCHAR AS actor_id, NULL::VARCHAR AS organization_actor_id,
       NULL::VARCHAR AS role, NULL::VARCHAR AS on_behalf_of_actor_id, NULL::VARCHAR AS valid_from,
       NULL::VARCHAR AS valid_to, NULL::VARCHAR AS article_id
WHERE false;

-- A name without case, accents, punctuation and space. Where vowels or voicing are marks (scripts
-- of South and Southeast Asia, kana), marks stay: they tell words apart.
CREATE TEMP MACRO plain_name(name) AS CASE
  WHEN strlen(name) = length(name) THEN translate(lower(name), ' -.,''"()/&_:;', '')
  ELSE regexp_replace(lower(
    CASE WHEN regexp_matches(name, '[\x{0900}-\x{109F}\x{1780}-\x{17FF}\x{3040}-\x{30FF}]')
      THEN name ELSE strip_accents(name) END), '[^\p{L}\p{M}\p{N}]+', '', 'g') END;

-- The kilometres between two points, along a great circle.
CREATE TEMP MACRO distance_km(lat_a, lon_a, lat_b, lon_b) AS 2 * 6371 * asin(sqrt(least(1,
  pow(sin(radians(lat_b - lat_a) / 2), 2)
  + cos(radians(lat_a)) * cos(radians(lat_b)) * pow(sin(radians(lon_b - lon_a) / 2), 2))));

-- Whether a point lies in a box or within 25 km of it; a box may cross the antimeridian.
CREATE TEMP MACRO near_box(lat, lon, lat_min, lat_max, lon_min, lon_max) AS
  lat BETWEEN lat_min - 0.225 AND lat_max + 0.225
  AND (lon_max - lon_min >= 360
       OR (lon - lon_min + 0.225 / greatest(cos(radians(lat)), 0.01) + 720) % 360
         <= (lon_max - lon_min + 360) % 360 + 0.45 / greatest(cos(radians(lat)), 0.01));

-- Everything that an incident is part of, directly (depth 1) and beyond, at most 20 levels.
CREATE TEMP VIEW incident_ancestors AS
WITH RECURSIVE up AS (
  SELECT incident_id, parent_incident_id AS ancestor_id, 1 AS depth
  FROM incidents WHERE parent_incident_id IS NOT NULL
  UNION
  SELECT up.incident_id, i.parent_incident_id, up.depth + 1
  FROM up JOIN incidents AS i ON i.incident_id = up.ancestor_id
  WHERE i.parent_incident_id IS NOT NULL AND up.depth < 20
)
FROM up;

-- The one ACLED sub-event type of each incident, or null and the reason. Where it depends on who
-- was harmed, participants and claims decide: in a raid those who fought back, then unarmed people
-- who were harmed, then people who were taken; in a targeted killing whom it was aimed at.
CREATE TEMP VIEW acled_types AS
WITH part AS (
  SELECT p.incident_id,
         bool_or(a.armed AND p.role IN ('victim', 'belligerent')) AS armed_fought,
         bool_or(a.armed AND p.role = 'target') AS armed_target,
         bool_or(NOT a.armed AND a.class <> 'unknown' AND p.role = 'target') AS unarmed_target,
         bool_or(a.armed AND p.role IN ('victim', 'captive')) AS armed_harmed,
         bool_or(NOT a.armed AND a.class <> 'unknown' AND p.role = 'victim') AS unarmed_victim,
         bool_or(NOT a.armed AND a.class <> 'unknown' AND p.role IN ('victim', 'captive'))
           AS unarmed_harmed,
         bool_or(p.role = 'captive') AS taken
  FROM participants AS p JOIN actor_classes AS a USING (actor_id)
  WHERE p.attribution_basis IS DISTINCT FROM 'cleared'
  GROUP BY p.incident_id
),
claim AS (
  SELECT incident_id,
         bool_or(harm_type IN ('killed', 'injured')) AS harmed,
         bool_or(harm_type IN ('killed', 'injured') AND victim_category IN
           ('militant', 'state_forces', 'combatant_unspecified')) AS armed_harmed,
         bool_or(harm_type IN ('killed', 'injured') AND victim_category = 'civilian')
           AS unarmed_harmed,
         bool_or(harm_type IN ('captured', 'abducted')) AS taken
  FROM casualties WHERE stance = 'asserts' AND coalesce(count_high, count_best, 1) > 0
  GROUP BY incident_id
),
decided AS (
  SELECT i.incident_id, i.incident_type, t.mapping_quality, t.condition,
         CASE i.incident_type
           WHEN 'raid_operation' THEN
             CASE WHEN p.armed_fought OR c.armed_harmed THEN 'Armed clash'
                  WHEN p.unarmed_target OR p.unarmed_victim OR c.unarmed_harmed THEN 'Attack'
                  WHEN p.taken OR c.taken THEN 'Arrests'
                  WHEN p.armed_target THEN 'Armed clash'
                  WHEN c.harmed THEN NULL
                  ELSE 'Looting/property destruction' END
           WHEN 'targeted_killing' THEN
             CASE WHEN p.armed_target AND p.unarmed_target THEN NULL
                  WHEN p.unarmed_target THEN 'Attack'
                  WHEN p.armed_target THEN 'Armed clash'
                  WHEN p.armed_harmed AND p.unarmed_harmed THEN NULL
                  WHEN p.unarmed_harmed THEN 'Attack'
                  WHEN p.armed_harmed THEN 'Armed clash'
                  WHEN c.armed_harmed AND c.unarmed_harmed THEN NULL
                  WHEN c.unarmed_harmed THEN 'Attack'
                  WHEN c.armed_harmed THEN 'Armed clash' END
           -- That a base was set up, neither participants nor claims say.
           WHEN 'mobilisation' THEN 'Other'
           ELSE t.acled_sub_event_type END AS acled
  FROM incidents AS i
  LEFT JOIN vocab_incident_type AS t ON t.value = i.incident_type
  LEFT JOIN part AS p USING (incident_id)
  LEFT JOIN claim AS c USING (incident_id)
)
SELECT incident_id, acled,
       CASE WHEN acled IS NOT NULL THEN NULL
            WHEN incident_type IS NULL THEN 'the source leaves open what it was'
            WHEN incident_type IN ('raid_operation', 'targeted_killing')
              THEN 'it is not known whether those harmed were armed, or some were and some not'
            WHEN mapping_quality = 'none' THEN condition END AS reason
FROM decided;

-- What items lack in evidence: the role that would give it, and what it is evidence of.
CREATE TEMP TABLE evidence_lacks AS
WITH found AS (
  SELECT id, bool_or(span_role = 'trigger' OR field = 'incident_type') AS has_trigger,
         bool_or(span_role = 'date' OR field IN ('date_start', 'date_end', 'date_precision'))
           AS has_date,
         bool_or(span_role = 'place' OR field IN ('country_code', 'admin1', 'admin2',
           'place_name', 'latitude', 'longitude', 'geo_precision')) AS has_place,
         bool_or(span_role = 'role' OR field = 'role') AS has_role,
         bool_or(span_role = 'count' OR starts_with(field, 'count_')) AS has_count,
         bool_or(span_role = 'cue' OR field = 'cue_text') AS has_cue,
         bool_or(span_role = 'content') AS has_content,
         bool_or(span_role = 'source') AS has_source
  FROM item_evidence GROUP BY id
),
incident AS (
  SELECT i.*, f.* FROM incidents AS i LEFT JOIN found AS f ON f.id = i.incident_id
  WHERE f.has_trigger IS NOT TRUE OR f.has_date IS NOT TRUE OR f.has_place IS NOT TRUE
),
-- An entry of a registry that others only belong to stands in no article.
standing AS (SELECT incident_id AS id FROM participants UNION ALL SELECT id FROM item_articles),
statement AS (
  SELECT s.*, f.* FROM statements AS s LEFT JOIN found AS f ON f.id = s.statement_id
  WHERE f.has_cue IS NOT TRUE OR f.has_content IS NOT TRUE OR f.has_source IS NOT TRUE
),
actor AS (SELECT actor_id FROM actors WHERE actor_id NOT IN (SELECT id FROM found WHERE id IS NOT NULL))
SELECT incident_id AS id, 'trigger' AS role, 'of its type' AS supports FROM incident
WHERE incident_type IS NOT NULL AND has_trigger IS NOT TRUE AND incident_id IN (FROM standing)
UNION ALL SELECT incident_id, 'date', 'of its date' FROM incident
WHERE date_precision <> 'unknown' AND has_date IS NOT TRUE AND incident_id IN (FROM standing)
UNION ALL SELECT incident_id, 'place', 'of its place' FROM incident
WHERE geo_precision <> 'unknown' AND has_place IS NOT TRUE AND incident_id IN (FROM standing)
UNION ALL SELECT participant_id, 'role', 'of its part in the incident'
FROM participants LEFT JOIN found AS f ON f.id = participant_id WHERE f.has_role IS NOT TRUE
UNION ALL SELECT casualty_id, 'count', 'of its count'
FROM casualties LEFT JOIN found AS f ON f.id = casualty_id
WHERE f.id IS NULL OR (f.has_count IS NOT TRUE AND quantifier <> 'none_stated')
UNION ALL SELECT statement_id, 'cue', 'of the words that report it' FROM statement
WHERE has_cue IS NOT TRUE AND anonymity IS DISTINCT FROM 'implicit'
UNION ALL SELECT statement_id, 'content', 'of what is said' FROM statement
WHERE has_content IS NOT TRUE
UNION ALL SELECT statement_id, 'source', 'of who says it' FROM statement
WHERE has_source IS NOT TRUE AND anonymity IS DISTINCT FROM 'implicit'
UNION ALL SELECT actor_id, 'mention', 'where it is named' FROM actor
WHERE actor_id IN (SELECT unnest([actor_id, attributed_by_actor_id]) FROM participants)
   OR actor_id IN (SELECT unnest([claimant_actor_id, victim_actor_id]) FROM casualties)
   OR actor_id IN (SELECT unnest([speaker_actor_id, on_behalf_of_actor_id, addressee_actor_id,
     target_actor_id]) FROM statements);

-- The same, with whether nobody can be asked for it: only imports or models made the item, or, where
-- it has no evidence to tell that, all evidence of the articles that it stands in.
CREATE TEMP TABLE evidence_missing AS
WITH lacking AS (SELECT DISTINCT id FROM evidence_lacks),
acting AS (
  SELECT unnest([participant_id, actor_id, attributed_by_actor_id]) AS id, incident_id
  FROM participants
),
places AS (
  SELECT id, article_id FROM item_articles SEMI JOIN lacking USING (id)
  UNION ALL SELECT p.id, a.article_id FROM acting AS p JOIN item_articles AS a
    ON a.id = p.incident_id WHERE p.id IN (FROM lacking)
  UNION ALL SELECT id, article_id FROM (
    SELECT unnest([claimant_actor_id, victim_actor_id]) AS id, article_id FROM casualties
    UNION ALL SELECT unnest([speaker_actor_id, on_behalf_of_actor_id, addressee_actor_id,
      target_actor_id]), article_id FROM statements) WHERE id IN (FROM lacking)
),
by_hand AS (
  SELECT id FROM places WHERE article_id IN
    (SELECT article_id FROM evidence WHERE method NOT IN ('import', 'model'))
)
SELECT *, id IN (FROM open_items)
  OR (id NOT IN (FROM by_hand) AND id NOT IN (SELECT id FROM item_evidence WHERE id IS NOT NULL))
  AS is_open
FROM evidence_lacks;
