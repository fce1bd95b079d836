SELECT id, nullif(field, 'annotator_id') AS field, 'expected ' || field || ' without white space at '
  || 'its ends, got "' || left(value, 60) || '"; take it away' AS message
FROM faulty_text WHERE fault = 'ends'
