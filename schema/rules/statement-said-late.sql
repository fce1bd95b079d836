SELECT s.statement_id AS id, 'said_on' AS field, 'expected a day not after ' || d.last_day
  || ', when the article was published, got ' || s.said_on || '; correct it' AS message
FROM statements AS s JOIN published_days AS d USING (article_id)
WHERE s.said_on > d.last_day
