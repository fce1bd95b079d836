SELECT arg_min(casualty_id, (covers_set, casualty_id)) AS id, 'covers_set' AS field, 'expected one '
  || 'value for all claims of one source about parts of the set ' || any_value(victim_set)
  || ', got true and false; decide whether its parts make up everyone in the set' AS message,
  arg_max(casualty_id, (covers_set, casualty_id)) AS other
FROM spoken_claims
WHERE subset_of_casualty_id IS NULL AND stance = 'asserts' AND NOT whole
GROUP BY incident_id, speaker, victim_set, harm_type, as_of
HAVING bool_or(covers_set) AND NOT bool_and(covers_set)
