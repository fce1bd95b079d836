WITH pieces AS (
  SELECT coalesce(incident_id, actor_id, statement_id, participant_id, casualty_id) AS item, *
  FROM evidence
)
SELECT evidence_id AS id, 'part' AS field, 'expected part ' || part || ' right after part '
  || (part - 1) || ' of the same subject, field, role and span, in the text; got it from ' || start
  || ' to ' || "end" || '; correct the order' AS message
FROM pieces AS e
WHERE part > 0 AND NOT EXISTS (FROM pieces AS b
  WHERE b.item = e.item AND b.article_id = e.article_id AND b.field IS NOT DISTINCT FROM e.field
    AND b.span_role = e.span_role AND b.span = e.span AND b.part = e.part - 1
    AND b."end" <= e.start)
