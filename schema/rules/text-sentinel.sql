SELECT id, nullif(field, 'annotator_id') AS field, 'expected ' || field || ' in words, or none, got "'
  || value || '", which stands for no value; leave it out' AS message
FROM faulty_text WHERE fault = 'sentinel'
