SELECT p.casualty_id AS id, NULL AS field, 'expected subset_of, since the same claimant counts all '
  || 'people of the set too; got none; name the claim that these people are part of' AS message
FROM casualties AS p SEMI JOIN casualties AS w
  ON w.incident_id = p.incident_id AND w.article_id = p.article_id
 AND w.claimant_actor_id IS NOT DISTINCT FROM p.claimant_actor_id
 AND w.harm_type = p.harm_type AND w.victim_set = p.victim_set
 AND w.demographic = 'any' AND w.occupation = 'any'
WHERE p.subset_of_casualty_id IS NULL AND (p.demographic <> 'any' OR p.occupation <> 'any')
