SELECT incident_id AS id, NULL AS field, 'expected at least one participant, got none; add who '
  || 'acted, who was harmed or who took part, if only as an unnamed group' AS message
FROM incidents AS i ANTI JOIN participants USING (incident_id)
WHERE i.incident_id IN (FROM open_items)
  AND i.incident_id IN (SELECT id FROM item_articles)
