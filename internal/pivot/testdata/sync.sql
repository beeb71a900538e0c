-- Rewrite this file by go test -update, and read the difference.

-- attach three
SQLite
    INSERT INTO `skill_user` (`user_id`, `skill_id`, `created_at`, `updated_at`) VALUES (?, ?, ?, ?), (?, ?, ?, ?), (?, ?, ?, ?)
Postgres
    INSERT INTO "skill_user" ("user_id", "skill_id", "created_at", "updated_at") SELECT unnest($1::int8[]), unnest($2::int8[]), unnest($3::timestamptz[]), unnest($4::timestamptz[])
MariaDB
    INSERT INTO `skill_user` (`user_id`, `skill_id`, `created_at`, `updated_at`) VALUES (?, ?, ?, ?), (?, ?, ?, ?), (?, ?, ?, ?)

-- attach none
SQLite
    nothing is sent
Postgres
    nothing is sent
MariaDB
    nothing is sent

-- sync what is attached
SQLite
    SELECT `skill_user`.`skill_id` FROM `skill_user` WHERE `skill_user`.`user_id` = ?
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    SELECT "skill_user"."skill_id" FROM "skill_user" WHERE "skill_user"."user_id" = $1
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    SELECT `skill_user`.`skill_id` FROM `skill_user` WHERE `skill_user`.`user_id` = ? FOR UPDATE

-- sync: one goes, one comes, one changes
SQLite
    SELECT `skill_user`.`skill_id`, `skill_user`.`level` FROM `skill_user` WHERE `skill_user`.`user_id` = ?
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
    UPDATE `skill_user` SET `level` = ?, `updated_at` = ? WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
    INSERT INTO `skill_user` (`user_id`, `skill_id`, `created_at`, `updated_at`) VALUES (?, ?, ?, ?)
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    SELECT "skill_user"."skill_id", "skill_user"."level" FROM "skill_user" WHERE "skill_user"."user_id" = $1
    DELETE FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = $2
    UPDATE "skill_user" SET "level" = $1, "updated_at" = $2 WHERE "skill_user"."user_id" = $3 AND "skill_user"."skill_id" = $4
    INSERT INTO "skill_user" ("user_id", "skill_id", "created_at", "updated_at") VALUES ($1, $2, $3, $4)
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    SELECT `skill_user`.`skill_id`, `skill_user`.`level` FROM `skill_user` WHERE `skill_user`.`user_id` = ? FOR UPDATE
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
    UPDATE `skill_user` SET `level` = ?, `updated_at` = ? WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
    INSERT INTO `skill_user` (`user_id`, `skill_id`, `created_at`, `updated_at`) VALUES (?, ?, ?, ?)

-- sync without detaching
SQLite
    SELECT `skill_user`.`skill_id` FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (SELECT value FROM json_each(?))
    INSERT INTO `skill_user` (`user_id`, `skill_id`, `created_at`, `updated_at`) VALUES (?, ?, ?, ?)
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    SELECT "skill_user"."skill_id" FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = ANY($2)
    INSERT INTO "skill_user" ("user_id", "skill_id", "created_at", "updated_at") VALUES ($1, $2, $3, $4)
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    SELECT `skill_user`.`skill_id` FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (?, ?) FOR UPDATE
    INSERT INTO `skill_user` (`user_id`, `skill_id`, `created_at`, `updated_at`) VALUES (?, ?, ?, ?)

-- sync of none
SQLite
    nothing is sent
Postgres
    nothing is sent
MariaDB
    nothing is sent

-- the same values for all
SQLite
    SELECT `skill_user`.`skill_id`, `skill_user`.`level` FROM `skill_user` WHERE `skill_user`.`user_id` = ?
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (SELECT value FROM json_each(?))
    UPDATE `skill_user` SET `level` = ?, `updated_at` = ? WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
    UPDATE `skill_user` SET `level` = ?, `updated_at` = ? WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    SELECT "skill_user"."skill_id", "skill_user"."level" FROM "skill_user" WHERE "skill_user"."user_id" = $1
    DELETE FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = ANY($2)
    UPDATE "skill_user" SET "level" = $1, "updated_at" = $2 WHERE "skill_user"."user_id" = $3 AND "skill_user"."skill_id" = $4
    UPDATE "skill_user" SET "level" = $1, "updated_at" = $2 WHERE "skill_user"."user_id" = $3 AND "skill_user"."skill_id" = $4
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    SELECT `skill_user`.`skill_id`, `skill_user`.`level` FROM `skill_user` WHERE `skill_user`.`user_id` = ? FOR UPDATE
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (?, ?)
    UPDATE `skill_user` SET `level` = ?, `updated_at` = ? WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
    UPDATE `skill_user` SET `level` = ?, `updated_at` = ? WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?

-- sync nothing
SQLite
    SELECT `skill_user`.`skill_id` FROM `skill_user` WHERE `skill_user`.`user_id` = ?
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    SELECT "skill_user"."skill_id" FROM "skill_user" WHERE "skill_user"."user_id" = $1
    DELETE FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = ANY($2)
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    SELECT `skill_user`.`skill_id` FROM `skill_user` WHERE `skill_user`.`user_id` = ? FOR UPDATE
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (?, ?)

-- toggle
SQLite
    SELECT `skill_user`.`user_id`, `skill_user`.`skill_id`, `skill_user`.`level`, +`skill_user`.`created_at`, +`skill_user`.`updated_at` FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (SELECT value FROM json_each(?))
    INSERT INTO `skill_user` (`user_id`, `skill_id`, `created_at`, `updated_at`) VALUES (?, ?, ?, ?), (?, ?, ?, ?)
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    SELECT "skill_user"."user_id", "skill_user"."skill_id", "skill_user"."level", "skill_user"."created_at", "skill_user"."updated_at" FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = ANY($2)
    INSERT INTO "skill_user" ("user_id", "skill_id", "created_at", "updated_at") SELECT unnest($1::int8[]), unnest($2::int8[]), unnest($3::timestamptz[]), unnest($4::timestamptz[])
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    SELECT `skill_user`.`user_id`, `skill_user`.`skill_id`, `skill_user`.`level`, `skill_user`.`created_at`, `skill_user`.`updated_at` FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (?, ?)
    INSERT INTO `skill_user` (`user_id`, `skill_id`, `created_at`, `updated_at`) VALUES (?, ?, ?, ?), (?, ?, ?, ?)

-- update one
SQLite
    SELECT `skill_user`.`user_id`, `skill_user`.`skill_id`, `skill_user`.`level`, +`skill_user`.`created_at`, +`skill_user`.`updated_at` FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
    UPDATE `skill_user` SET `level` = ?, `updated_at` = ? WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
Postgres
    SELECT "skill_user"."user_id", "skill_user"."skill_id", "skill_user"."level", "skill_user"."created_at", "skill_user"."updated_at" FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = $2
    UPDATE "skill_user" SET "level" = $1, "updated_at" = $2 WHERE "skill_user"."user_id" = $3 AND "skill_user"."skill_id" = $4
MariaDB
    SELECT `skill_user`.`user_id`, `skill_user`.`skill_id`, `skill_user`.`level`, `skill_user`.`created_at`, `skill_user`.`updated_at` FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
    UPDATE `skill_user` SET `level` = ?, `updated_at` = ? WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?

-- update one that is so
SQLite
    SELECT `skill_user`.`user_id`, `skill_user`.`skill_id`, `skill_user`.`level`, +`skill_user`.`created_at`, +`skill_user`.`updated_at` FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
Postgres
    SELECT "skill_user"."user_id", "skill_user"."skill_id", "skill_user"."level", "skill_user"."created_at", "skill_user"."updated_at" FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = $2
MariaDB
    SELECT `skill_user`.`user_id`, `skill_user`.`skill_id`, `skill_user`.`level`, `skill_user`.`created_at`, `skill_user`.`updated_at` FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?

-- detach one
SQLite
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?
Postgres
    DELETE FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = $2
MariaDB
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` = ?

-- detach several
SQLite
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    DELETE FROM "skill_user" WHERE "skill_user"."user_id" = $1 AND "skill_user"."skill_id" = ANY($2)
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ? AND `skill_user`.`skill_id` IN (?, ?)

-- detach none
SQLite
    nothing is sent
Postgres
    nothing is sent
MariaDB
    nothing is sent

-- detach all
SQLite
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ?
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    DELETE FROM "skill_user" WHERE "skill_user"."user_id" = $1
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    DELETE FROM `skill_user` WHERE `skill_user`.`user_id` = ?
