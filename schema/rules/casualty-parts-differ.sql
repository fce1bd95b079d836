SELECT p.casualty_id AS id, NULL AS field, 'expected claims about parts that add up to ' || CASE
    WHEN p.best <> t.best AND p.all_cover AND NOT p.about AND NOT t.about
      THEN t.best || ', got ' || p.best
    WHEN p.best > t.best AND NOT p.about AND NOT t.about
      THEN 'at most ' || t.best || ', got ' || p.best
    WHEN p.least > t.high THEN 'at most ' || t.high || ', got at least ' || p.least
    ELSE 'at least ' || t.low || ', got at most ' || p.high END
  || ', as the same source counts them all; correct a count, or give covers_set false where parts '
  || 'are left out' AS message, t.casualty_id AS other
FROM claim_sums AS p
JOIN claim_sums AS t
  ON t.incident_id = p.incident_id AND t.article_id = p.article_id AND t.speaker = p.speaker
 AND t.harm_type = p.harm_type AND t.victim_set = p.victim_set
 AND t.as_of IS NOT DISTINCT FROM p.as_of
WHERE t.whole AND NOT p.whole
  AND (p.least > t.high
    OR (p.all_cover AND p.high < t.low)
    OR (NOT p.about AND NOT t.about AND (p.best > t.best OR (p.all_cover AND p.best < t.best))))
