SELECT incident_id AS id, NULL AS field, 'expected ' || lacking || ' in an incident of the type '
  || incident_type || ', got none; add the participant, or correct the type' AS message
FROM lacking_roles WHERE incident_id IN (FROM open_items)
