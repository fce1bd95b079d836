SELECT n.casualty_id AS id, NULL AS field, 'expected a toll that does not fall, got '
  || coalesce(n.count_best, n.count_high) || ' after ' || coalesce(o.count_best, o.count_low)
  || ' from the same claimant; check both, and waive the rule with the reason if they are right'
  AS message, o.casualty_id AS other
FROM casualties AS n JOIN casualties AS o ON o.casualty_id = n.supersedes_casualty_id
WHERE n.harm_type = 'killed' AND n.stance = 'asserts' AND o.stance = 'asserts'
  AND coalesce(n.count_best, n.count_high) < coalesce(o.count_best, o.count_low)
