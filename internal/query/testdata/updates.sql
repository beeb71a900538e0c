-- Rewrite this file by go test -update, and read the difference.

-- values are sorted by name
sqlite: UPDATE `authors` SET `age` = ?, `active` = ?, `name` = ? WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: int64 7
    2: bool true
    3: string y
    4: string x
postgres: UPDATE "authors" SET "age" = $1, "active" = $2, "name" = $3 WHERE "authors"."name" = $4 AND "authors"."deleted_at" IS NULL
    1: int64 7
    2: bool true
    3: string y
    4: string x
mysql: UPDATE `authors` SET `age` = ?, `active` = ?, `name` = ? WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: int64 7
    2: bool true
    3: string y
    4: string x

-- nil is NULL
sqlite: UPDATE `authors` SET `age` = ? WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: <nil> <nil>
    2: string x
postgres: UPDATE "authors" SET "age" = $1 WHERE "authors"."name" = $2 AND "authors"."deleted_at" IS NULL
    1: <nil> <nil>
    2: string x
mysql: UPDATE `authors` SET `age` = ? WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: <nil> <nil>
    2: string x

-- of all rows
sqlite: UPDATE `authors` SET `score` = ? WHERE `authors`.`deleted_at` IS NULL
    1: float64 1.5
postgres: UPDATE "authors" SET "score" = $1 WHERE "authors"."deleted_at" IS NULL
    1: float64 1.5
mysql: UPDATE `authors` SET `score` = ? WHERE `authors`.`deleted_at` IS NULL
    1: float64 1.5

-- of deleted rows too
sqlite: UPDATE `authors` SET `score` = ? WHERE `authors`.`name` = ?
    1: float64 1.5
    2: string x
postgres: UPDATE "authors" SET "score" = $1 WHERE "authors"."name" = $2
    1: float64 1.5
    2: string x
mysql: UPDATE `authors` SET `score` = ? WHERE `authors`.`name` = ?
    1: float64 1.5
    2: string x

-- timestamp and version are written too
sqlite: UPDATE `books` SET `title` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`books`.`version`, 0) <= CAST(? AS bigint) THEN COALESCE(`books`.`version`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`books`.`version`, 0) - COALESCE(`books`.`version`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))
    1: string y
    2: time.Time 2026-01-02 03:04:05 +0000 UTC
    3: int64 9223372036854775806
    4: int64 1
    5: string [1,2]
postgres: UPDATE "books" SET "title" = $1, "updated_at" = $2, "version" = CASE WHEN COALESCE("books"."version", 0) <= CAST($3 AS bigint) THEN COALESCE("books"."version", 0) + CAST($4 AS bigint) ELSE abs(CAST(COALESCE("books"."version", 0) - COALESCE("books"."version", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "books"."author_id" = ANY($5)
    1: string y
    2: time.Time 2026-01-02 03:04:05 +0000 UTC
    3: int64 9223372036854775806
    4: int64 1
    5: []int64 [1 2]
mysql: UPDATE `books` SET `title` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`books`.`version`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`books`.`version`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`books`.`version`, 0) - COALESCE(`books`.`version`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `books`.`author_id` IN (?, ?)
    1: string y
    2: time.Time 2026-01-02 03:04:05 +0000 UTC
    3: int64 9223372036854775806
    4: int64 1
    5: int64 1
    6: int64 2

-- joins are in a sub-query
sqlite: UPDATE `authors` SET `score` = ? WHERE `authors`.`id` IN (SELECT `authors`.`id` FROM `authors` INNER JOIN `books` ON `books`.`author_id` = `authors`.`id` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL)
    1: float64 1.5
    2: string x
postgres: UPDATE "authors" SET "score" = $1 WHERE "authors"."id" IN (SELECT "authors"."id" FROM "authors" INNER JOIN "books" ON "books"."author_id" = "authors"."id" WHERE "authors"."name" = $2 AND "authors"."deleted_at" IS NULL)
    1: float64 1.5
    2: string x
mysql: UPDATE `authors` SET `score` = ? WHERE `authors`.`id` IN (SELECT * FROM (SELECT DISTINCT `authors`.`id` FROM `authors` INNER JOIN `books` ON `books`.`author_id` = `authors`.`id` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL) AS kindred_rows)
    1: float64 1.5
    2: string x

-- a limit is in a sub-query
sqlite: UPDATE `authors` SET `score` = ? WHERE `authors`.`id` IN (SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL ORDER BY `authors`.`score` DESC LIMIT ?)
    1: float64 1.5
    2: string x
    3: int64 3
postgres: UPDATE "authors" SET "score" = $1 WHERE "authors"."id" IN (SELECT "authors"."id" FROM "authors" WHERE "authors"."name" = $2 AND "authors"."deleted_at" IS NULL ORDER BY "authors"."score" DESC LIMIT $3)
    1: float64 1.5
    2: string x
    3: int64 3
mysql: UPDATE `authors` SET `score` = ? WHERE `authors`.`id` IN (SELECT * FROM (SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL ORDER BY `authors`.`score` DESC LIMIT ?) AS kindred_rows)
    1: float64 1.5
    2: string x
    3: int64 3

-- a condition on the table itself
sqlite: UPDATE `authors` SET `score` = ? WHERE EXISTS (SELECT 1 FROM `authors` AS `authors_1` WHERE `authors_1`.`deleted_at` IS NULL) AND `authors`.`deleted_at` IS NULL
    1: float64 1.5
postgres: UPDATE "authors" SET "score" = $1 WHERE EXISTS (SELECT 1 FROM "authors" AS "authors_1" WHERE "authors_1"."deleted_at" IS NULL) AND "authors"."deleted_at" IS NULL
    1: float64 1.5
mysql: UPDATE `authors` SET `score` = ? WHERE `authors`.`id` IN (SELECT * FROM (SELECT DISTINCT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `authors` AS `authors_1` WHERE `authors_1`.`deleted_at` IS NULL) AND `authors`.`deleted_at` IS NULL) AS kindred_rows)
    1: float64 1.5

-- increment: NULL counts as 0
sqlite: UPDATE `authors` SET `age` = CASE WHEN COALESCE(`authors`.`age`, 0) <= CAST(? AS bigint) THEN COALESCE(`authors`.`age`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`authors`.`age`, 0) - COALESCE(`authors`.`age`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: int64 9223372036854775805
    2: int64 2
    3: string x
postgres: UPDATE "authors" SET "age" = CASE WHEN COALESCE("authors"."age", 0) <= CAST($1 AS bigint) THEN COALESCE("authors"."age", 0) + CAST($2 AS bigint) ELSE abs(CAST(COALESCE("authors"."age", 0) - COALESCE("authors"."age", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "authors"."name" = $3 AND "authors"."deleted_at" IS NULL
    1: int64 9223372036854775805
    2: int64 2
    3: string x
mysql: UPDATE `authors` SET `age` = CASE WHEN COALESCE(`authors`.`age`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`authors`.`age`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`authors`.`age`, 0) - COALESCE(`authors`.`age`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: int64 9223372036854775805
    2: int64 2
    3: string x

-- decrement of what is not NULL
sqlite: UPDATE `authors` SET `score` = CASE WHEN COALESCE(`authors`.`score`, 0) + ? >= CAST(? AS double precision) THEN COALESCE(`authors`.`score`, 0) + ? ELSE abs(CAST(COALESCE(`authors`.`score`, 0) - COALESCE(`authors`.`score`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: float64 -2
    2: float64 -1.7976931348623157e+308
    3: float64 -2
    4: string x
postgres: UPDATE "authors" SET "score" = CASE WHEN COALESCE("authors"."score", 0) + $1 >= CAST($2 AS double precision) THEN COALESCE("authors"."score", 0) + $3 ELSE abs(CAST(COALESCE("authors"."score", 0) - COALESCE("authors"."score", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "authors"."name" = $4 AND "authors"."deleted_at" IS NULL
    1: float64 -2
    2: float64 -1.7976931348623157e+308
    3: float64 -2
    4: string x
mysql: UPDATE `authors` SET `score` = CASE WHEN COALESCE(`authors`.`score`, 0) + ? >= CAST(? AS DOUBLE) THEN COALESCE(`authors`.`score`, 0) + ? ELSE abs(CAST(COALESCE(`authors`.`score`, 0) - COALESCE(`authors`.`score`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: float64 -2
    2: float64 -1.7976931348623157e+308
    3: float64 -2
    4: string x
