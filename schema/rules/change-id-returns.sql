WITH gone AS (SELECT DISTINCT row_id FROM changes WHERE change IN ('withdrawn', 'merged'))
SELECT id, NULL AS field, 'expected an id that the ledger has as withdrawn or merged not to return, '
  || 'got it again; give what is here an id of its own' AS message
FROM published_ids SEMI JOIN gone ON row_id = id
