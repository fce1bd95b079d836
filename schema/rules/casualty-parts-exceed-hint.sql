WITH covered AS (
  SELECT incident_id, harm_type, victim_set, max(high) AS high,
         arg_max(casualty_id, (high, casualty_id)) AS casualty_id
  FROM claim_sums WHERE covers AND NOT copied
  GROUP BY incident_id, harm_type, victim_set HAVING count(high) = count(*)
)
SELECT p.casualty_id AS id, NULL AS field, 'expected the claims of a part to stay within the '
  || c.high || ' that others count in the whole set ' || victim_set || ', got at least ' || p.least
  || '; if it is a real conflict, waive the rule with the reason' AS message, c.casualty_id AS other
FROM claim_sums AS p JOIN covered AS c USING (incident_id, harm_type, victim_set)
WHERE NOT p.covers AND NOT p.copied AND p.least > c.high
