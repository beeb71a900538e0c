-- Rewrite this file by go test -update, and read the difference.

-- update
SQLite
    UPDATE `posts` SET `views` = ?, `title` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `posts`.`title` = ? AND `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL
Postgres
    UPDATE "posts" SET "views" = $1, "title" = $2, "updated_at" = $3, "version" = CASE WHEN COALESCE("posts"."version", 0) <= CAST($4 AS bigint) THEN COALESCE("posts"."version", 0) + CAST($5 AS bigint) ELSE abs(CAST(COALESCE("posts"."version", 0) - COALESCE("posts"."version", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "posts"."title" = $6 AND "posts"."user_id" = $7 AND "posts"."deleted_at" IS NULL
MariaDB
    UPDATE `posts` SET `views` = ?, `title` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `posts`.`title` = ? AND `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL

-- increment: NULL counts as 0
SQLite
    UPDATE `posts` SET `views` = CASE WHEN COALESCE(`posts`.`views`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`views`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`views`, 0) - COALESCE(`posts`.`views`, 0) AS bigint) - 9223372036854775807 - 1) END, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL
Postgres
    UPDATE "posts" SET "views" = CASE WHEN COALESCE("posts"."views", 0) <= CAST($1 AS bigint) THEN COALESCE("posts"."views", 0) + CAST($2 AS bigint) ELSE abs(CAST(COALESCE("posts"."views", 0) - COALESCE("posts"."views", 0) AS bigint) - 9223372036854775807 - 1) END, "updated_at" = $3, "version" = CASE WHEN COALESCE("posts"."version", 0) <= CAST($4 AS bigint) THEN COALESCE("posts"."version", 0) + CAST($5 AS bigint) ELSE abs(CAST(COALESCE("posts"."version", 0) - COALESCE("posts"."version", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "posts"."user_id" = $6 AND "posts"."deleted_at" IS NULL
MariaDB
    UPDATE `posts` SET `views` = CASE WHEN COALESCE(`posts`.`views`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`views`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`views`, 0) - COALESCE(`posts`.`views`, 0) AS SIGNED) - 9223372036854775807 - 1) END, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL

-- decrement
SQLite
    UPDATE `posts` SET `views` = CASE WHEN COALESCE(`posts`.`views`, 0) >= CAST(? AS bigint) THEN COALESCE(`posts`.`views`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`views`, 0) - COALESCE(`posts`.`views`, 0) AS bigint) - 9223372036854775807 - 1) END, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL
Postgres
    UPDATE "posts" SET "views" = CASE WHEN COALESCE("posts"."views", 0) >= CAST($1 AS bigint) THEN COALESCE("posts"."views", 0) + CAST($2 AS bigint) ELSE abs(CAST(COALESCE("posts"."views", 0) - COALESCE("posts"."views", 0) AS bigint) - 9223372036854775807 - 1) END, "updated_at" = $3, "version" = CASE WHEN COALESCE("posts"."version", 0) <= CAST($4 AS bigint) THEN COALESCE("posts"."version", 0) + CAST($5 AS bigint) ELSE abs(CAST(COALESCE("posts"."version", 0) - COALESCE("posts"."version", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "posts"."user_id" = $6 AND "posts"."deleted_at" IS NULL
MariaDB
    UPDATE `posts` SET `views` = CASE WHEN COALESCE(`posts`.`views`, 0) >= CAST(? AS SIGNED) THEN COALESCE(`posts`.`views`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`views`, 0) - COALESCE(`posts`.`views`, 0) AS SIGNED) - 9223372036854775807 - 1) END, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL

-- a relation to one is all of its rows
SQLite
    UPDATE `posts` SET `views` = CASE WHEN COALESCE(`posts`.`views`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`views`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`views`, 0) - COALESCE(`posts`.`views`, 0) AS bigint) - 9223372036854775807 - 1) END, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL
Postgres
    UPDATE "posts" SET "views" = CASE WHEN COALESCE("posts"."views", 0) <= CAST($1 AS bigint) THEN COALESCE("posts"."views", 0) + CAST($2 AS bigint) ELSE abs(CAST(COALESCE("posts"."views", 0) - COALESCE("posts"."views", 0) AS bigint) - 9223372036854775807 - 1) END, "updated_at" = $3, "version" = CASE WHEN COALESCE("posts"."version", 0) <= CAST($4 AS bigint) THEN COALESCE("posts"."version", 0) + CAST($5 AS bigint) ELSE abs(CAST(COALESCE("posts"."version", 0) - COALESCE("posts"."version", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "posts"."user_id" = $6 AND "posts"."deleted_at" IS NULL
MariaDB
    UPDATE `posts` SET `views` = CASE WHEN COALESCE(`posts`.`views`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`views`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`views`, 0) - COALESCE(`posts`.`views`, 0) AS SIGNED) - 9223372036854775807 - 1) END, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL

-- the latest is one
SQLite
    UPDATE `posts` SET `title` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `posts`.`id` IN (SELECT `posts`.`id` FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL ORDER BY `posts`.`id` DESC LIMIT ?)
Postgres
    UPDATE "posts" SET "title" = $1, "updated_at" = $2, "version" = CASE WHEN COALESCE("posts"."version", 0) <= CAST($3 AS bigint) THEN COALESCE("posts"."version", 0) + CAST($4 AS bigint) ELSE abs(CAST(COALESCE("posts"."version", 0) - COALESCE("posts"."version", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "posts"."id" IN (SELECT "posts"."id" FROM "posts" WHERE "posts"."user_id" = $5 AND "posts"."deleted_at" IS NULL ORDER BY "posts"."id" DESC LIMIT $6)
MariaDB
    UPDATE `posts` SET `title` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `posts`.`id` IN (SELECT * FROM (SELECT DISTINCT `posts`.`id` FROM `posts` WHERE `posts`.`id` = (SELECT `posts`.`id` FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL ORDER BY `posts`.`id` DESC LIMIT ?)) AS kindred_rows)

-- delete marks
SQLite
    UPDATE `posts` SET `deleted_at` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `posts`.`title` = ? AND `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL
Postgres
    UPDATE "posts" SET "deleted_at" = $1, "updated_at" = $2, "version" = CASE WHEN COALESCE("posts"."version", 0) <= CAST($3 AS bigint) THEN COALESCE("posts"."version", 0) + CAST($4 AS bigint) ELSE abs(CAST(COALESCE("posts"."version", 0) - COALESCE("posts"."version", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "posts"."title" = $5 AND "posts"."user_id" = $6 AND "posts"."deleted_at" IS NULL
MariaDB
    UPDATE `posts` SET `deleted_at` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `posts`.`title` = ? AND `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL

-- restore
SQLite
    UPDATE `posts` SET `deleted_at` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS bigint) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS bigint) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS bigint) - 9223372036854775807 - 1) END WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NOT NULL
Postgres
    UPDATE "posts" SET "deleted_at" = $1, "updated_at" = $2, "version" = CASE WHEN COALESCE("posts"."version", 0) <= CAST($3 AS bigint) THEN COALESCE("posts"."version", 0) + CAST($4 AS bigint) ELSE abs(CAST(COALESCE("posts"."version", 0) - COALESCE("posts"."version", 0) AS bigint) - 9223372036854775807 - 1) END WHERE "posts"."user_id" = $5 AND "posts"."deleted_at" IS NOT NULL
MariaDB
    UPDATE `posts` SET `deleted_at` = ?, `updated_at` = ?, `version` = CASE WHEN COALESCE(`posts`.`version`, 0) <= CAST(? AS SIGNED) THEN COALESCE(`posts`.`version`, 0) + CAST(? AS SIGNED) ELSE abs(CAST(COALESCE(`posts`.`version`, 0) - COALESCE(`posts`.`version`, 0) AS SIGNED) - 9223372036854775807 - 1) END WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NOT NULL

-- force delete
SQLite
    DELETE FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL
Postgres
    DELETE FROM "posts" WHERE "posts"."user_id" = $1 AND "posts"."deleted_at" IS NULL
MariaDB
    DELETE FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL

-- a limit
SQLite
    UPDATE `tags` SET `name` = ? WHERE `tags`.`id` IN (SELECT `tags`.`id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ? ORDER BY `tags`.`id` LIMIT ?)
Postgres
    UPDATE "tags" SET "name" = $1 WHERE "tags"."id" IN (SELECT "tags"."id" FROM "tags" INNER JOIN "tag_user" ON "tag_user"."tag_id" = "tags"."id" WHERE "tag_user"."user_id" = $2 ORDER BY "tags"."id" LIMIT $3)
MariaDB
    UPDATE `tags` SET `name` = ? WHERE `tags`.`id` IN (SELECT * FROM (SELECT `tags`.`id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ? ORDER BY `tags`.`id` LIMIT ?) AS kindred_rows)

-- delete of manyToMany: the pivot rows go first
SQLite
    SELECT `tags`.`id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ?
    DELETE FROM `tag_user` WHERE `tag_user`.`tag_id` IN (SELECT value FROM json_each(?))
    DELETE FROM `tags` WHERE `tags`.`id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "tags"."id" FROM "tags" INNER JOIN "tag_user" ON "tag_user"."tag_id" = "tags"."id" WHERE "tag_user"."user_id" = $1
    DELETE FROM "tag_user" WHERE "tag_user"."tag_id" = ANY($1)
    DELETE FROM "tags" WHERE "tags"."id" = ANY($1)
MariaDB
    SELECT `tags`.`id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ?
    DELETE FROM `tag_user` WHERE `tag_user`.`tag_id` IN (?, ?)
    DELETE FROM `tags` WHERE `tags`.`id` IN (?, ?)

-- delete of none
SQLite
    SELECT `tags`.`id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ?
Postgres
    SELECT "tags"."id" FROM "tags" INNER JOIN "tag_user" ON "tag_user"."tag_id" = "tags"."id" WHERE "tag_user"."user_id" = $1
MariaDB
    SELECT `tags`.`id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ?
