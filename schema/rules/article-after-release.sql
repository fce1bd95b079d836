-- Where nobody gave the time of the release it is when the newest article was published.
WITH release AS (
  SELECT CASE WHEN length(created) = 10 THEN created::TIMESTAMP + INTERVAL 38 HOUR
      ELSE left(created, 19)::TIMESTAMP + INTERVAL 1 SECOND - coalesce(to_minutes(CASE
        WHEN zone[1] = '-' THEN -1 ELSE 1 END * (zone[2:3]::INT * 60 + zone[5:6]::INT)),
        INTERVAL 0 MINUTE) END AS latest
  FROM (SELECT getvariable('created') AS created,
               nullif(regexp_extract(getvariable('created'), '[+-]\d\d:\d\d$'), '') AS zone)
  WHERE created IS NOT NULL
    AND created <> (SELECT strftime(max(published_at), '%Y-%m-%dT%H:%M:%SZ') FROM articles)
)
SELECT article_id AS id, field, 'expected a time before the release, ' || getvariable('created')
  || ', got ' || moment || '; correct it, or the time of the release' AS message
FROM (SELECT article_id, 'published_at' AS field, published_at AS moment FROM articles
      UNION ALL SELECT article_id, 'retrieved_at', retrieved_at FROM articles), release
WHERE moment >= latest
