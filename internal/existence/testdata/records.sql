-- Rewrite this file by go test -update, and read the difference.

-- belongs to one
SQLite
    SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = ? AND `books`.`deleted_at` IS NULL ORDER BY `books`.`id`
Postgres
    SELECT "books"."id" FROM "books" WHERE "books"."author_id" = $1 AND "books"."deleted_at" IS NULL ORDER BY "books"."id"
MariaDB
    SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = ? AND `books`.`deleted_at` IS NULL ORDER BY `books`.`id`

-- belongs to one of several
SQLite
    SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?)) AND `books`.`deleted_at` IS NULL ORDER BY `books`.`id`
Postgres
    SELECT "books"."id" FROM "books" WHERE "books"."author_id" = ANY($1) AND "books"."deleted_at" IS NULL ORDER BY "books"."id"
MariaDB
    SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` IN (?, ?, ?) AND `books`.`deleted_at` IS NULL ORDER BY `books`.`id`

-- attached to one
SQLite
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `author_tag` WHERE `author_tag`.`author_id` = `authors`.`id` AND `author_tag`.`tag_id` = ?) ORDER BY `authors`.`id`
Postgres
    SELECT "authors"."id" FROM "authors" WHERE EXISTS (SELECT 1 FROM "author_tag" WHERE "author_tag"."author_id" = "authors"."id" AND "author_tag"."tag_id" = $1) ORDER BY "authors"."id"
MariaDB
    SELECT `authors`.`id` FROM `authors` WHERE EXISTS (SELECT 1 FROM `author_tag` WHERE `author_tag`.`author_id` = `authors`.`id` AND `author_tag`.`tag_id` = ?) ORDER BY `authors`.`id`
