-- What `explained` has of all rows that are gone becomes the ledger.

-- Rows that were merged into one that is gone now go where that one goes.
CREATE TEMP TABLE followed AS
SELECT l."table", l.row_id, e.change, e.merged_into_id, e.reason
FROM last_state AS l JOIN explained AS e ON e.row_id = l.merged_into_id
WHERE l.change = 'merged';

-- Of these no values are published, those of earlier releases either.
CREATE TEMP TABLE private AS
SELECT row_id FROM explained WHERE reason = 'privacy'
UNION SELECT row_id FROM followed WHERE reason = 'privacy'
UNION SELECT row_id FROM given WHERE reason = 'privacy'
UNION SELECT row_id FROM before WHERE reason = 'privacy';

CREATE TEMP VIEW made AS
SELECT d."table", d.row_id, d.change, NULL::VARCHAR AS merged_into_id, d.field, d.old_value,
       d.new_value, f.reason
FROM delta AS d
LEFT JOIN given AS f ON f.row_id = d.row_id AND f.change = 'updated' AND d.change = 'updated'
WHERE d.change <> 'withdrawn'
UNION ALL
SELECT "table", row_id, change, merged_into_id, NULL, NULL, NULL, reason FROM explained
UNION ALL
SELECT "table", row_id, change, merged_into_id, NULL, NULL, NULL, reason FROM followed;

CREATE TEMP VIEW told AS
SELECT make_id('chg' || chr(0) || getvariable('version') || chr(0) || "table" || chr(0) || row_id
         || chr(0) || change || chr(0) || coalesce(field, '')) AS change_id,
       getvariable('version') AS release, *
FROM made
UNION ALL BY NAME
FROM before;

CREATE TEMP VIEW ledger AS
SELECT told.* REPLACE (
  CASE WHEN h.field IS NULL AND p.row_id IS NULL THEN old_value END AS old_value,
  CASE WHEN h.field IS NULL AND p.row_id IS NULL THEN new_value END AS new_value)
FROM told
LEFT JOIN hidden AS h ON h."table" = told."table" AND h.field = told.field
LEFT JOIN private AS p ON p.row_id = told.row_id;
