-- What participants, claims and statements say of an incident as a whole (data-model.md section 3):
-- verification_status, violence_type (rule 29), civilian_targeting.

CREATE OR REPLACE TEMP TABLE sides AS
WITH p AS (
  SELECT p.incident_id, p.side, p.role, t.class, t.organised,
         t.class IN ('state_armed', 'nonstate_armed') AS armed,
         p.role IN ('target', 'victim', 'captive') AS is_harmed
  FROM participants AS p
  JOIN actors AS a USING (actor_id)
  LEFT JOIN actor_types AS t ON t.value = a.actor_type
  WHERE p.attribution_basis <> 'cleared'
)
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
FROM p
GROUP BY incident_id;

-- Who says that the incident happened: claimants, those who attribute it, own voices by publisher.
CREATE OR REPLACE TEMP TABLE sources AS
WITH original AS (FROM articles WHERE syndicated_from_article_id IS NULL)
SELECT c.incident_id, coalesce(c.claimant_actor_id, o.publisher) AS source
FROM casualties AS c JOIN original AS o USING (article_id)
WHERE c.stance = 'asserts'
UNION
SELECT p.incident_id, coalesce(p.attributed_by_actor_id, o.publisher)
FROM raw_participants AS p JOIN original AS o ON o.article_id = p._article
WHERE p.attribution_basis <> 'cleared';

CREATE OR REPLACE TEMP TABLE verification AS
-- The article that each goes back to by syndication, in the end.
WITH RECURSIVE originals AS (
  SELECT article_id, article_id AS original FROM articles WHERE syndicated_from_article_id IS NULL
  UNION
  SELECT a.article_id, o.original
  FROM articles AS a JOIN originals AS o ON o.article_id = a.syndicated_from_article_id
),
denied AS (
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
-- Which actors a source names as initiators; the own voice is its publisher.
initiators AS (
  SELECT r.incident_id, coalesce(r.attributed_by_actor_id, a.publisher, a.article_id) AS source,
         list(DISTINCT r.actor_id) AS actors
  FROM raw_participants AS r JOIN articles AS a ON a.article_id = r._article
  WHERE r.role = 'initiator' AND r.attribution_basis <> 'cleared'
    AND a.syndicated_from_article_id IS NULL
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
),
corroborated AS (
  SELECT incident_id FROM sources GROUP BY incident_id HAVING count(DISTINCT source) > 1
  UNION
  SELECT i.incident_id
  FROM raw_incidents AS i JOIN originals AS o ON o.article_id = i._article
  GROUP BY i.incident_id
  HAVING count(DISTINCT o.original) > 1
)
SELECT incident_id,
       CASE WHEN incident_id IN (FROM denied) OR incident_id IN (FROM disputed)
              OR incident_id IN (FROM blamed) THEN 'contested'
            WHEN incident_id IN (FROM admitted) THEN 'acknowledged'
            WHEN incident_id IN (FROM corroborated) THEN 'corroborated'
            ELSE 'single_source' END AS status
FROM incidents;

CREATE OR REPLACE TEMP TABLE derived AS
SELECT i.incident_id,
       v.status AS verification_status,
       CASE WHEN t.violent IS NULL THEN NULL
            WHEN NOT t.violent THEN 'not_applicable'
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
LEFT JOIN incident_types AS t ON t.value = i.incident_type
LEFT JOIN sides AS s USING (incident_id)
LEFT JOIN estimates AS e USING (incident_id);
