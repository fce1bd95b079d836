SELECT evidence_id AS id, 'part' AS field, 'expected part ' || part || ' right after part '
  || (part - 1) || ' of the same subject, field, role and span, in the text; got it from ' || start
  || ' to ' || "end" || '; correct the order' AS message
FROM item_evidence AS e
WHERE part > 0 AND NOT EXISTS (FROM item_evidence AS b
  WHERE b.id = e.id AND b.article_id = e.article_id AND b.field IS NOT DISTINCT FROM e.field
    AND b.span_role = e.span_role AND b.span = e.span AND b.part = e.part - 1
    AND b."end" <= e.start)
