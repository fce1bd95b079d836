SELECT id, 'country_code' AS field, 'expected an ISO 3166-1 alpha-3 code or XKX, got "'
  || country_code || '"; correct the code' AS message
FROM (SELECT incident_id AS id, country_code FROM incidents
      UNION ALL SELECT actor_id, country_code FROM actors)
WHERE country_code NOT IN (SELECT value FROM vocab_country)
