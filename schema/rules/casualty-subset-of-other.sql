SELECT s.casualty_id AS id, 'subset_of_casualty_id' AS field, 'expected a part of a claim of the same '
  || 'incident, article, claimant, harm and set, got one of another ' || CASE
    WHEN s.incident_id <> w.incident_id THEN 'incident'
    WHEN s.article_id <> w.article_id THEN 'article'
    WHEN s.claimant_actor_id IS DISTINCT FROM w.claimant_actor_id THEN 'claimant'
    WHEN s.harm_type <> w.harm_type THEN 'harm'
    ELSE 'set' END || '; name the claim that these people are counted in' AS message,
  w.casualty_id AS other
FROM casualties AS s JOIN casualties AS w ON w.casualty_id = s.subset_of_casualty_id
WHERE s.incident_id <> w.incident_id OR s.article_id <> w.article_id
   OR s.claimant_actor_id IS DISTINCT FROM w.claimant_actor_id
   OR s.harm_type <> w.harm_type OR s.victim_set <> w.victim_set
