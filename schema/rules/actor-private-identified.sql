SELECT actor_id AS id, field, 'expected no ' || field || ' for a ' || replace(privacy_class, '_', ' ')
  || ', got ' || value || '; leave it out, or correct privacy_class' AS message
FROM (SELECT actor_id, privacy_class, 'wikidata_id' AS field, wikidata_id AS value FROM actors
      UNION ALL
      SELECT actor_id, privacy_class, 'aliases', array_to_string(aliases, ', ') FROM actors
      WHERE len(aliases) > 0)
WHERE value IS NOT NULL AND privacy_class IN ('private_person', 'minor')
