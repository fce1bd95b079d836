SELECT article_id AS id, 'retrieved_at' AS field, 'expected a time not before the article was '
  || 'published, ' || published_at || ', got ' || retrieved_at || '; correct one of them' AS message
FROM articles WHERE published_at > retrieved_at + INTERVAL 1 DAY
