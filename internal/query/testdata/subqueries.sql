-- Rewrite this file by go test -update, and read the difference.

-- exists
sqlite: SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id") AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AND `authors`.`deleted_at` IS NULL

-- not exists
sqlite: SELECT `authors`.`id` FROM `authors` WHERE NOT EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE NOT EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id") AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE NOT EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AND `authors`.`deleted_at` IS NULL

-- in
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` IN (SELECT `books`.`author_id` FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."id" IN (SELECT "books"."author_id" FROM "books" WHERE "books"."author_id" = "authors"."id") AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` IN (SELECT `books`.`author_id` FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AND `authors`.`deleted_at` IS NULL

-- the number of rows
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) >= ? AND `authors`.`deleted_at` IS NULL
    1: int64 2
postgres: SELECT "authors"."id" FROM "authors" WHERE (SELECT count(*) FROM "books" WHERE "books"."author_id" = "authors"."id") >= $1 AND "authors"."deleted_at" IS NULL
    1: int64 2
mysql: SELECT `authors`.`id` FROM `authors` WHERE (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) >= ? AND `authors`.`deleted_at` IS NULL
    1: int64 2

-- a table inside of itself has another name
sqlite: SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `authors` AS `authors_1` WHERE `authors_1`.`age` = `authors`.`age` AND `authors_1`.`deleted_at` IS NULL) AND `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "authors" AS "authors_1" WHERE "authors_1"."age" = "authors"."age" AND "authors_1"."deleted_at" IS NULL) AND "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `authors` AS `authors_1` WHERE `authors_1`.`age` = `authors`.`age` AND `authors_1`.`deleted_at` IS NULL) AND `authors`.`deleted_at` IS NULL
