-- The casualty estimate of every incident (data-model.md section 4): killed_low, killed_best,
-- killed_high and the rule that gave them. The project's rule is the variable estimate_rule. Each
-- step is a table, so that memory holds one at a time.

-- 1. Only a claimant's latest figures of a set count.
CREATE TEMP TABLE latest AS
WITH claims AS (
  SELECT c.incident_id,
         c.victim_set, c.article_id, c.as_of,
         -- Articles whose publisher is not known are not known to have the same one.
         coalesce(c.claimant_actor_id, 'publisher ' || a.publisher, c.article_id) AS claimant,
         c.covers_set,
         c.victim_category = 'all' AND c.demographic = 'any' AND c.occupation = 'any' AS is_all,
         c.count_low AS low, c.count_best AS best, c.count_high AS high
  FROM casualties AS c
  JOIN articles AS a USING (article_id)
  WHERE c.stance = 'asserts' AND c.harm_type = 'killed'
    AND c.subset_of_casualty_id IS NULL AND a.syndicated_from_article_id IS NULL
)
SELECT * FROM claims
QUALIFY as_of IS NOT DISTINCT FROM max(as_of) OVER (PARTITION BY incident_id, victim_set, claimant);

-- 2. What one claimant says in one article: the row for all, else the sum of the parts.
CREATE TEMP TABLE totals AS
SELECT incident_id, victim_set, claimant, article_id, any_value(as_of) AS as_of,
       bool_or(covers_set) AS covers,
       CASE WHEN bool_and(low IS NOT NULL) THEN sum(low) END AS low,
       CASE WHEN bool_and(best IS NOT NULL) THEN sum(best) END AS best,
       CASE WHEN bool_and(high IS NOT NULL) THEN sum(high) END AS high,
       sum(low) AS part_low
FROM latest
WHERE is_all OR NOT EXISTS (
  FROM latest AS t
  WHERE t.is_all AND t.incident_id = latest.incident_id AND t.victim_set = latest.victim_set
    AND t.claimant = latest.claimant AND t.article_id = latest.article_id
)
GROUP BY ALL;
DROP TABLE latest;

-- Two articles of one day that give one claimant different figures: their hull.
CREATE TEMP TABLE hulls AS
SELECT incident_id, victim_set, claimant, max(as_of) AS as_of,
       CASE WHEN bool_and(low IS NOT NULL) THEN min(low) END AS low,
       CASE WHEN bool_and(best IS NOT NULL) AND min(best) = max(best) THEN min(best) END AS best,
       CASE WHEN bool_and(high IS NOT NULL) THEN max(high) END AS high
FROM totals WHERE covers
GROUP BY ALL;

-- 3. Per set: one covering claimant, several that agree, or several that differ.
CREATE TEMP TABLE covered AS
WITH ranked AS (
  SELECT *,
         as_of = max(as_of) OVER same_set AS is_latest,
         2 * count(*) OVER (PARTITION BY incident_id, victim_set, best)
           > count(*) OVER same_set AS is_majority
  FROM hulls
  WINDOW same_set AS (PARTITION BY incident_id, victim_set)
),
compared AS (
  SELECT incident_id, victim_set,
         count(*) AS claimants,
         count(DISTINCT (low, best, high)) = 1 AS agree,
         CASE WHEN bool_and(low IS NOT NULL) THEN min(low) END AS low,
         CASE WHEN bool_and(high IS NOT NULL) THEN max(high) END AS high,
         min(best) AS lowest_best,
         CASE getvariable('estimate_rule')
           WHEN 'most_recent_reliable' THEN
             CASE WHEN count(*) FILTER (is_latest) = 1 THEN max(best) FILTER (is_latest) END
           WHEN 'majority' THEN max(best) FILTER (is_majority)
           WHEN 'most_conservative' THEN min(best)
         END AS chosen
  FROM ranked
  GROUP BY ALL
)
SELECT incident_id, victim_set, low,
       CASE WHEN agree THEN lowest_best ELSE chosen END AS best,
       high,
       CASE WHEN claimants = 1 THEN 'single_claim'
            WHEN agree THEN 'consensus'
            WHEN chosen IS NULL THEN 'range_only'
            ELSE getvariable('estimate_rule') END AS rule
FROM compared;
DROP TABLE hulls;

-- 4. The incident: sums over its sets, null where a part is null.
CREATE TEMP TABLE estimates AS
WITH sets AS (
  FROM covered
  UNION ALL BY NAME
  SELECT incident_id, victim_set, max(part_low) AS low, NULL AS best, NULL AS high,
         'range_only' AS rule
  FROM totals AS t
  WHERE NOT EXISTS (
    FROM covered AS c WHERE c.incident_id = t.incident_id AND c.victim_set = t.victim_set
  )
  GROUP BY ALL
),
summed AS (
  SELECT incident_id,
         CASE WHEN bool_and(low IS NOT NULL) THEN sum(low) END AS low,
         CASE WHEN bool_and(best IS NOT NULL) THEN sum(best) END AS best,
         CASE WHEN bool_and(high IS NOT NULL) THEN sum(high) END AS high,
         CASE WHEN count(DISTINCT rule) = 1 THEN any_value(rule)
              WHEN bool_or(rule = 'range_only') THEN 'range_only'
              WHEN bool_or(rule = getvariable('estimate_rule')) THEN getvariable('estimate_rule')
              ELSE 'consensus' END AS rule
  FROM sets
  GROUP BY incident_id
)
SELECT incident_id, low, best, high,
       CASE WHEN coalesce(low, best, high) IS NULL THEN 'none_reported'
            -- A rule that chooses a best has not been followed where there is none (rule 27).
            WHEN best IS NULL AND rule NOT IN ('single_claim', 'consensus') THEN 'range_only'
            ELSE rule END AS rule
FROM summed;
DROP TABLE totals;
DROP TABLE covered;
