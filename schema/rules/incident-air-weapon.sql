SELECT incident_id AS id, 'weapon_type' AS field, 'expected air or drone with the incident_type '
  || 'air_drone_strike, got ' || coalesce(weapon_type, 'none') || '; correct one of them' AS message
FROM incidents
WHERE incident_type = 'air_drone_strike' AND coalesce(weapon_type, '') NOT IN ('air', 'drone')
  AND NOT (weapon_type IS NULL AND incident_id IN (FROM open_items))
