SELECT id, field, 'expected single spaces between the words of ' || field || ', got "'
  || left(regexp_replace(value, '\p{Cc}', chr(65533), 'g'), 60) || '"; build the package again'
  AS message
FROM faulty_text WHERE fault = 'printed'
