SELECT evidence_id AS id, 'confidence' AS field, 'expected no confidence with the method ' || method
  || ', got ' || confidence || '; only models have one' AS message
FROM evidence WHERE confidence IS NOT NULL AND method NOT IN ('model', 'model_reviewed')
