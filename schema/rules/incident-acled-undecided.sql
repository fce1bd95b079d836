SELECT incident_id AS id, 'incident_type' AS field, 'expected one ACLED sub-event type or the reason '
  || 'why there is none, got ' || CASE WHEN acled IS NULL THEN 'neither'
    ELSE replace(acled, '|', ' and ') END || '; correct the vocabulary of incident types' AS message
FROM acled_types WHERE (acled IS NULL AND reason IS NULL) OR contains(acled, '|')
