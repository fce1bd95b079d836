-- What is quoted inside of a longer quote counts once.
WITH inner_quotes AS (
  SELECT s.statement_id
  FROM (FROM statements WHERE parent_statement_id IS NOT NULL AND quote_text IS NOT NULL) AS s
  JOIN statements AS p ON p.statement_id = s.parent_statement_id
  WHERE contains(p.quote_text, s.quote_text)
),
quoted AS (
  SELECT article_id, len(string_split_regex(quote_text, '\s+')) AS words
  FROM statements ANTI JOIN inner_quotes USING (statement_id)
  WHERE quote_text IS NOT NULL
)
SELECT article_id AS id, NULL AS field, 'expected at most 100 words in all quote_texts of the '
  || 'article together, got ' || sum(words) || '; publish some of them as null' AS message
FROM quoted WHERE getvariable('profile') IS DISTINCT FROM 'no_verbatim'
GROUP BY article_id HAVING sum(words) > 100
