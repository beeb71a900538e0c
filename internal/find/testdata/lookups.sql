-- Rewrite this file by go test -update, and read the difference.

-- or new, there
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = $1 AND "users"."deleted_at" IS NULL LIMIT $2
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?

-- or create, there
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = $1 AND "users"."deleted_at" IS NULL LIMIT $2
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?

-- or create, new
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
    INSERT INTO `users` (`email`, `nick`, `visits`, `deleted_at`) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = $1 AND "users"."deleted_at" IS NULL LIMIT $2
    INSERT INTO "users" ("email", "nick", "visits", "deleted_at") VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING "id"
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
    INSERT INTO `users` (`email`, `nick`, `visits`, `deleted_at`) VALUES (?, ?, ?, ?)

-- update or create, there
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
    UPDATE `users` SET `visits` = ? WHERE `id` = ?
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = $1 AND "users"."deleted_at" IS NULL LIMIT $2 FOR UPDATE OF "users"
    UPDATE "users" SET "visits" = $1 WHERE "id" = $2
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ? FOR UPDATE
    UPDATE `users` SET `visits` = ? WHERE `id` = ?

-- update or create, there and equal
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = $1 AND "users"."deleted_at" IS NULL LIMIT $2 FOR UPDATE OF "users"
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ? FOR UPDATE

-- update or create, new
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
    INSERT INTO `users` (`email`, `nick`, `visits`, `deleted_at`) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = $1 AND "users"."deleted_at" IS NULL LIMIT $2 FOR UPDATE OF "users"
    INSERT INTO "users" ("email", "nick", "visits", "deleted_at") VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING "id"
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ? FOR UPDATE
    INSERT INTO `users` (`email`, `nick`, `visits`, `deleted_at`) VALUES (?, ?, ?, ?)

-- many or new
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` IN (SELECT value FROM json_each(?)) AND `users`.`deleted_at` IS NULL
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = ANY($1) AND "users"."deleted_at" IS NULL
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` IN (?, ?) AND `users`.`deleted_at` IS NULL

-- many or create, one there
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` IN (SELECT value FROM json_each(?)) AND `users`.`deleted_at` IS NULL
    INSERT INTO `users` (`email`, `nick`, `visits`, `deleted_at`) VALUES (?, ?, ?, ?), (?, ?, ?, ?)
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = ANY($1) AND "users"."deleted_at" IS NULL
    INSERT INTO "users" ("email", "nick", "visits", "deleted_at") SELECT unnest($1::text[])::varchar, unnest($2::text[]), unnest($3::int8[]), unnest($4::timestamptz[]) RETURNING "id"
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` IN (?, ?, ?) AND `users`.`deleted_at` IS NULL
    INSERT INTO `users` (`email`, `nick`, `visits`, `deleted_at`) VALUES (?, ?, ?, ?), (?, ?, ?, ?)

-- many update or create, one there
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`email` IN (SELECT value FROM json_each(?)) AND `users`.`deleted_at` IS NULL ORDER BY `users`.`id`
    INSERT INTO `users` (`email`, `nick`, `visits`, `deleted_at`) VALUES (?, ?, ?, ?)
    UPDATE `users` SET `visits` = ? WHERE `id` = ?
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."email" = ANY($1) AND "users"."deleted_at" IS NULL ORDER BY "users"."id" FOR UPDATE OF "users"
    INSERT INTO "users" ("email", "nick", "visits", "deleted_at") VALUES ($1, $2, $3, $4) RETURNING "id"
    UPDATE "users" SET "visits" = $1 WHERE "id" = $2
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`email` IN (?, ?) AND `users`.`deleted_at` IS NULL ORDER BY `users`.`id` FOR UPDATE
    INSERT INTO `users` (`email`, `nick`, `visits`, `deleted_at`) VALUES (?, ?, ?, ?)
    UPDATE `users` SET `visits` = ? WHERE `id` = ?

-- none
SQLite
    nothing is sent
Postgres
    nothing is sent
MariaDB
    nothing is sent
