-- Where a chain of merged rows ends: in a row that is there, or the ids along it lead nowhere. A
-- merged row that is withdrawn later, since what it was merged into is gone, leads nowhere any more.
SELECT DISTINCT c.row_id AS id, NULL AS field, 'expected a row that ' || c.row_id || ' was merged '
  || 'into, got ' || coalesce(c.merged_into_id || ', which is neither here nor merged further',
    'none') || '; name the row that it lives on in' AS message
FROM changes AS c
WHERE c.change = 'merged'
  AND c.row_id NOT IN (SELECT row_id FROM changes WHERE change = 'withdrawn')
  AND coalesce(c.merged_into_id, '') NOT IN (SELECT row_id FROM changes WHERE change = 'merged')
  AND coalesce(c.merged_into_id, '') NOT IN (
    SELECT id FROM published_ids SEMI JOIN changes ON merged_into_id = id)
