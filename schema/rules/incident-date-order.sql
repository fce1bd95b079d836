SELECT incident_id AS id, 'date_end' AS field,
       'expected a date_end not before ' || date_start || ', the date_start; got ' || date_end
         || '; swap or correct them' AS message
FROM incidents WHERE date_end < date_start
