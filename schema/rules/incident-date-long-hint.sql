SELECT incident_id AS id, 'date_precision' AS field, 'expected at most 31 days with the precision '
  || 'day, which says that the incident lasted all of them; got ' || (date_end - date_start + 1)
  || ' (' || date_start || ' to ' || date_end || '); if it fell on a day in between, give month or '
  || 'year' AS message
FROM incidents WHERE date_precision = 'day' AND date_end - date_start + 1 > 31
