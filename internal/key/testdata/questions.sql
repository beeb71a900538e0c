-- Rewrite this file by go test -update, and read the difference.

-- texts
SQLite
    WITH a(n, v) AS (SELECT 0, `words`.`name` FROM `words` WHERE 0 UNION ALL SELECT key, value FROM json_each(?)), b(n, v) AS (SELECT 0, `words`.`name` FROM `words` WHERE 0 UNION ALL SELECT key, value FROM json_each(?)) SELECT a.n, b.n FROM a JOIN b ON a.v = b.v UNION SELECT a.n, b.n FROM a JOIN b ON CAST(a.v AS NUMERIC) = CAST(b.v AS NUMERIC) WHERE (typeof(a.v) <> 'text' OR a.v GLOB '*[0-9]*' AND ltrim(a.v, '+-') NOT GLOB '*[^.0-9]*' AND a.v NOT GLOB '*.*.*') AND (typeof(b.v) <> 'text' OR b.v GLOB '*[0-9]*' AND ltrim(b.v, '+-') NOT GLOB '*[^.0-9]*' AND b.v NOT GLOB '*.*.*') AND EXISTS (SELECT 1 FROM pragma_table_xinfo(?) WHERE name = ? COLLATE NOCASE AND type <> '' AND (type LIKE '%INT%' OR NOT (type LIKE '%CHAR%' OR type LIKE '%CLOB%' OR type LIKE '%TEXT%' OR type LIKE '%BLOB%')))
Postgres
    SELECT a.n - 1, b.n - 1 FROM unnest(ARRAY(SELECT "words"."name" FROM "words" WHERE false) || $1) WITH ORDINALITY AS a(v, n) JOIN unnest(ARRAY(SELECT "words"."name" FROM "words" WHERE false) || $2) WITH ORDINALITY AS b(v, n) ON a.v = b.v

-- as many as there are
SQLite
    WITH a(n, v) AS (SELECT 0, `words`.`name` FROM `words` WHERE 0 UNION ALL SELECT key, value FROM json_each(?)), b(n, v) AS (SELECT 0, `words`.`name` FROM `words` WHERE 0 UNION ALL SELECT key, value FROM json_each(?)) SELECT a.n, b.n FROM a JOIN b ON a.v = b.v UNION SELECT a.n, b.n FROM a JOIN b ON CAST(a.v AS NUMERIC) = CAST(b.v AS NUMERIC) WHERE (typeof(a.v) <> 'text' OR a.v GLOB '*[0-9]*' AND ltrim(a.v, '+-') NOT GLOB '*[^.0-9]*' AND a.v NOT GLOB '*.*.*') AND (typeof(b.v) <> 'text' OR b.v GLOB '*[0-9]*' AND ltrim(b.v, '+-') NOT GLOB '*[^.0-9]*' AND b.v NOT GLOB '*.*.*') AND EXISTS (SELECT 1 FROM pragma_table_xinfo(?) WHERE name = ? COLLATE NOCASE AND type <> '' AND (type LIKE '%INT%' OR NOT (type LIKE '%CHAR%' OR type LIKE '%CLOB%' OR type LIKE '%TEXT%' OR type LIKE '%BLOB%')))
Postgres
    SELECT a.n - 1, b.n - 1 FROM unnest(ARRAY(SELECT "words"."name" FROM "words" WHERE false) || $1) WITH ORDINALITY AS a(v, n) JOIN unnest(ARRAY(SELECT "words"."name" FROM "words" WHERE false) || $2) WITH ORDINALITY AS b(v, n) ON a.v = b.v
