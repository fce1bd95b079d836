SELECT incident_id AS id, 'date_precision' AS field, 'expected ' || CASE
    WHEN date_precision = 'open' THEN 'no date_start with the precision open, got '
      || date_start || '; take it away or change the precision'
    WHEN date_precision = 'unknown' THEN 'no dates with the precision unknown, got '
      || coalesce(date_start, date_end) || '; take them away or change the precision'
    ELSE p.min_days || CASE WHEN p.max_days::INT > p.min_days::INT THEN ' to ' || p.max_days
      ELSE '' END || ' days with the precision ' || date_precision || ', got '
      || (date_end - date_start + 1) || ' (' || date_start || ' to ' || date_end
      || '); widen the dates or change the precision' END AS message
FROM incidents JOIN vocab_date_precision AS p ON p.value = date_precision
WHERE (date_precision = 'open' AND date_start IS NOT NULL)
   OR (date_precision = 'unknown' AND coalesce(date_start, date_end) IS NOT NULL)
   OR (date_end - date_start + 1 NOT BETWEEN p.min_days::INT AND coalesce(p.max_days::INT, 99999)
       AND date_end >= date_start)
