SELECT statement_id AS id, 'quote_text' AS field, 'expected no quote_text with the quote_type '
  || 'indirect, got one; leave it out, or correct the quote_type' AS message
FROM statements WHERE quote_type = 'indirect' AND quote_text IS NOT NULL
