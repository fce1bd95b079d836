-- What a build knows of its articles and a package does not say: the day of publication as written.

UPDATE published_days SET first_day = a._published, last_day = a._published
FROM articles AS a
WHERE a.article_id = published_days.article_id AND a._published IS NOT NULL;
