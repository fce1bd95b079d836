SELECT c.casualty_id AS id, 'as_of' AS field, 'expected a day not after the article was published, '
  || d.last_day || ', got ' || c.as_of || '; correct it' AS message
FROM casualties AS c JOIN published_days AS d USING (article_id)
WHERE c.as_of > d.last_day
