WITH known AS (
  SELECT table_name, column_name AS field FROM duckdb_columns() WHERE database_name = 'temp'
),
named AS (
  SELECT evidence_id, field, CASE
      WHEN incident_id IS NOT NULL THEN 'incidents' WHEN actor_id IS NOT NULL THEN 'actors'
      WHEN statement_id IS NOT NULL THEN 'statements'
      WHEN participant_id IS NOT NULL THEN 'participants' ELSE 'casualties' END AS table_name
  FROM evidence WHERE field IS NOT NULL
)
SELECT evidence_id AS id, 'field' AS field, 'expected a column of ' || table_name || ', got "'
  || field || '"; correct the name' AS message
FROM named ANTI JOIN known USING (table_name, field)
