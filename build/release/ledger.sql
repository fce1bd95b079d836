-- The ledger of a release. There are: `delta` (what differs from the release before), `given` (the
-- lines of the file of reasons), `before` (its ledger), `orders` (its releases by age), `hidden`
-- (columns that the profile leaves out), `ids` (the rows of the new tables), and the tables of both
-- releases as `old_<table>` and `new_<table>`.

-- What the ledger said last of each row that was gone.
CREATE TEMP TABLE last_state AS
SELECT "table", row_id, change, merged_into_id
FROM before JOIN orders USING (release)
WHERE change IN ('withdrawn', 'merged')
QUALIFY row_number() OVER (PARTITION BY row_id ORDER BY number DESC) = 1;

CREATE TEMP TABLE gone AS SELECT "table", row_id FROM delta WHERE change = 'withdrawn';

CREATE TEMP TABLE returned AS SELECT ids."table", row_id FROM ids SEMI JOIN last_state USING (row_id);

-- What has become of the rows that are gone, and why. People decide about the rows that others may
-- have kept the ids of; what belongs to these goes with them.
CREATE TEMP TABLE explained AS
SELECT g."table", row_id, coalesce(f.change, 'withdrawn') AS change, f.merged_into_id,
       coalesce(f.reason, getvariable('reason')) AS reason
FROM gone AS g LEFT JOIN (FROM given WHERE change <> 'updated') AS f USING (row_id)
WHERE g."table" IN ('articles', 'incidents', 'actors', 'statements')
  AND coalesce(f.reason, getvariable('reason')) IS NOT NULL;

CREATE TEMP TABLE missing AS
SELECT "table", row_id FROM gone ANTI JOIN explained USING (row_id)
WHERE "table" IN ('articles', 'incidents', 'actors', 'statements');

-- Where the words of a missing row are now: evidence by the text that it is of and its place in it.
CREATE TEMP TABLE successors AS
WITH old_spans AS (
  SELECT unnest([e.incident_id, e.actor_id, e.statement_id]) AS row_id, a.text_sha256, start, "end"
  FROM old_evidence AS e JOIN old_articles AS a USING (article_id)
),
wanted AS MATERIALIZED (FROM old_spans SEMI JOIN missing USING (row_id)),
new_spans AS (
  SELECT unnest([e.incident_id, e.actor_id, e.statement_id]) AS row_id, a.text_sha256, start, "end"
  FROM new_evidence AS e JOIN new_articles AS a USING (article_id)
),
pairs AS (
  SELECT DISTINCT w.row_id, n.row_id AS successor
  FROM wanted AS w JOIN new_spans AS n USING (text_sha256, start, "end")
  WHERE n.row_id[:4] = w.row_id[:4]
  UNION
  SELECT o.article_id, n.article_id FROM old_articles AS o SEMI JOIN missing ON row_id = article_id
  JOIN new_articles AS n USING (text_sha256)
)
SELECT row_id, min(successor) AS successor FROM pairs GROUP BY row_id HAVING count(*) = 1;
