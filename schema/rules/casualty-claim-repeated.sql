SELECT max(casualty_id) AS id, NULL AS field, 'expected each claim once in an article (incident, '
  || 'claimant, harm, stance, people, set, day), got it ' || count(*) || ' times; keep one, or give '
  || 'sets of their own to different people' AS message, min(casualty_id) AS other
FROM casualties
GROUP BY incident_id, article_id, claimant_actor_id, harm_type, victim_set, stance, as_of,
  victim_category, demographic, occupation, victim_actor_id
HAVING min(casualty_id) <> max(casualty_id)
