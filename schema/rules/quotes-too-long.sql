-- What is quoted inside of a longer quote counts once.
WITH quoted AS (
  SELECT s.article_id, len(string_split_regex(s.quote_text, '\s+')) AS words
  FROM statements AS s LEFT JOIN statements AS p ON p.statement_id = s.parent_statement_id
  WHERE s.quote_text IS NOT NULL
    AND NOT coalesce(contains(p.quote_text, s.quote_text), false)
)
SELECT article_id AS id, NULL AS field, 'expected at most 100 words in all quote_texts of the '
  || 'article together, got ' || sum(words) || '; publish some of them as null' AS message
FROM quoted WHERE getvariable('profile') IS DISTINCT FROM 'no_verbatim'
GROUP BY article_id HAVING sum(words) > 100
