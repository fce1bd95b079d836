SELECT c.casualty_id AS id, 'statement_id' AS field, CASE WHEN c.claimant_actor_id IS NULL
    THEN 'expected the speaker of the statement as claimant, got none; name it, or leave the '
      || 'statement out where the article says it in its own voice'
    ELSE 'expected a statement that the claimant makes, or that somebody makes on its behalf, got '
      || 'one of another actor; correct the claimant or the statement' END AS message,
  s.statement_id AS other
FROM casualties AS c JOIN statements AS s USING (statement_id)
WHERE s.article_id = c.article_id AND CASE
  WHEN c.claimant_actor_id IS NULL THEN s.speaker_actor_id IS NOT NULL
  ELSE c.claimant_actor_id IS DISTINCT FROM s.speaker_actor_id
   AND c.claimant_actor_id IS DISTINCT FROM s.on_behalf_of_actor_id END
