SELECT id, NULL AS field, 'expected evidence with the role source, unless anonymity is implicit; '
  || 'got none; mark the words that name the speaker' AS message
FROM evidence_missing WHERE role = 'source' AND NOT is_open
