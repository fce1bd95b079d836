-- Runs of eight words of what is published of an article, searched in what its incidents say.
WITH own AS (
  SELECT incident_id AS id, field, regexp_extract_all(lower(w), '[^\s[:punct:]‘’“”„«»‹›…–—]+') AS words
  FROM (SELECT incident_id, 'title' AS field, title AS w FROM incidents
        UNION ALL SELECT incident_id, 'summary', summary FROM incidents)
  WHERE length(w) > 15 AND w LIKE '% % % % % % %'
),
long AS (
  SELECT id, field, a.article_id, ' ' || array_to_string(words, ' ') || ' ' AS text
  FROM own JOIN item_articles AS a USING (id) WHERE len(words) >= 8
),
words AS (
  SELECT article_id, regexp_extract_all(lower(w), '[^\s[:punct:]‘’“”„«»‹›…–—]+') AS said
  FROM (SELECT article_id, quote_text AS w FROM statements
        UNION ALL SELECT article_id, exact FROM evidence)
  WHERE length(w) > 15 AND article_id IN (SELECT article_id FROM long)
),
runs AS (
  SELECT article_id, ' ' || array_to_string(said[n:n + 7], ' ') || ' ' AS run
  FROM (SELECT article_id, said, unnest(range(1, len(said) - 6)) AS n FROM words
        WHERE len(said) >= 8)
)
SELECT long.id, long.field, 'expected own words, got 8 or more in a row from an article: "'
  || trim(min(runs.run)) || '"; say it in other words' AS message
FROM long JOIN runs USING (article_id)
WHERE contains(long.text, runs.run)
GROUP BY long.id, long.field
