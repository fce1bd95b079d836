SELECT actor_id AS id, 'active_to' AS field, 'expected an active_to not before ' || active_from
  || ', the active_from; got ' || active_to || '; swap or correct them' AS message
FROM actors WHERE left(active_from, length(active_to)) > left(active_to, length(active_from))
