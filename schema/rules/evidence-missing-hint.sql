SELECT id, NULL AS field, 'expected evidence ' || supports || ', with the role ' || role
  || ', got none; add it, or waive it for what was imported' AS message
FROM evidence_missing WHERE is_open
