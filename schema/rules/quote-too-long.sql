SELECT statement_id AS id, 'quote_text' AS field, 'expected at most 25 words, got '
  || len(string_split_regex(quote_text, '\s+')) || '; publish none of it, or shorten it' AS message
FROM statements
-- So many words take more than 50 bytes.
WHERE strlen(quote_text) > 50 AND len(string_split_regex(quote_text, '\s+')) > 25
  AND getvariable('profile') IS DISTINCT FROM 'no_verbatim'
