SELECT statement_id AS id, 'target_actor_id' AS field, 'expected a target other than the speaker, '
  || 'got the same actor; correct one of the two, or waive it for self-criticism' AS message
FROM statements WHERE target_actor_id = speaker_actor_id
