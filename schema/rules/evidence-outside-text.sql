SELECT e.evidence_id AS id, 'start' AS field, 'expected 0 <= start < end <= ' || a.text_length
  || ', the text''s length in code points, got start ' || e.start || ' and end ' || e."end"
  || '; correct them' AS message
FROM evidence AS e JOIN articles AS a USING (article_id)
WHERE e.start < 0 OR e.start >= e."end" OR e."end" > a.text_length
