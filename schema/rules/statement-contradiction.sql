SELECT d.statement_id AS id, 'speech_act' AS field, 'expected one account by one speaker of the '
  || 'topic ' || d.topic || ' of an incident, got this denial and an assertion; check whether one is '
  || 'later, or about something else' AS message, min(a.statement_id) AS other
FROM statements AS d JOIN statements AS a
  ON a.speaker_actor_id = d.speaker_actor_id AND a.incident_id = d.incident_id
 AND a.topic = d.topic
WHERE d.speech_act = 'deny' AND a.speech_act = 'assert'
  AND d.polarity = 'affirmed' AND a.polarity = 'affirmed'
GROUP BY d.statement_id, d.topic
