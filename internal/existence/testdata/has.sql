-- Rewrite this file by go test -update, and read the difference.

-- books
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."deleted_at" IS NULL) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`

-- no books
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE NOT EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE NOT EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."deleted_at" IS NULL) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE NOT EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`

-- books of a title
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND (`books`.`title` = ?) AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND ("books"."title" = $1) AND "books"."deleted_at" IS NULL) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND (`books`.`title` = ?) AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`

-- two books
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) = ? ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE (SELECT count(*) FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."deleted_at" IS NULL) = $1 ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) = ? ORDER BY `authors`.`id`

-- not two books
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE (NOT ((SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) = ?)) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE (NOT ((SELECT count(*) FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."deleted_at" IS NULL) = $1)) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE (NOT ((SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) = ?)) ORDER BY `authors`.`id`

-- at least one is any
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."deleted_at" IS NULL) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`

-- less than one is none
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE NOT EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE NOT EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."deleted_at" IS NULL) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE NOT EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`

-- not none is any
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."deleted_at" IS NULL) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`

-- tags: the pivot rows tell
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `author_tag` WHERE `author_tag`.`author_id` = `authors`.`id`) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "author_tag" WHERE "author_tag"."author_id" = "authors"."id") ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `author_tag` WHERE `author_tag`.`author_id` = `authors`.`id`) ORDER BY `authors`.`id`

-- belongsTo
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `houses` WHERE `houses`.`id` = `authors`.`house_id`) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "houses" WHERE "houses"."id" = "authors"."house_id") ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `houses` WHERE `houses`.`id` = `authors`.`house_id`) ORDER BY `authors`.`id`

-- nested
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `houses` WHERE EXISTS (SELECT 1 FROM `authors` AS `authors_1` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors_1`.`id` AND (`books`.`title` = ?) AND `books`.`deleted_at` IS NULL) AND `authors_1`.`house_id` = `houses`.`id`) AND `houses`.`id` = `authors`.`house_id`) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "houses" WHERE EXISTS (SELECT 1 FROM "authors" AS "authors_1" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors_1"."id" AND ("books"."title" = $1) AND "books"."deleted_at" IS NULL) AND "authors_1"."house_id" = "houses"."id") AND "houses"."id" = "authors"."house_id") ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `houses` WHERE EXISTS (SELECT 1 FROM `authors` AS `authors_1` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors_1`.`id` AND (`books`.`title` = ?) AND `books`.`deleted_at` IS NULL) AND `authors_1`.`house_id` = `houses`.`id`) AND `houses`.`id` = `authors`.`house_id`) ORDER BY `authors`.`id`

-- nested: the count is of the last
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `houses` WHERE (SELECT count(*) FROM `authors` AS `authors_1` WHERE `authors_1`.`house_id` = `houses`.`id`) > ? AND `houses`.`id` = `authors`.`house_id`) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "houses" WHERE (SELECT count(*) FROM "authors" AS "authors_1" WHERE "authors_1"."house_id" = "houses"."id") > $1 AND "houses"."id" = "authors"."house_id") ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `houses` WHERE (SELECT count(*) FROM `authors` AS `authors_1` WHERE `authors_1`.`house_id` = `houses`.`id`) > ? AND `houses`.`id` = `authors`.`house_id`) ORDER BY `authors`.`id`

-- the latest alone is judged
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND (`books`.`title` = ?) AND `books`.`id` IN (SELECT `books_1`.`id` FROM `books` AS `books_1` WHERE `books_1`.`author_id` = `books`.`author_id` AND `books_1`.`deleted_at` IS NULL ORDER BY `books_1`.`id` DESC LIMIT ?) AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND ("books"."title" = $1) AND "books"."id" IN (SELECT "books_1"."id" FROM "books" AS "books_1" WHERE "books_1"."author_id" = "books"."author_id" AND "books_1"."deleted_at" IS NULL ORDER BY "books_1"."id" DESC LIMIT $2) AND "books"."deleted_at" IS NULL) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND (`books`.`title` = ?) AND `books`.`id` = (SELECT `books_1`.`id` FROM `books` AS `books_1` WHERE `books_1`.`author_id` = `books`.`author_id` AND `books_1`.`deleted_at` IS NULL ORDER BY `books_1`.`id` DESC LIMIT ?) AND `books`.`deleted_at` IS NULL) ORDER BY `authors`.`id`
