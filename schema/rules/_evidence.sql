-- What evidence says of items, without its pieces of text. A build knows it article by article.

-- The articles with evidence of an item, which an id names (its table by the prefix): whether any of
-- it is by hand, whether any is by an import or a model, how many pieces are by a model and not
-- reviewed, and what it is evidence of.
CREATE TEMP TABLE evidence_summary AS
SELECT coalesce(incident_id, actor_id, statement_id, participant_id, casualty_id) AS id, article_id,
       coalesce(bool_or(method NOT IN ('import', 'model')), false) AS by_hand,
       coalesce(bool_or(method IN ('import', 'model')), false) AS by_program,
       count(*) FILTER (method = 'model') AS unreviewed,
       coalesce(bool_or(span_role = 'trigger' OR field = 'incident_type'), false) AS has_trigger,
       coalesce(bool_or(span_role = 'date' OR field IN ('date_start', 'date_end', 'date_precision')),
         false) AS has_date,
       coalesce(bool_or(span_role = 'place' OR field IN ('country_code', 'admin1', 'admin2',
         'place_name', 'latitude', 'longitude', 'geo_precision')), false) AS has_place,
       coalesce(bool_or(span_role = 'role' OR field = 'role'), false) AS has_role,
       coalesce(bool_or(span_role = 'count' OR starts_with(field, 'count_')), false) AS has_count,
       coalesce(bool_or(span_role = 'cue' OR field = 'cue_text'), false) AS has_cue,
       coalesce(bool_or(span_role = 'content'), false) AS has_content,
       coalesce(bool_or(span_role = 'source'), false) AS has_source
FROM evidence
GROUP BY ALL;

-- Who annotated what, in which article.
CREATE TEMP VIEW annotators AS SELECT annotator_id, article_id FROM evidence;

-- The articles in which an item stands; an incident also where a claim or a statement is about it.
CREATE TEMP TABLE item_articles AS
SELECT id, article_id FROM evidence_summary WHERE id IS NOT NULL
UNION SELECT casualty_id, article_id FROM casualties
UNION SELECT incident_id, article_id FROM casualties
UNION SELECT statement_id, article_id FROM statements
UNION SELECT incident_id, article_id FROM statements WHERE incident_id IS NOT NULL;
