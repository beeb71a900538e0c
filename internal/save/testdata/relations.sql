-- Rewrite this file by go test -update, and read the difference.

-- hasOne
SQLite
    INSERT INTO `cards` (`author_id`) VALUES (?)
Postgres
    INSERT INTO "cards" ("author_id") VALUES ($1) RETURNING "id"
MariaDB
    INSERT INTO `cards` (`author_id`) VALUES (?)

-- hasMany
SQLite
    INSERT INTO `books` (`author_id`, `title`) VALUES (?, ?)
Postgres
    INSERT INTO "books" ("author_id", "title") VALUES ($1, $2) RETURNING "id"
MariaDB
    INSERT INTO `books` (`author_id`, `title`) VALUES (?, ?)

-- hasMany, nothing to write
SQLite
    nothing is sent
Postgres
    nothing is sent
MariaDB
    nothing is sent

-- hasMany, two new and one that is kept
SQLite
    INSERT INTO `books` (`author_id`, `title`) VALUES (?, ?), (?, ?)
Postgres
    INSERT INTO "books" ("author_id", "title") SELECT unnest($1::int8[]), unnest($2::text[]) RETURNING "id"
MariaDB
    INSERT INTO `books` (`author_id`, `title`) VALUES (?, ?), (?, ?)

-- manyToMany
SQLite
    INSERT INTO `tags` (`name`) VALUES (?)
    INSERT INTO `author_tag` (`author_id`, `tag_id`) VALUES (?, ?)
Postgres
    INSERT INTO "tags" ("name") VALUES ($1) RETURNING "id"
    INSERT INTO "author_tag" ("author_id", "tag_id") VALUES ($1, $2)
MariaDB
    INSERT INTO `tags` (`name`) VALUES (?)
    INSERT INTO `author_tag` (`author_id`, `tag_id`) VALUES (?, ?)

-- manyToMany, attached already
SQLite
    SELECT `author_tag`.`author_id`, `author_tag`.`tag_id`, `author_tag`.`level` FROM `author_tag` WHERE `author_tag`.`author_id` = ? AND `author_tag`.`tag_id` = ?
Postgres
    SELECT "author_tag"."author_id", "author_tag"."tag_id", "author_tag"."level" FROM "author_tag" WHERE "author_tag"."author_id" = $1 AND "author_tag"."tag_id" = $2
MariaDB
    SELECT `author_tag`.`author_id`, `author_tag`.`tag_id`, `author_tag`.`level` FROM `author_tag` WHERE `author_tag`.`author_id` = ? AND `author_tag`.`tag_id` = ?

-- manyToMany, with another value
SQLite
    SELECT `author_tag`.`author_id`, `author_tag`.`tag_id`, `author_tag`.`level` FROM `author_tag` WHERE `author_tag`.`author_id` = ? AND `author_tag`.`tag_id` = ?
    UPDATE `author_tag` SET `level` = ? WHERE `author_id` = ? AND `tag_id` = ?
Postgres
    SELECT "author_tag"."author_id", "author_tag"."tag_id", "author_tag"."level" FROM "author_tag" WHERE "author_tag"."author_id" = $1 AND "author_tag"."tag_id" = $2
    UPDATE "author_tag" SET "level" = $1 WHERE "author_id" = $2 AND "tag_id" = $3
MariaDB
    SELECT `author_tag`.`author_id`, `author_tag`.`tag_id`, `author_tag`.`level` FROM `author_tag` WHERE `author_tag`.`author_id` = ? AND `author_tag`.`tag_id` = ?
    UPDATE `author_tag` SET `level` = ? WHERE `author_id` = ? AND `tag_id` = ?

-- manyToMany, two new
SQLite
    INSERT INTO `tags` (`name`) VALUES (?), (?)
    INSERT INTO `author_tag` (`author_id`, `tag_id`) VALUES (?, ?), (?, ?)
Postgres
    INSERT INTO "tags" ("name") SELECT unnest($1::text[]) RETURNING "id"
    INSERT INTO "author_tag" ("author_id", "tag_id") SELECT unnest($1::int8[]), unnest($2::int8[])
MariaDB
    INSERT INTO `tags` (`name`) VALUES (?), (?)
    INSERT INTO `author_tag` (`author_id`, `tag_id`) VALUES (?, ?), (?, ?)

-- of an owner that is new
SQLite
    INSERT INTO `authors` (`name`, `house_id`) VALUES (?, ?)
    INSERT INTO `books` (`author_id`, `title`) VALUES (?, ?)
Postgres
    INSERT INTO "authors" ("name", "house_id") VALUES ($1, $2) RETURNING "id"
    INSERT INTO "books" ("author_id", "title") VALUES ($1, $2) RETURNING "id"
MariaDB
    INSERT INTO `authors` (`name`, `house_id`) VALUES (?, ?)
    INSERT INTO `books` (`author_id`, `title`) VALUES (?, ?)

-- associate
SQLite
    INSERT INTO `houses` (`name`) VALUES (?)
    UPDATE `authors` SET `house_id` = ? WHERE `id` = ?
Postgres
    INSERT INTO "houses" ("name") VALUES ($1) RETURNING "id"
    UPDATE "authors" SET "house_id" = $1 WHERE "id" = $2
MariaDB
    INSERT INTO `houses` (`name`) VALUES (?)
    UPDATE `authors` SET `house_id` = ? WHERE `id` = ?

-- dissociate
SQLite
    UPDATE `authors` SET `house_id` = ? WHERE `id` = ?
Postgres
    UPDATE "authors" SET "house_id" = $1 WHERE "id" = $2
MariaDB
    UPDATE `authors` SET `house_id` = ? WHERE `id` = ?

-- push
SQLite
    INSERT INTO `houses` (`name`) VALUES (?)
    INSERT INTO `authors` (`name`, `house_id`) VALUES (?, ?)
    INSERT INTO `cards` (`author_id`) VALUES (?)
    INSERT INTO `books` (`author_id`, `title`) VALUES (?, ?)
    INSERT INTO `tags` (`name`) VALUES (?)
    INSERT INTO `author_tag` (`author_id`, `tag_id`) VALUES (?, ?)
Postgres
    INSERT INTO "houses" ("name") VALUES ($1) RETURNING "id"
    INSERT INTO "authors" ("name", "house_id") VALUES ($1, $2) RETURNING "id"
    INSERT INTO "cards" ("author_id") VALUES ($1) RETURNING "id"
    INSERT INTO "books" ("author_id", "title") VALUES ($1, $2) RETURNING "id"
    INSERT INTO "tags" ("name") VALUES ($1) RETURNING "id"
    INSERT INTO "author_tag" ("author_id", "tag_id") VALUES ($1, $2)
MariaDB
    INSERT INTO `houses` (`name`) VALUES (?)
    INSERT INTO `authors` (`name`, `house_id`) VALUES (?, ?)
    INSERT INTO `cards` (`author_id`) VALUES (?)
    INSERT INTO `books` (`author_id`, `title`) VALUES (?, ?)
    INSERT INTO `tags` (`name`) VALUES (?)
    INSERT INTO `author_tag` (`author_id`, `tag_id`) VALUES (?, ?)
