SELECT article_id AS id, NULL AS field, 'expected rows of models to be reviewed before a release, '
  || 'got ' || sum(unreviewed) || ' rows of evidence that nobody reviewed; review them, or set '
  || 'allow_model_rows in the project' AS message
FROM evidence_summary
WHERE unreviewed > 0 AND getvariable('allow_model_rows') IS DISTINCT FROM 'true'
GROUP BY article_id
