-- Rewrite this file by go test -update, and read the difference.

-- delete marks rows
sqlite: UPDATE `authors` SET `deleted_at` = ? WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: time.Time 2026-01-02 03:04:05 +0000 UTC
    2: string x
postgres: UPDATE "authors" SET "deleted_at" = $1 WHERE "authors"."name" = $2 AND "authors"."deleted_at" IS NULL
    1: time.Time 2026-01-02 03:04:05 +0000 UTC
    2: string x
mysql: UPDATE `authors` SET `deleted_at` = ? WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: time.Time 2026-01-02 03:04:05 +0000 UTC
    2: string x

-- force delete
sqlite: DELETE FROM `authors` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: string x
postgres: DELETE FROM "authors" WHERE "authors"."name" = $1 AND "authors"."deleted_at" IS NULL
    1: string x
mysql: DELETE FROM `authors` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NULL
    1: string x

-- force delete of deleted rows
sqlite: DELETE FROM `authors` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NOT NULL
    1: string x
postgres: DELETE FROM "authors" WHERE "authors"."name" = $1 AND "authors"."deleted_at" IS NOT NULL
    1: string x
mysql: DELETE FROM `authors` WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NOT NULL
    1: string x

-- restore
sqlite: UPDATE `authors` SET `deleted_at` = ? WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NOT NULL
    1: <nil> <nil>
    2: string x
postgres: UPDATE "authors" SET "deleted_at" = $1 WHERE "authors"."name" = $2 AND "authors"."deleted_at" IS NOT NULL
    1: <nil> <nil>
    2: string x
mysql: UPDATE `authors` SET `deleted_at` = ? WHERE `authors`.`name` = ? AND `authors`.`deleted_at` IS NOT NULL
    1: <nil> <nil>
    2: string x

-- restore of all that is found
sqlite: UPDATE `authors` SET `deleted_at` = ? WHERE `authors`.`name` = ?
    1: <nil> <nil>
    2: string x
postgres: UPDATE "authors" SET "deleted_at" = $1 WHERE "authors"."name" = $2
    1: <nil> <nil>
    2: string x
mysql: UPDATE `authors` SET `deleted_at` = ? WHERE `authors`.`name` = ?
    1: <nil> <nil>
    2: string x

-- delete of a model without soft deletes
sqlite: DELETE FROM `books` WHERE `books`.`title` = ?
    1: string x
postgres: DELETE FROM "books" WHERE "books"."title" = $1
    1: string x
mysql: DELETE FROM `books` WHERE `books`.`title` = ?
    1: string x

-- delete with a limit
sqlite: DELETE FROM `books` WHERE `books`.`id` IN (SELECT `books`.`id` FROM `books` LIMIT ?)
    1: int64 1
postgres: DELETE FROM "books" WHERE "books"."id" IN (SELECT "books"."id" FROM "books" LIMIT $1)
    1: int64 1
mysql: DELETE FROM `books` WHERE `books`.`id` IN (SELECT * FROM (SELECT `books`.`id` FROM `books` LIMIT ?) AS kindred_rows)
    1: int64 1
