-- Rewrite this file by go test -update, and read the difference.

-- equal
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: string x
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."name" = $1 AND "authors"."deleted_at" IS NULL
    1: string x
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: string x

-- by the name of the field
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`created_at` > ? OR `authors`.`created_at` < '') AND (CASE WHEN `authors`.`created_at` IS NULL OR substr(`authors`.`created_at`, -6) = '+00:00' AND substr(`authors`.`created_at`, 11, 1) = ' ' THEN `authors`.`created_at` WHEN typeof(`authors`.`created_at`) = 'integer' THEN CASE WHEN abs(`authors`.`created_at`) <= 253402300799 THEN datetime(`authors`.`created_at`, 'unixepoch') || '+00:00' WHEN abs(`authors`.`created_at`) <= 253402300799999 THEN datetime(`authors`.`created_at` / 1000 - (`authors`.`created_at` % 1000 < 0), 'unixepoch') || rtrim(rtrim(printf('.%03d', (`authors`.`created_at` % 1000 + 1000) % 1000), '0'), '.') || '+00:00' WHEN abs(`authors`.`created_at`) <= 253402300799999999 THEN datetime(`authors`.`created_at` / 1000000 - (`authors`.`created_at` % 1000000 < 0), 'unixepoch') || rtrim(rtrim(printf('.%06d', (`authors`.`created_at` % 1000000 + 1000000) % 1000000), '0'), '.') || '+00:00' ELSE datetime(`authors`.`created_at` / 1000000000 - (`authors`.`created_at` % 1000000000 < 0), 'unixepoch') || rtrim(rtrim(printf('.%06d', (`authors`.`created_at` % 1000000000 + 1000000000) % 1000000000 / 1000), '0'), '.') || '+00:00' END ELSE coalesce(datetime(substr(`authors`.`created_at`, 1, 19) || CASE WHEN `authors`.`created_at` GLOB '*[0-9] [+-][0-9][0-9][0-9][0-9]*' THEN substr(substr(`authors`.`created_at`, 20 + instr(substr(`authors`.`created_at`, 20), ' ')), 1, 3) || ':' || substr(substr(`authors`.`created_at`, 20 + instr(substr(`authors`.`created_at`, 20), ' ')), 4, 2) WHEN length(`authors`.`created_at`) > 19 AND `authors`.`created_at` GLOB '*[+-][0-9][0-9]:[0-9][0-9]' THEN substr(`authors`.`created_at`, -6) ELSE '' END) || CASE WHEN substr(`authors`.`created_at`, 20, 1) = '.' THEN rtrim(rtrim(substr(`authors`.`created_at`, 20, min(7, length(`authors`.`created_at`) - 19 - length(ltrim(substr(`authors`.`created_at`, 21), '0123456789')))), '0'), '.') ELSE '' END || '+00:00', json_extract('{}', 'a time in a form that is not known' || substr(`authors`.`created_at`, 1, 0))) END) > ? AND `authors`.`deleted_at` IS NULL
    1: string 2001-09-08
    2: time.Time 2001-09-09 01:46:40 +0000 UTC
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."created_at" > $1 AND "authors"."deleted_at" IS NULL
    1: time.Time 2001-09-09 01:46:40 +0000 UTC
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`created_at` > ? AND `authors`.`deleted_at` IS NULL
    1: time.Time 2001-09-09 01:46:40 +0000 UTC

-- with the table in front
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` <> ? AND `authors`.`deleted_at` IS NULL
    1: int64 7
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."id" <> $1 AND "authors"."deleted_at" IS NULL
    1: int64 7
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` <> ? AND `authors`.`deleted_at` IS NULL
    1: int64 7

-- an integer in a text
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` <= ? AND `authors`.`deleted_at` IS NULL
    1: int64 7
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."id" <= $1 AND "authors"."deleted_at" IS NULL
    1: int64 7
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` <= ? AND `authors`.`deleted_at` IS NULL
    1: int64 7

-- a list
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?)) AND `authors`.`deleted_at` IS NULL
    1: string [1,2]
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."id" = ANY($1) AND "authors"."deleted_at" IS NULL
    1: []int64 [1 2]
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` IN (?, ?) AND `authors`.`deleted_at` IS NULL
    1: int64 1
    2: int64 2

-- not in a list
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` NOT IN (SELECT value FROM json_each(?)) AND `authors`.`deleted_at` IS NULL
    1: string ["a\"b","c\\d"]
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."name" <> ALL($1) AND "authors"."deleted_at" IS NULL
    1: []string [a"b c\d]
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` NOT IN (?, ?) AND `authors`.`deleted_at` IS NULL
    1: string a"b
    2: string c\d

-- an empty list has nothing
sqlite: SELECT `authors`.`id` FROM `authors` WHERE 1 = 0 AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE 1 = 0 AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE 1 = 0 AND `authors`.`deleted_at` IS NULL

-- everything is outside of an empty list
sqlite: SELECT `authors`.`id` FROM `authors` WHERE 1 = 1 AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE 1 = 1 AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE 1 = 1 AND `authors`.`deleted_at` IS NULL

-- null
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`age` IS NULL AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."age" IS NULL AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`age` IS NULL AND `authors`.`deleted_at` IS NULL

-- not null
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`age` IS NOT NULL AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."age" IS NOT NULL AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`age` IS NOT NULL AND `authors`.`deleted_at` IS NULL

-- between
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`age` BETWEEN ? AND ? AND `authors`.`deleted_at` IS NULL
    1: int64 1
    2: int64 9
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."age" BETWEEN $1 AND $2 AND "authors"."deleted_at" IS NULL
    1: int64 1
    2: int64 9
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`age` BETWEEN ? AND ? AND `authors`.`deleted_at` IS NULL
    1: int64 1
    2: int64 9

-- not between
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`score` NOT BETWEEN ? AND ? AND `authors`.`deleted_at` IS NULL
    1: float64 0.5
    2: float64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."score" NOT BETWEEN $1 AND $2 AND "authors"."deleted_at" IS NULL
    1: float64 0.5
    2: float64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`score` NOT BETWEEN ? AND ? AND `authors`.`deleted_at` IS NULL
    1: float64 0.5
    2: float64 1

-- like
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` LIKE ? AND `authors`.`deleted_at` IS NULL
    1: string a%
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."name" LIKE $1 AND "authors"."deleted_at" IS NULL
    1: string a%
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` LIKE ? AND `authors`.`deleted_at` IS NULL
    1: string a%

-- not like
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` NOT LIKE ? AND `authors`.`deleted_at` IS NULL
    1: string a%
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."name" NOT LIKE $1 AND "authors"."deleted_at" IS NULL
    1: string a%
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`name` NOT LIKE ? AND `authors`.`deleted_at` IS NULL
    1: string a%

-- ilike
sqlite: SELECT `authors`.`id` FROM `authors` WHERE lower(`authors`.`name`) LIKE lower(?) AND `authors`.`deleted_at` IS NULL
    1: string a%
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."name" ILIKE $1 AND "authors"."deleted_at" IS NULL
    1: string a%
mysql: SELECT `authors`.`id` FROM `authors` WHERE lower(`authors`.`name`) LIKE lower(?) AND `authors`.`deleted_at` IS NULL
    1: string a%

-- not ilike
sqlite: SELECT `authors`.`id` FROM `authors` WHERE lower(`authors`.`name`) NOT LIKE lower(?) AND `authors`.`deleted_at` IS NULL
    1: string A%
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."name" NOT ILIKE $1 AND "authors"."deleted_at" IS NULL
    1: string A%
mysql: SELECT `authors`.`id` FROM `authors` WHERE lower(`authors`.`name`) NOT LIKE lower(?) AND `authors`.`deleted_at` IS NULL
    1: string A%

-- two columns
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` <> `authors`.`age` AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."id" <> "authors"."age" AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` <> `authors`.`age` AND `authors`.`deleted_at` IS NULL

-- raw
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (name = ? AND '??' <> ?) AND `authors`.`deleted_at` IS NULL
    1: string x
    2: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE (name = $1 AND '??' <> $2) AND "authors"."deleted_at" IS NULL
    1: string x
    2: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE (name = ? AND '??' <> ?) AND `authors`.`deleted_at` IS NULL
    1: string x
    2: int64 1

-- two question marks are one
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (name ? 'x' OR id = ?) AND `authors`.`deleted_at` IS NULL
    1: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE (name ? 'x' OR id = $1) AND "authors"."deleted_at" IS NULL
    1: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE (name ? 'x' OR id = ?) AND `authors`.`deleted_at` IS NULL
    1: int64 1

-- keys
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?)) AND `authors`.`deleted_at` IS NULL
    1: string [1,2]
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."id" = ANY($1) AND "authors"."deleted_at" IS NULL
    1: []int64 [1 2]
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` IN (?, ?) AND `authors`.`deleted_at` IS NULL
    1: int64 1
    2: int64 2

-- not the keys
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` NOT IN (SELECT value FROM json_each(?)) AND `authors`.`deleted_at` IS NULL
    1: string [3]
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."id" <> ALL($1) AND "authors"."deleted_at" IS NULL
    1: []int64 [3]
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` NOT IN (?) AND `authors`.`deleted_at` IS NULL
    1: int64 3
