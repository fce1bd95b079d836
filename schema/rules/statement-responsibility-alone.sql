-- The speaker, or those spoken for, and all that they belong to.
WITH claims AS (
  SELECT statement_id, incident_id, unnest([speaker_actor_id, on_behalf_of_actor_id]) AS actor_id
  FROM statements
  WHERE speech_act = 'claim_responsibility' AND polarity IS DISTINCT FROM 'negated'
    AND incident_id IS NOT NULL
),
answered AS (
  SELECT c.statement_id
  FROM claims AS c JOIN actor_ancestors AS a USING (actor_id)
  JOIN participants AS p ON p.incident_id = c.incident_id
   AND (p.actor_id = a.ancestor_id OR p.attributed_by_actor_id = a.ancestor_id)
  WHERE p.role = 'claimant' OR p.attribution_basis = 'claimed_or_admitted'
)
SELECT DISTINCT statement_id AS id, 'speech_act' AS field, 'expected the one who claims '
  || 'responsibility among the participants of the incident, as claimant or with the basis '
  || 'claimed_or_admitted; got no such participant; add it, or correct the speech_act' AS message
FROM claims WHERE statement_id NOT IN (FROM answered)
