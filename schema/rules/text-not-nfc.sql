SELECT id, nullif(field, 'annotator_id') AS field, 'expected ' || field || ' in the Unicode '
  || 'normalization form NFC, got "' || left(value, 60) || '" in another; write letters with their '
  || 'marks as one character' AS message
FROM faulty_text WHERE fault = 'nfc'
