SELECT incident_id AS id, CASE WHEN date_start < DATE '1900-01-01' THEN 'date_start'
    ELSE 'date_end' END AS field, 'expected a day from 1900 on, got '
  || least(date_start, date_end) || '; correct the year' AS message
FROM incidents WHERE least(date_start, date_end) < DATE '1900-01-01'
