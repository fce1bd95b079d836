SELECT n.casualty_id AS id, 'supersedes_casualty_id' AS field, 'expected to replace a claim by the '
  || 'same claimant about the same people, got one of another ' || CASE
    WHEN n.incident_id <> o.incident_id THEN 'incident'
    WHEN n.claimant_actor_id IS DISTINCT FROM o.claimant_actor_id THEN 'claimant'
    WHEN n.speaker <> o.speaker THEN 'publisher'
    WHEN n.harm_type <> o.harm_type THEN 'harm'
    WHEN n.victim_category <> o.victim_category THEN 'category'
    WHEN n.demographic <> o.demographic THEN 'demographic'
    WHEN n.occupation <> o.occupation THEN 'occupation'
    ELSE 'set' END || '; correct supersedes, or leave it out' AS message, o.casualty_id AS other
FROM spoken_claims AS n JOIN spoken_claims AS o ON o.casualty_id = n.supersedes_casualty_id
WHERE n.incident_id <> o.incident_id OR n.speaker <> o.speaker OR n.harm_type <> o.harm_type
   OR n.victim_category <> o.victim_category OR n.demographic <> o.demographic
   OR n.occupation <> o.occupation OR n.victim_set <> o.victim_set
