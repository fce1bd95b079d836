SELECT statement_id AS id, 'addressee_actor_id' AS field, 'expected an addressee other than the '
  || 'speaker, got the same actor; correct one of the two' AS message
FROM statements WHERE addressee_actor_id = speaker_actor_id
