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

-- Items that only imports or models made: what they leave open is no mistake of a person.
CREATE TEMP TABLE open_items AS
SELECT DISTINCT id FROM evidence_summary AS e
WHERE by_program AND id IS NOT NULL
  AND NOT EXISTS (FROM evidence_summary AS h WHERE h.by_hand AND h.id = e.id);

-- Actors with the class of their type: `armed` and `organised` as in its vocabulary, null where the
-- type is not known.
CREATE TEMP VIEW actor_classes AS
SELECT a.*, t.class, t.class IN ('state_armed', 'nonstate_armed') AS armed,
       t.organised = 'true' AS organised
FROM actors AS a LEFT JOIN vocab_actor_type AS t ON t.value = a.actor_type;

-- An actor and everything that it belongs to, itself first (depth 0), at most 20 levels.
CREATE TEMP TABLE belonging_actors AS
WITH RECURSIVE up AS (
  SELECT actor_id, parent_actor_id AS ancestor_id, 1 AS depth
  FROM actors WHERE parent_actor_id IS NOT NULL
  UNION
  SELECT up.actor_id, a.parent_actor_id, up.depth + 1
  FROM up JOIN actors AS a ON a.actor_id = up.ancestor_id
  WHERE a.parent_actor_id IS NOT NULL AND up.depth < 20
)
FROM up;
CREATE TEMP VIEW actor_ancestors AS
SELECT actor_id, actor_id AS ancestor_id, 0 AS depth FROM actors
UNION ALL FROM belonging_actors;

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
WITH depending AS (
  SELECT incident_id FROM incidents WHERE incident_type IN ('raid_operation', 'targeted_killing')
),
part AS (
  SELECT p.incident_id,
         bool_or(a.armed AND p.role IN ('victim', 'belligerent')) AS armed_fought,
         bool_or(a.armed AND p.role = 'target') AS armed_target,
         bool_or(NOT a.armed AND a.class <> 'unknown' AND p.role = 'target') AS unarmed_target,
         bool_or(a.armed AND p.role IN ('victim', 'captive')) AS armed_harmed,
         bool_or(NOT a.armed AND a.class <> 'unknown' AND p.role = 'victim') AS unarmed_victim,
         bool_or(NOT a.armed AND a.class <> 'unknown' AND p.role IN ('victim', 'captive'))
           AS unarmed_harmed,
         bool_or(p.role = 'captive') AS taken
  FROM participants AS p SEMI JOIN depending USING (incident_id)
  JOIN actor_classes AS a USING (actor_id)
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
  FROM casualties SEMI JOIN depending USING (incident_id)
  WHERE stance = 'asserts' AND coalesce(count_high, count_best, 1) > 0
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

-- Items whose evidence in no single article is all that such an item needs. A statement for each
-- table, so that only one is joined at a time.
CREATE TEMP TABLE less_evident AS
SELECT incident_id AS id FROM incidents ANTI JOIN
  (SELECT id FROM evidence_summary WHERE has_trigger AND has_date AND has_place)
  ON id = incident_id;
INSERT INTO less_evident SELECT participant_id FROM participants ANTI JOIN
  (SELECT id FROM evidence_summary WHERE has_role) ON id = participant_id;
INSERT INTO less_evident SELECT casualty_id FROM casualties ANTI JOIN
  (SELECT id FROM evidence_summary WHERE has_count) ON id = casualty_id;
INSERT INTO less_evident SELECT statement_id FROM statements ANTI JOIN
  (SELECT id FROM evidence_summary WHERE has_cue AND has_content AND has_source)
  ON id = statement_id;
CREATE TEMP TABLE unmentioned_actors AS
SELECT actor_id FROM actors ANTI JOIN evidence_summary ON id = actor_id;

-- What items lack in evidence: the role that would give it, and what it is evidence of.
CREATE TEMP TABLE evidence_lacks AS
WITH found AS MATERIALIZED (
  SELECT i.id, count(e.id) > 0 AS has_any, coalesce(bool_or(has_trigger), false) AS has_trigger,
         coalesce(bool_or(has_date), false) AS has_date,
         coalesce(bool_or(has_place), false) AS has_place,
         coalesce(bool_or(has_role), false) AS has_role,
         coalesce(bool_or(has_count), false) AS has_count,
         coalesce(bool_or(has_cue), false) AS has_cue,
         coalesce(bool_or(has_content), false) AS has_content,
         coalesce(bool_or(has_source), false) AS has_source
  FROM less_evident AS i LEFT JOIN evidence_summary AS e USING (id) GROUP BY i.id
),
-- An entry of a registry that others only belong to stands in no article.
standing AS MATERIALIZED (
  SELECT incident_id AS id FROM participants SEMI JOIN found ON id = incident_id
  UNION SELECT id FROM item_articles SEMI JOIN found USING (id)
),
incident AS MATERIALIZED (FROM standing JOIN found USING (id) JOIN incidents ON incident_id = id),
statement AS MATERIALIZED (
  SELECT s.statement_id, s.anonymity, f.* FROM found AS f JOIN statements AS s ON statement_id = id
)
SELECT incident_id AS id, 'trigger' AS role, 'of its type' AS supports FROM incident
WHERE incident_type IS NOT NULL AND NOT has_trigger
UNION ALL SELECT incident_id, 'date', 'of its date' FROM incident
WHERE date_precision <> 'unknown' AND NOT has_date
UNION ALL SELECT incident_id, 'place', 'of its place' FROM incident
WHERE geo_precision <> 'unknown' AND NOT has_place
UNION ALL SELECT id, 'role', 'of its part in the incident'
FROM found JOIN participants ON participant_id = id WHERE NOT has_role
UNION ALL SELECT id, 'count', 'of its count'
FROM found JOIN casualties ON casualty_id = id
WHERE NOT has_any OR (NOT has_count AND quantifier <> 'none_stated')
UNION ALL SELECT id, 'cue', 'of the words that report it' FROM statement
WHERE NOT has_cue AND anonymity IS DISTINCT FROM 'implicit'
UNION ALL SELECT id, 'content', 'of what is said' FROM statement WHERE NOT has_content
UNION ALL SELECT id, 'source', 'of who says it' FROM statement
WHERE NOT has_source AND anonymity IS DISTINCT FROM 'implicit'
UNION ALL SELECT DISTINCT id, 'mention', 'where it is named' FROM (
  SELECT unnest([actor_id, attributed_by_actor_id]) AS id FROM participants
  UNION ALL SELECT unnest([claimant_actor_id, victim_actor_id]) FROM casualties
  UNION ALL SELECT unnest([speaker_actor_id, on_behalf_of_actor_id, addressee_actor_id,
    target_actor_id]) FROM statements) SEMI JOIN unmentioned_actors ON actor_id = id;

-- The same, with whether nobody can be asked for it: only imports or models made the item, or, where
-- it has no evidence to tell that, all evidence of the articles that it stands in.
CREATE TEMP TABLE evidence_missing AS
WITH lacking AS MATERIALIZED (SELECT DISTINCT id FROM evidence_lacks),
acting AS (
  SELECT unnest([participant_id, actor_id, attributed_by_actor_id]) AS id, incident_id
  FROM participants
),
told AS (SELECT id FROM evidence_summary SEMI JOIN lacking USING (id)),
untold AS MATERIALIZED (SELECT id FROM lacking ANTI JOIN told USING (id)),
places AS (
  SELECT id, article_id FROM item_articles SEMI JOIN untold USING (id)
  UNION ALL SELECT p.id, a.article_id FROM acting AS p SEMI JOIN untold USING (id)
  JOIN item_articles AS a ON a.id = p.incident_id
  UNION ALL SELECT id, article_id FROM (
    SELECT unnest([claimant_actor_id, victim_actor_id]) AS id, article_id FROM casualties
    UNION ALL SELECT unnest([speaker_actor_id, on_behalf_of_actor_id, addressee_actor_id,
      target_actor_id]), article_id FROM statements) SEMI JOIN untold USING (id)
),
by_hand AS (
  SELECT id FROM places WHERE article_id IN (SELECT article_id FROM evidence_summary WHERE by_hand)
)
SELECT *, id IN (FROM open_items) OR (id IN (FROM untold) AND id NOT IN (FROM by_hand)) AS is_open
FROM evidence_lacks;

-- Claims with whoever makes them: the claimant, or the publisher for an article's own voice. `whole`
-- is true of a claim for everyone in its set, `copied` of the claims of a syndicated copy.
CREATE TEMP VIEW spoken_claims AS
SELECT c.*, a.publisher, a.syndicated_from_article_id IS NOT NULL AS copied,
       coalesce(c.claimant_actor_id, 'publisher ' || a.publisher, c.article_id) AS speaker,
       c.victim_category = 'all' AND c.demographic = 'any' AND c.occupation = 'any' AS whole
FROM casualties AS c JOIN articles AS a USING (article_id);

-- What one speaker counts in one article: a row for the claims for all, one for those for parts.
-- `least` takes a bound that is not stated for 0, the other sums are null where one is not stated.
CREATE TEMP TABLE claim_sums AS
SELECT incident_id, article_id, speaker, harm_type, victim_set, as_of, whole, copied,
       claimant_actor_id, publisher, min(casualty_id) AS casualty_id,
       bool_or(covers_set) AS covers, bool_and(covers_set) AS all_cover,
       bool_or(quantifier = 'approximately') AS about,
       sum(coalesce(count_low, 0))::BIGINT AS least,
       CASE WHEN count(count_low) = count(*) THEN sum(count_low)::BIGINT END AS low,
       CASE WHEN count(count_best) = count(*) THEN sum(count_best)::BIGINT END AS best,
       CASE WHEN count(count_high) = count(*) THEN sum(count_high)::BIGINT END AS high
FROM spoken_claims
WHERE stance = 'asserts' AND subset_of_casualty_id IS NULL
  AND harm_type IS NOT NULL AND whole IS NOT NULL
-- The claimant follows from the speaker, the publisher from the article.
GROUP BY incident_id, article_id, speaker, harm_type, victim_set, as_of, whole, copied,
         claimant_actor_id, publisher;

-- Two participants of one actor in an incident on opposed sides of the act, or on both sides, by one
-- account. What two publishers say in their own voice are two accounts.
CREATE TEMP TABLE opposed_participants AS
WITH pairs AS MATERIALIZED (
  SELECT p.participant_id AS id, q.participant_id AS other, p.role, q.role AS other_role,
         p.role IN ('initiator', 'captor') AND q.role IN ('target', 'victim', 'captive') AS in_role,
         p.side = 'a' AND q.side = 'b' AS in_side, p.attributed_by_actor_id IS NOT NULL AS said
  FROM participants AS p
  JOIN participants AS q
    ON q.incident_id = p.incident_id AND q.actor_id = p.actor_id
   AND q.participant_id <> p.participant_id
   AND q.attributed_by_actor_id IS NOT DISTINCT FROM p.attributed_by_actor_id
  JOIN incidents AS i ON i.incident_id = p.incident_id
  WHERE (in_role OR in_side) AND i.incident_type IS DISTINCT FROM 'suicide_attack'
    AND p.attribution_basis IS DISTINCT FROM 'cleared'
    AND q.attribution_basis IS DISTINCT FROM 'cleared'
)
FROM pairs WHERE said
UNION
SELECT pairs.*
FROM pairs JOIN item_articles AS v ON v.id = pairs.id
JOIN item_articles AS w ON w.id = pairs.other
JOIN articles AS a ON a.article_id = v.article_id
JOIN articles AS b ON b.article_id = w.article_id
WHERE NOT said AND (a.article_id = b.article_id OR a.publisher = b.publisher);

-- What the participants of an incident lack for its type, in words; a role or a class that is left
-- open may be any.
CREATE TEMP TABLE lacking_roles AS
WITH roles AS (
  SELECT p.incident_id, p.actor_id, p.role, p.side, c.class
  FROM participants AS p LEFT JOIN actor_classes AS c USING (actor_id)
  WHERE p.attribution_basis IS DISTINCT FROM 'cleared'
),
found AS (
  SELECT i.incident_id, i.incident_type,
         coalesce(bool_or(r.side = 'a'), false) AS side_a,
         coalesce(bool_or(r.side = 'b'), false) AS side_b,
         coalesce(bool_or(coalesce(r.role, 'initiator') = 'initiator')
           FILTER (r.actor_id IS NOT NULL), false) AS initiator,
         coalesce(bool_or(coalesce(r.role, 'victim') IN ('target', 'victim')
           AND coalesce(r.class, 'civilian') = 'civilian')
           FILTER (r.actor_id IS NOT NULL), false) AS civilian,
         coalesce(bool_or(coalesce(r.role, 'protester') = 'protester')
           FILTER (r.actor_id IS NOT NULL), false) AS protester,
         count(DISTINCT r.actor_id) FILTER (coalesce(r.role, 'party') = 'party') AS parties
  FROM incidents AS i JOIN roles AS r USING (incident_id)
  GROUP BY i.incident_id, i.incident_type
)
SELECT incident_id, incident_type, CASE
    WHEN incident_type = 'armed_clash' AND NOT (side_a OR side_b)
      THEN 'an actor on side a and one on side b'
    WHEN incident_type = 'armed_clash' AND NOT side_a THEN 'an actor on side a'
    WHEN incident_type = 'armed_clash' AND NOT side_b THEN 'an actor on side b'
    WHEN incident_type = 'attack_on_civilians' AND NOT (initiator OR civilian)
      THEN 'an initiator, and a civilian actor as target or victim'
    WHEN incident_type = 'attack_on_civilians' AND NOT initiator THEN 'an initiator'
    WHEN incident_type = 'attack_on_civilians' AND NOT civilian
      THEN 'a civilian actor as target or victim'
    WHEN incident_type IN ('peaceful_protest', 'protest_intervention',
        'force_against_protesters', 'violent_demonstration') AND NOT protester
      THEN 'an actor with the role protester'
    WHEN incident_type = 'agreement' AND parties < 2
      THEN 'two actors or more with the role party' END AS lacking
FROM found WHERE lacking IS NOT NULL;

-- Text that is not in the form of this package, with the first fault that it has; annotators, of whom
-- evidence tells, go by their article.
CREATE TEMP TABLE faulty_text AS
WITH cells AS (
  SELECT id, field, value, printed, spoken, listed FROM text_cells WHERE value IS NOT NULL
  UNION ALL
  SELECT DISTINCT NULL, 'annotator_id', annotator_id, false, false, false FROM annotators
  UNION ALL
  SELECT article_id, 'license', license, false, false, false FROM articles
),
faulty AS (
  SELECT id, field, value, coalesce(
    -- Words in ASCII with single spaces, which most are, have no such fault.
    CASE WHEN regexp_matches(value, '[^!-~ ]|  |^ | $') THEN CASE
      WHEN printed AND regexp_matches(value,
        '[\t\n\v\f\r\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]|  |^ | $')
        THEN 'printed'
      WHEN NOT printed AND regexp_matches(value, '\p{Cc}') THEN 'control'
      WHEN NOT printed AND regexp_matches(value, '^\p{Z}|\p{Z}$') THEN 'ends'
      WHEN NOT printed AND strlen(value) > length(value) AND value <> nfc_normalize(value) THEN 'nfc'
      END END,
    CASE
      WHEN spoken OR strlen(value) >= 16 THEN NULL
      WHEN lower(value) IN (
        'n/a', 'n.a.', 'n.a', '#n/a', '<na>', 'none', 'null', '(null)', 'nil', 'nan', 'undefined',
        'unknown', 'not available', 'not applicable', 'not known', 'unspecified', 'xxx', 'todo',
        '?', '??', '???', '-', '--', '---', chr(8211), chr(8212), '.', '..', '...', chr(8230), '/',
        '_', '*', '-1', '-99', '-999', '9999') THEN 'sentinel'
      -- Of a list of names these may be abbreviations.
      WHEN NOT listed AND lower(value) IN ('na', 'tba', 'tbc', 'tbd') THEN 'sentinel' END) AS fault
  FROM cells WHERE fault IS NOT NULL
)
SELECT id, field, value, fault FROM faulty WHERE id IS NOT NULL
UNION ALL
SELECT DISTINCT e.article_id, f.field, f.value, f.fault
FROM faulty AS f JOIN annotators AS e ON e.annotator_id = f.value
WHERE f.id IS NULL;

-- The primary keys of all tables.
CREATE TEMP VIEW published_ids AS
SELECT article_id AS id FROM articles UNION ALL SELECT incident_id FROM incidents
UNION ALL SELECT actor_id FROM actors UNION ALL SELECT statement_id FROM statements
UNION ALL SELECT participant_id FROM participants UNION ALL SELECT casualty_id FROM casualties
UNION ALL SELECT evidence_id FROM evidence;
