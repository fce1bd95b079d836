WITH contents AS (
  SELECT statement_id, start, "end" FROM evidence
  WHERE span_role = 'content' AND statement_id IS NOT NULL
),
nested AS (
  SELECT s.statement_id, s.parent_statement_id, c.start, c."end"
  FROM statements AS s JOIN contents AS c USING (statement_id)
  JOIN statements AS p ON p.statement_id = s.parent_statement_id AND p.article_id = s.article_id
  WHERE s.parent_statement_id IN (SELECT statement_id FROM contents)
)
SELECT statement_id AS id, 'parent_statement_id' AS field, 'expected content inside that of its '
  || 'parent, got words from ' || min(start) || ' to ' || arg_min("end", start)
  || ' outside of it; widen the content of the parent, or correct the parent' AS message,
  any_value(parent_statement_id) AS other
FROM nested AS n
WHERE NOT EXISTS (FROM contents AS p WHERE p.statement_id = n.parent_statement_id
    AND p.start <= n.start AND p."end" >= n."end")
GROUP BY statement_id
