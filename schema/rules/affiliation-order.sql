SELECT actor_id AS id, NULL AS field, 'expected a valid_to of ' || aff_id || ' not before '
  || valid_from || ', the valid_from; got ' || valid_to || '; swap or correct them' AS message
FROM affiliations WHERE left(valid_from, length(valid_to)) > left(valid_to, length(valid_from))
