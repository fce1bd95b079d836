SELECT id, NULL AS field, 'expected evidence ' || supports || ', with the role ' || role
  || ', got none; that is as complete as the '
  || 'source it was taken from' AS message
FROM evidence_missing WHERE is_open
