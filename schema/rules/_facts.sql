-- What participants, claims and statements say of an incident as a whole (data-model.md section 3):
-- verification_status, violence_type (rule 29), civilian_targeting.

-- The articles that report an incident or name a participant: those that have evidence of it, and of
-- an incident those with a claim or a statement about it. An article that only lists an incident, as
-- the parent of another, does not report it.
CREATE TEMP TABLE reports AS
WITH reported AS (
  SELECT id AS incident_id, article_id FROM evidence_summary WHERE starts_with(id, 'inc')
  UNION
  SELECT p.incident_id, e.article_id
  FROM evidence_summary AS e JOIN participants AS p ON p.participant_id = e.id
  UNION
  SELECT incident_id, article_id FROM casualties
  UNION
  SELECT incident_id, article_id FROM statements WHERE incident_id IS NOT NULL
)
SELECT incident_id AS id, article_id FROM reported
UNION ALL
SELECT DISTINCT id, article_id FROM evidence_summary WHERE starts_with(id, 'par')
UNION ALL
-- A participant without evidence, as an import may have it, is named wherever its incident is.
SELECT p.participant_id, r.article_id
FROM (FROM participants ANTI JOIN evidence_summary ON id = participant_id) AS p
JOIN reported AS r USING (incident_id);

-- Participants by the articles that name them, copies by syndication left out.
CREATE TEMP VIEW named_participants AS
SELECT p.*, a.article_id, a.publisher
FROM participants AS p JOIN reports AS r ON r.id = p.participant_id
JOIN articles AS a USING (article_id)
WHERE a.syndicated_from_article_id IS NULL;

-- Participants with the class of their actor's type; a table of its own, so that memory holds one
-- step at a time.
CREATE TEMP TABLE acting AS
SELECT p.incident_id, p.side, p.role IN ('target', 'victim', 'captive') AS is_harmed,
       t.class, t.organised = 'true' AS organised,
       t.class IN ('state_armed', 'nonstate_armed') AS armed
FROM participants AS p
JOIN actors AS a USING (actor_id)
LEFT JOIN vocab_actor_type AS t ON t.value = a.actor_type
WHERE p.attribution_basis <> 'cleared';
CREATE TEMP TABLE sides AS
SELECT incident_id,
       bool_or(side = 'a' AND class = 'state_armed') AS state_a,
       bool_or(side = 'b' AND class = 'state_armed') AS state_b,
       bool_or(side = 'a' AND armed) AS armed_a,
       bool_or(side = 'b' AND armed) AS armed_b,
       bool_or(side = 'a' AND armed AND organised) AS organised_a,
       bool_and(coalesce(class, '') = 'civilian') FILTER (side = 'b' OR is_harmed) AS civilian_b,
       bool_or(class = 'civilian') FILTER (is_harmed) AS civilians_harmed,
       bool_and(coalesce(class, 'unknown') NOT IN ('civilian', 'unknown')) FILTER (is_harmed)
         AS others_harmed
FROM acting
GROUP BY incident_id;
DROP TABLE acting;

-- Who says that the incident happened: claimants, those who attribute it, own voices by publisher.
CREATE TEMP TABLE sources AS
SELECT c.incident_id, coalesce(c.claimant_actor_id, a.publisher) AS source
FROM casualties AS c JOIN articles AS a USING (article_id)
WHERE c.stance = 'asserts' AND a.syndicated_from_article_id IS NULL
UNION
SELECT incident_id, coalesce(attributed_by_actor_id, publisher)
FROM named_participants WHERE attribution_basis <> 'cleared';

-- The article that each goes back to by syndication, in the end.
CREATE TEMP TABLE originals AS
WITH RECURSIVE copies AS (
  SELECT article_id, syndicated_from_article_id AS original
  FROM articles WHERE syndicated_from_article_id IS NOT NULL
  UNION
  SELECT c.article_id, a.syndicated_from_article_id
  FROM copies AS c JOIN articles AS a ON a.article_id = c.original
  WHERE a.syndicated_from_article_id IS NOT NULL
)
SELECT article_id, article_id AS original FROM articles WHERE syndicated_from_article_id IS NULL
UNION ALL
SELECT c.article_id, c.original FROM copies AS c JOIN articles AS a ON a.article_id = c.original
WHERE a.syndicated_from_article_id IS NULL;

-- Incidents that several sources speak of, or several articles that are not copies of one.
CREATE TEMP TABLE corroborated AS
SELECT incident_id FROM sources GROUP BY incident_id HAVING count(source) > 1;
INSERT INTO corroborated
SELECT id FROM (SELECT DISTINCT id, original FROM reports JOIN originals USING (article_id))
GROUP BY id HAVING count(*) > 1;

CREATE TEMP TABLE verification AS
WITH denied AS (
  SELECT DISTINCT c.incident_id
  FROM casualties AS c JOIN articles AS a USING (article_id)
  WHERE c.stance = 'denies' AND a.syndicated_from_article_id IS NULL
),
disputed AS (
  SELECT s.incident_id
  FROM statements AS s JOIN articles AS a USING (article_id)
  WHERE s.incident_id IS NOT NULL AND a.syndicated_from_article_id IS NULL
    AND s.polarity IS DISTINCT FROM 'negated'
  GROUP BY s.incident_id
  HAVING bool_or(s.speech_act = 'accuse') AND bool_or(s.speech_act = 'deny')
),
-- Which actors a source names as initiators, where several sources do; the own voice is its
-- publisher.
named AS MATERIALIZED (
  SELECT incident_id, coalesce(attributed_by_actor_id, publisher, article_id) AS source, actor_id
  FROM named_participants WHERE role = 'initiator' AND attribution_basis <> 'cleared'
),
initiators AS (
  SELECT incident_id, source, list(DISTINCT actor_id) AS actors
  FROM named SEMI JOIN
    (SELECT incident_id FROM named GROUP BY incident_id HAVING min(source) <> max(source))
    USING (incident_id)
  GROUP BY ALL
),
-- Each of two sources names one that the other does not: naming fewer is no contradiction.
blamed AS (
  SELECT DISTINCT incident_id
  FROM initiators AS p JOIN initiators AS q USING (incident_id)
  WHERE NOT list_has_all(p.actors, q.actors) AND NOT list_has_all(q.actors, p.actors)
),
admitted AS (
  SELECT DISTINCT incident_id FROM participants
  WHERE attribution_basis = 'claimed_or_admitted' AND role IN ('initiator', 'captor', 'claimant')
)
SELECT incident_id,
       CASE WHEN incident_id IN (FROM denied) OR incident_id IN (FROM disputed)
              OR incident_id IN (FROM blamed) THEN 'contested'
            WHEN incident_id IN (FROM admitted) THEN 'acknowledged'
            WHEN incident_id IN (FROM corroborated) THEN 'corroborated'
            ELSE 'single_source' END AS status
FROM incidents;

CREATE TEMP TABLE derived AS
SELECT i.incident_id,
       v.status AS verification_status,
       CASE WHEN t.violent IS NULL THEN NULL
            WHEN t.violent = 'false' THEN 'not_applicable'
            WHEN (s.state_a AND s.armed_b) OR (s.state_b AND s.armed_a) THEN 'state_based'
            WHEN s.armed_a AND s.armed_b THEN 'non_state'
            WHEN s.organised_a AND s.civilian_b THEN 'one_sided' END AS violence_type,
       CASE WHEN s.civilians_harmed THEN true
            WHEN s.others_harmed THEN false END AS civilian_targeting,
       -- Null where there are more than the columns hold: an error, see estimate-too-large.
       TRY_CAST(e.low AS INTEGER) AS killed_low, TRY_CAST(e.best AS INTEGER) AS killed_best,
       TRY_CAST(e.high AS INTEGER) AS killed_high,
       coalesce(e.rule, 'none_reported') AS estimate_rule
FROM incidents AS i
JOIN verification AS v USING (incident_id)
LEFT JOIN vocab_incident_type AS t ON t.value = i.incident_type
LEFT JOIN sides AS s USING (incident_id)
LEFT JOIN estimates AS e USING (incident_id);
