-- The raw rows as the other scripts read them. Articles are ordered by publication, then by name:
-- that order, not the order of the files, says whose wording comes first.
-- Tables are not temporary, so that a temporary view can stand before one for a while.
CREATE TABLE articles AS
SELECT *, row_number() OVER (ORDER BY published_at NULLS LAST, article_key, _file, _line) AS _order
FROM in_articles;

-- One article's own rows are published as they are, but for what is derived: there is no copy.
ALTER TABLE in_statements RENAME TO statements;
ALTER TABLE in_casualties RENAME TO casualties;
-- Sets that the registry calls equal have one name.
UPDATE casualties SET victim_set = l.canonical
FROM set_links AS l WHERE l.incident_id = casualties.incident_id AND l.label = victim_set;
CREATE TEMP VIEW raw_statements AS
SELECT s.*, a._order, false AS _registered
FROM statements AS s JOIN articles AS a ON a.article_id = s._article;
CREATE TEMP VIEW raw_casualties AS
SELECT c.*, a._order, false AS _registered
FROM casualties AS c JOIN articles AS a ON a.article_id = c._article;
CREATE TEMP VIEW raw_articles AS SELECT *, false AS _registered FROM articles;

-- Entries of the registry that an article, or an entry that is published, refers to.
CREATE TEMP TABLE named_actors AS
WITH RECURSIVE named AS (
  SELECT actor_id AS id FROM registry_actors SEMI JOIN in_actors USING (actor_id)
  UNION
  SELECT r.parent_actor_id FROM registry_actors AS r JOIN named ON named.id = r.actor_id
  WHERE r.parent_actor_id IS NOT NULL
)
FROM named;
CREATE TEMP TABLE named_incidents AS
WITH RECURSIVE named AS (
  SELECT incident_id AS id FROM registry_incidents SEMI JOIN in_incidents USING (incident_id)
  UNION
  SELECT r.parent_incident_id FROM registry_incidents AS r JOIN named ON named.id = r.incident_id
  WHERE r.parent_incident_id IS NOT NULL
)
FROM named;

CREATE TEMP VIEW raw_actors AS
SELECT r.*, a._order, false AS _registered
FROM in_actors AS r JOIN articles AS a ON a.article_id = r._article
UNION ALL BY NAME
SELECT r.*, 0 AS _order, true AS _registered FROM registry_actors AS r
WHERE r.actor_id IN (FROM named_actors);

CREATE TEMP VIEW raw_incidents AS
SELECT r.*, a._order, false AS _registered
FROM in_incidents AS r JOIN articles AS a ON a.article_id = r._article
UNION ALL BY NAME
SELECT r.*, 0 AS _order, true AS _registered FROM registry_incidents AS r
WHERE r.incident_id IN (FROM named_incidents);

CREATE TEMP VIEW raw_participants AS
SELECT r.*, a._order, false AS _registered
FROM in_participants AS r JOIN articles AS a ON a.article_id = r._article;

-- The articles in which an item stands, as `_evidence.sql` has it of a package. An incident stands
-- where a claim or a statement is about it.
CREATE TEMP VIEW item_articles AS
SELECT incident_id AS id, _article AS article_id FROM in_incidents
UNION ALL SELECT actor_id, _article FROM in_actors
UNION ALL SELECT participant_id, _article FROM in_participants
UNION ALL SELECT casualty_id, _article FROM casualties
UNION ALL SELECT statement_id, _article FROM statements;

CREATE TEMP VIEW evidence_summary AS FROM in_evidence_summary;
CREATE TEMP VIEW annotators AS FROM in_annotators;
