-- The strength of a side is known where that of each of its actors is; an actor on no side stands
-- for itself.
WITH members AS (
  SELECT incident_id, CASE WHEN side IN ('a', 'b') THEN side ELSE actor_id END AS party, actor_id,
         max(strength_high) AS strength, arg_max(participant_id, strength_high) AS participant_id
  FROM participants
  WHERE incident_id IN (SELECT incident_id FROM participants WHERE strength_high IS NOT NULL)
    AND attribution_basis IS DISTINCT FROM 'cleared'
  GROUP BY ALL
),
parties AS (
  SELECT incident_id, party, sum(strength) AS strength,
         arg_max(participant_id, strength) AS participant_id
  FROM members GROUP BY incident_id, party
  HAVING count(strength) = count(*)
),
sums AS (
  SELECT c.incident_id, m.party, min(c.casualty_id) AS casualty_id,
         greatest(coalesce(sum(c.least) FILTER (c.whole), 0),
                  coalesce(sum(c.least) FILTER (NOT c.whole), 0)) AS killed
  FROM (SELECT *, coalesce(count_low, 0) AS least FROM spoken_claims
        WHERE harm_type = 'killed' AND stance = 'asserts' AND subset_of_casualty_id IS NULL
          AND victim_actor_id IS NOT NULL) AS c
  JOIN members AS m ON m.incident_id = c.incident_id AND m.actor_id = c.victim_actor_id
  GROUP BY c.incident_id, m.party, c.article_id, c.speaker, c.victim_set, c.as_of
)
SELECT p.participant_id AS id, 'strength_high' AS field, 'expected a strength_high of at least '
  || max(s.killed) || ', as many as a claim says were killed of '
  || CASE WHEN p.party IN ('a', 'b') THEN 'side ' || p.party ELSE 'the actor' END || ', got '
  || p.strength || '; correct the strength or the claim' AS message,
  arg_max(s.casualty_id, (s.killed, s.casualty_id)) AS other
FROM parties AS p JOIN sums AS s USING (incident_id, party)
WHERE s.killed > p.strength
GROUP BY p.participant_id, p.party, p.strength
