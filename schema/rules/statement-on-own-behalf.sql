SELECT statement_id AS id, 'on_behalf_of_actor_id' AS field, 'expected somebody else than the '
  || 'speaker as on_behalf_of, got the same actor; leave it out' AS message
FROM statements WHERE on_behalf_of_actor_id = speaker_actor_id
