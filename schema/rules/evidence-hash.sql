-- White space is not published as it stands in the text: words without any are.
SELECT evidence_id AS id, 'exact_sha256' AS field, 'expected the SHA-256 of exact, got another; '
  || 'the words are not those that were annotated' AS message
FROM evidence
WHERE NOT contains(exact, ' ') AND length(exact) = "end" - start AND sha256(exact) <> exact_sha256
