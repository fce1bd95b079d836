SELECT id, nullif(field, 'annotator_id') AS field, 'expected ' || field || ' without control '
  || 'characters, got "' || left(regexp_replace(value, '\p{Cc}', chr(65533), 'g'), 60)
  || '", where ' || chr(65533) || ' stands for each; take them away' AS message
FROM faulty_text WHERE fault = 'control'
