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
CREATE TEMP VIEW actor_ancestors AS
WITH RECURSIVE up AS (
  SELECT actor_id, actor_id AS ancestor_id, 0 AS depth FROM actors
  UNION
  SELECT up.actor_id, a.parent_actor_id, up.depth + 1
  FROM up JOIN actors AS a ON a.actor_id = up.ancestor_id
  WHERE a.parent_actor_id IS NOT NULL AND up.depth < 20
)
FROM up;
