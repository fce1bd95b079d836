WITH used AS (
  SELECT actor_id FROM participants
  UNION SELECT attributed_by_actor_id FROM participants
  UNION SELECT claimant_actor_id FROM casualties
  UNION SELECT victim_actor_id FROM casualties
  UNION SELECT speaker_actor_id FROM statements
  UNION SELECT on_behalf_of_actor_id FROM statements
  UNION SELECT addressee_actor_id FROM statements
  UNION SELECT target_actor_id FROM statements
  UNION SELECT actor_id FROM affiliations
  UNION SELECT organization_actor_id FROM affiliations
  UNION SELECT on_behalf_of_actor_id FROM affiliations
)
-- What an actor in use belongs to is in use.
SELECT actor_id AS id, NULL AS field, 'expected an actor that takes part, speaks or is spoken of, '
  || 'got one that nothing refers to; leave it out, or code what it does' AS message
FROM actors
WHERE actor_id NOT IN
  (SELECT ancestor_id FROM actor_ancestors JOIN used USING (actor_id))
