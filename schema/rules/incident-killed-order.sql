SELECT incident_id AS id, 'killed_best' AS field, 'expected killed_low, killed_best and killed_high '
  || 'in rising order, got ' || concat_ws(', ', killed_low, killed_best, killed_high)
  || '; correct them' AS message
FROM incidents
WHERE killed_low > killed_best OR killed_best > killed_high OR killed_low > killed_high
