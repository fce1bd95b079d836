SELECT article_id AS id, 'url' AS field, 'expected each url in one article, got ' || url || ' in '
  || count(*) OVER same || ' articles; drop the copy, or correct the url' AS message
FROM articles WHERE url IS NOT NULL
WINDOW same AS (PARTITION BY url) QUALIFY count(*) OVER same > 1
