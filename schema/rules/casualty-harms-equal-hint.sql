SELECT i.casualty_id AS id, NULL AS field, 'expected different counts of the killed and the injured of '
  || 'one set, got ' || coalesce(k.count_best, k.count_low, k.count_high) || ' of both; if both are '
  || 'right, waive the rule with the reason' AS message, k.casualty_id AS other
FROM casualties AS k JOIN casualties AS i
  ON i.incident_id = k.incident_id AND i.article_id = k.article_id
 AND i.claimant_actor_id IS NOT DISTINCT FROM k.claimant_actor_id AND i.victim_set = k.victim_set
 AND i.victim_category = k.victim_category AND i.demographic = k.demographic
 AND i.occupation = k.occupation
WHERE k.harm_type = 'killed' AND i.harm_type = 'injured'
  AND k.stance = 'asserts' AND i.stance = 'asserts'
  AND (i.count_low, i.count_best, i.count_high)
    IS NOT DISTINCT FROM (k.count_low, k.count_best, k.count_high)
  AND greatest(k.count_low, k.count_best, k.count_high) > 0
