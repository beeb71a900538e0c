-- Rewrite this file by go test -update, and read the difference.

-- all
SQLite
    SELECT `users`.`id` FROM `users` WHERE `users`.`deleted_at` IS NULL
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."deleted_at" IS NULL
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`deleted_at` IS NULL

-- first
SQLite
    SELECT `users`.`id` FROM `users` WHERE `users`.`deleted_at` IS NULL LIMIT ?
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."deleted_at" IS NULL LIMIT $1
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`deleted_at` IS NULL LIMIT ?

-- sole
SQLite
    SELECT `users`.`id` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."email" = $1 AND "users"."deleted_at" IS NULL LIMIT $2
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?

-- by key
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`id` = ? AND `users`.`deleted_at` IS NULL
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."id" = $1 AND "users"."deleted_at" IS NULL
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`id` = ? AND `users`.`deleted_at` IS NULL

-- by key among some
SQLite
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, +`users`.`deleted_at` FROM `users` WHERE `users`.`visits` > ? AND `users`.`id` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
Postgres
    SELECT "users"."id", "users"."email", "users"."nick", "users"."visits", "users"."deleted_at" FROM "users" WHERE "users"."visits" > $1 AND "users"."id" = $2 AND "users"."deleted_at" IS NULL LIMIT $3
MariaDB
    SELECT `users`.`id`, `users`.`email`, `users`.`nick`, `users`.`visits`, `users`.`deleted_at` FROM `users` WHERE `users`.`visits` > ? AND `users`.`id` = ? AND `users`.`deleted_at` IS NULL LIMIT ?

-- by a column
SQLite
    SELECT `users`.`id` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."email" = $1 AND "users"."deleted_at" IS NULL LIMIT $2
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`email` = ? AND `users`.`deleted_at` IS NULL LIMIT ?

-- by keys
SQLite
    SELECT `users`.`id`, `users`.`id` FROM `users` WHERE `users`.`id` IN (SELECT value FROM json_each(?)) AND `users`.`deleted_at` IS NULL
Postgres
    SELECT "users"."id", "users"."id" FROM "users" WHERE "users"."id" = ANY($1) AND "users"."deleted_at" IS NULL
MariaDB
    SELECT `users`.`id`, `users`.`id` FROM `users` WHERE `users`.`id` IN (?, ?, ?) AND `users`.`deleted_at` IS NULL

-- by no keys
SQLite
    nothing is sent
Postgres
    nothing is sent
MariaDB
    nothing is sent

-- count
SQLite
    SELECT count(*) FROM `users` WHERE `users`.`deleted_at` IS NULL
Postgres
    SELECT count(*) FROM "users" WHERE "users"."deleted_at" IS NULL
MariaDB
    SELECT count(*) FROM `users` WHERE `users`.`deleted_at` IS NULL

-- exists
SQLite
    SELECT 1 FROM `users` WHERE `users`.`deleted_at` IS NULL LIMIT ?
Postgres
    SELECT 1 FROM "users" WHERE "users"."deleted_at" IS NULL LIMIT $1
MariaDB
    SELECT 1 FROM `users` WHERE `users`.`deleted_at` IS NULL LIMIT ?

-- sum
SQLite
    SELECT sum(`users`.`visits`) FROM `users` WHERE `users`.`deleted_at` IS NULL
Postgres
    SELECT sum("users"."visits") FROM "users" WHERE "users"."deleted_at" IS NULL
MariaDB
    SELECT sum(`users`.`visits`) FROM `users` WHERE `users`.`deleted_at` IS NULL

-- pluck
SQLite
    SELECT `users`.`email` FROM `users` WHERE `users`.`deleted_at` IS NULL
Postgres
    SELECT "users"."email" FROM "users" WHERE "users"."deleted_at" IS NULL
MariaDB
    SELECT `users`.`email` FROM `users` WHERE `users`.`deleted_at` IS NULL
