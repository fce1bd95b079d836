SELECT incident_id AS id, 'weapon_type' AS field, 'expected suicide_device with the incident_type '
  || 'suicide_attack, got ' || coalesce(weapon_type, 'none') || '; correct one of them' AS message
FROM incidents
WHERE incident_type = 'suicide_attack' AND weapon_type IS DISTINCT FROM 'suicide_device'
  AND NOT (weapon_type IS NULL AND incident_id IN (FROM open_items))
