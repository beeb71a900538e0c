-- Rewrite this file by go test -update, and read the difference.

-- count
SQLite
    SELECT `authors`.`id`, (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `books_count` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", (SELECT count(*) FROM "books" WHERE "books"."author_id" = "authors"."id") AS "books_count" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `books_count` FROM `authors` ORDER BY `authors`.`id`

-- count of some
SQLite
    SELECT `authors`.`id`, (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND (`books`.`pages` > ?)) AS `books_count` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", (SELECT count(*) FROM "books" WHERE "books"."author_id" = "authors"."id" AND ("books"."pages" > $1)) AS "books_count" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND (`books`.`pages` > ?)) AS `books_count` FROM `authors` ORDER BY `authors`.`id`

-- count with another name
SQLite
    SELECT `authors`.`id`, (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `n` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", (SELECT count(*) FROM "books" WHERE "books"."author_id" = "authors"."id") AS "n" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, (SELECT count(*) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `n` FROM `authors` ORDER BY `authors`.`id`

-- count of pivot rows
SQLite
    SELECT `authors`.`id`, (SELECT count(*) FROM `author_tag` WHERE `author_tag`.`author_id` = `authors`.`id`) AS `tags_count` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", (SELECT count(*) FROM "author_tag" WHERE "author_tag"."author_id" = "authors"."id") AS "tags_count" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, (SELECT count(*) FROM `author_tag` WHERE `author_tag`.`author_id` = `authors`.`id`) AS `tags_count` FROM `authors` ORDER BY `authors`.`id`

-- exists
SQLite
    SELECT `authors`.`id`, EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `books_exists` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id") AS "books_exists" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `books_exists` FROM `authors` ORDER BY `authors`.`id`

-- sum
SQLite
    SELECT `authors`.`id`, (SELECT sum(`books`.`pages`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `books_sum_pages` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", (SELECT sum("books"."pages") FROM "books" WHERE "books"."author_id" = "authors"."id") AS "books_sum_pages" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, (SELECT sum(`books`.`pages`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `books_sum_pages` FROM `authors` ORDER BY `authors`.`id`

-- min
SQLite
    SELECT `authors`.`id`, (SELECT min(`books`.`pages`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `least` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", (SELECT min("books"."pages") FROM "books" WHERE "books"."author_id" = "authors"."id") AS "least" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, (SELECT min(`books`.`pages`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `least` FROM `authors` ORDER BY `authors`.`id`

-- chosen
SQLite
    SELECT `authors`.`id`, (SELECT max(`books`.`pages`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `books_max_pages` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", (SELECT max("books"."pages") FROM "books" WHERE "books"."author_id" = "authors"."id") AS "books_max_pages" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, (SELECT max(`books`.`pages`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `books_max_pages` FROM `authors` ORDER BY `authors`.`id`

-- chosen and named
SQLite
    SELECT `authors`.`id`, (SELECT max(`books`.`pages`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `longest` FROM `authors` ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id", (SELECT max("books"."pages") FROM "books" WHERE "books"."author_id" = "authors"."id") AS "longest" FROM "authors" ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id`, (SELECT max(`books`.`pages`) FROM `books` WHERE `books`.`author_id` = `authors`.`id`) AS `longest` FROM `authors` ORDER BY `authors`.`id`
