WITH RECURSIVE back AS (
  SELECT article_id, syndicated_from_article_id AS original_id, 1 AS depth
  FROM articles WHERE syndicated_from_article_id IS NOT NULL
  UNION ALL
  SELECT b.article_id, a.syndicated_from_article_id, b.depth + 1
  FROM back AS b JOIN articles AS a ON a.article_id = b.original_id
  WHERE a.syndicated_from_article_id IS NOT NULL AND b.depth < 50
    AND b.original_id <> b.article_id
)
SELECT article_id AS id, 'syndicated_from_article_id' AS field, 'expected an original that is no '
  || 'copy of the article itself, got one that is, ' || depth
  || CASE WHEN depth = 1 THEN ' step' ELSE ' steps' END
  || ' back; take syndicated_from away from the original' AS message
FROM back WHERE original_id = article_id
