-- The claim that each claim replaces: the same claimant's latest earlier figure of the same people
-- (data-model.md section 3). Copies of an article by syndication neither replace nor are replaced.

UPDATE casualties SET supersedes_casualty_id = s.earlier
FROM (
  WITH claims AS (
    SELECT c.*, coalesce(c.claimant_actor_id, a.publisher) AS claimant
    FROM casualties AS c JOIN articles AS a USING (article_id)
    WHERE a.syndicated_from_article_id IS NULL
  )
  SELECT new.casualty_id,
         arg_max(old.casualty_id, (old.as_of, old.casualty_id)) AS earlier
  FROM claims AS new JOIN claims AS old
    ON old.incident_id = new.incident_id
   AND old.claimant = new.claimant
   AND (old.claimant_actor_id IS NULL) = (new.claimant_actor_id IS NULL)
   AND old.harm_type = new.harm_type
   AND old.victim_category = new.victim_category
   AND old.demographic = new.demographic
   AND old.occupation = new.occupation
   AND old.victim_set = new.victim_set
   AND old.as_of < new.as_of
  GROUP BY new.casualty_id
) AS s
WHERE casualties.casualty_id = s.casualty_id AND casualties.supersedes_casualty_id IS NULL;
