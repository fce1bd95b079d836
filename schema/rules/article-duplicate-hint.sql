SELECT article_id AS id, 'headline' AS field, 'expected one article of a publisher under one '
  || 'headline on one day, got ' || count(*) OVER same || '; drop the copy, or give its '
  || 'syndicated_from' AS message
FROM articles
WHERE syndicated_from_article_id IS NULL AND headline IS NOT NULL AND publisher IS NOT NULL
WINDOW same AS (PARTITION BY publisher, headline, published_at::DATE)
QUALIFY count(*) OVER same > 1
