SELECT i.incident_id AS id, 'date_start' AS field, 'expected a date_start not after '
  || max(d.last_day) || ', when the latest of its articles was published, got '
  || any_value(i.date_start) || '; what is only announced is a statement, or threatened' AS message
FROM incidents AS i JOIN item_articles AS a ON a.id = i.incident_id
JOIN published_days AS d USING (article_id)
WHERE i.stage IS DISTINCT FROM 'threatened'
GROUP BY i.incident_id HAVING any_value(i.date_start) > max(d.last_day) + 1
