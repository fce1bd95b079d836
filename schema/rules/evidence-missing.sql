SELECT id, NULL AS field, 'expected evidence ' || supports || ', with the role ' || role
  || ', got none; mark the words that say it' AS message
FROM evidence_missing WHERE role <> 'source' AND NOT is_open
