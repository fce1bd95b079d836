SELECT id, field, 'expected null with the profile ' || getvariable('profile')
  || ', got words of the article; build the package again with that profile' AS message
FROM (
  SELECT article_id AS id, 'headline' AS field FROM articles WHERE headline IS NOT NULL
  UNION ALL SELECT statement_id, 'quote_text' FROM statements WHERE quote_text IS NOT NULL
  UNION ALL SELECT statement_id, 'cue_text' FROM statements WHERE cue_text IS NOT NULL
  UNION ALL SELECT statement_id, 'speaker_label' FROM statements WHERE speaker_label IS NOT NULL
  UNION ALL SELECT casualty_id, 'count_text' FROM casualties WHERE count_text IS NOT NULL
  UNION ALL SELECT evidence_id, 'exact' FROM evidence WHERE exact IS NOT NULL
)
WHERE getvariable('profile') = 'no_verbatim' OR (getvariable('profile') = 'quotes' AND field = 'exact')
