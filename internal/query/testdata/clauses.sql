-- Rewrite this file by go test -update, and read the difference.

-- all columns
sqlite: SELECT `authors`.`id`, `authors`.`name`, `authors`.`age`, `authors`.`score`, `authors`.`active`, +`authors`.`created_at`, +`authors`.`deleted_at` FROM `authors` WHERE `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id", "authors"."name", "authors"."age", "authors"."score", "authors"."active", "authors"."created_at", "authors"."deleted_at" FROM "authors" WHERE "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id`, `authors`.`name`, `authors`.`age`, `authors`.`score`, `authors`.`active`, `authors`.`created_at`, `authors`.`deleted_at` FROM `authors` WHERE `authors`.`deleted_at` IS NULL

-- some columns, one of another name
sqlite: SELECT `authors`.`id`, `authors`.`name` AS `label` FROM `authors` WHERE `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id", "authors"."name" AS "label" FROM "authors" WHERE "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id`, `authors`.`name` AS `label` FROM `authors` WHERE `authors`.`deleted_at` IS NULL

-- raw columns
sqlite: SELECT `authors`.`id`, score * ? AS twice FROM `authors` WHERE `authors`.`deleted_at` IS NULL
    1: int64 2
postgres: SELECT "authors"."id", score * $1 AS twice FROM "authors" WHERE "authors"."deleted_at" IS NULL
    1: int64 2
mysql: SELECT `authors`.`id`, score * ? AS twice FROM `authors` WHERE `authors`.`deleted_at` IS NULL
    1: int64 2

-- distinct
sqlite: SELECT DISTINCT `authors`.`name` FROM `authors` WHERE `authors`.`deleted_at` IS NULL
postgres: SELECT DISTINCT "authors"."name" FROM "authors" WHERE "authors"."deleted_at" IS NULL
mysql: SELECT DISTINCT `authors`.`name` FROM `authors` WHERE `authors`.`deleted_at` IS NULL

-- order
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL ORDER BY `authors`.`age` IS NULL, `authors`.`age` DESC, `authors`.`id`, score + ?
    1: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."deleted_at" IS NULL ORDER BY "authors"."age" IS NULL, "authors"."age" DESC, "authors"."id", score + $1
    1: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL ORDER BY `authors`.`age` IS NULL, `authors`.`age` DESC, `authors`.`id`, score + ?
    1: int64 1

-- limit and offset
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL LIMIT ? OFFSET ?
    1: int64 3
    2: int64 6
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."deleted_at" IS NULL LIMIT $1 OFFSET $2
    1: int64 3
    2: int64 6
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL LIMIT ? OFFSET ?
    1: int64 3
    2: int64 6

-- offset alone
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL LIMIT -1 OFFSET ?
    1: int64 6
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."deleted_at" IS NULL OFFSET $1
    1: int64 6
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL LIMIT 18446744073709551615 OFFSET ?
    1: int64 6

-- limit of nothing
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL LIMIT ?
    1: int64 0
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."deleted_at" IS NULL LIMIT $1
    1: int64 0
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL LIMIT ?
    1: int64 0

-- join
sqlite: SELECT `authors`.`id` FROM `authors` INNER JOIN `books` ON `books`.`author_id` = `authors`.`id` WHERE `books`.`title` = ? AND `authors`.`deleted_at` IS NULL
    1: string x
postgres: SELECT "authors"."id" FROM "authors" INNER JOIN "books" ON "books"."author_id" = "authors"."id" WHERE "books"."title" = $1 AND "authors"."deleted_at" IS NULL
    1: string x
mysql: SELECT `authors`.`id` FROM `authors` INNER JOIN `books` ON `books`.`author_id` = `authors`.`id` WHERE `books`.`title` = ? AND `authors`.`deleted_at` IS NULL
    1: string x

-- left join
sqlite: SELECT `authors`.`id` FROM `authors` LEFT JOIN `books` ON `books`.`author_id` = `authors`.`id` WHERE `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" LEFT JOIN "books" ON "books"."author_id" = "authors"."id" WHERE "authors"."deleted_at" IS NULL
mysql: SELECT `authors`.`id` FROM `authors` LEFT JOIN `books` ON `books`.`author_id` = `authors`.`id` WHERE `authors`.`deleted_at` IS NULL

-- groups
sqlite: SELECT `authors`.`name`, count(*) AS `n` FROM `authors` WHERE `authors`.`deleted_at` IS NULL GROUP BY `authors`.`name` HAVING count(*) > ? ORDER BY `n` DESC
    1: int64 1
postgres: SELECT "authors"."name", count(*) AS "n" FROM "authors" WHERE "authors"."deleted_at" IS NULL GROUP BY "authors"."name" HAVING count(*) > $1 ORDER BY "n" DESC
    1: int64 1
mysql: SELECT `authors`.`name`, count(*) AS `n` FROM `authors` WHERE `authors`.`deleted_at` IS NULL GROUP BY `authors`.`name` HAVING count(*) > ? ORDER BY `n` DESC
    1: int64 1

-- an alias of the table
sqlite: SELECT `a`.`id` FROM `authors` AS `a` WHERE `a`.`id` = ? AND `a`.`deleted_at` IS NULL
    1: int64 1
postgres: SELECT "a"."id" FROM "authors" AS "a" WHERE "a"."id" = $1 AND "a"."deleted_at" IS NULL
    1: int64 1
mysql: SELECT `a`.`id` FROM `authors` AS `a` WHERE `a`.`id` = ? AND `a`.`deleted_at` IS NULL
    1: int64 1
