SELECT participant_id AS id, 'strength_high' AS field, 'expected strength_low <= strength_high, got '
  || strength_low || ' and ' || strength_high || '; swap or correct them' AS message
FROM participants WHERE strength_low > strength_high
