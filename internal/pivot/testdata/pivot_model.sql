-- Rewrite this file by go test -update, and read the difference.

-- attach
SQLite
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, +`members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`group_id` IN (SELECT value FROM json_each(?)) AND `members`.`deleted_at` IS NOT NULL
    INSERT INTO `members` (`user_id`, `group_id`, `part`, `deleted_at`) VALUES (?, ?, ?, ?), (?, ?, ?, ?)
Postgres
    SELECT "members"."user_id", "members"."group_id", "members"."part", "members"."deleted_at" FROM "members" WHERE "members"."user_id" = $1 AND "members"."group_id" = ANY($2) AND "members"."deleted_at" IS NOT NULL
    INSERT INTO "members" ("user_id", "group_id", "part", "deleted_at") SELECT unnest($1::int8[]), unnest($2::int8[]), unnest($3::text[]), unnest($4::timestamptz[])
MariaDB
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, `members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`group_id` IN (?, ?) AND `members`.`deleted_at` IS NOT NULL
    INSERT INTO `members` (`user_id`, `group_id`, `part`, `deleted_at`) VALUES (?, ?, ?, ?), (?, ?, ?, ?)

-- sync: one goes, one changes
SQLite
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, +`members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`deleted_at` IS NULL
    UPDATE `members` SET `deleted_at` = ? WHERE `members`.`user_id` = ? AND `members`.`group_id` = ? AND `members`.`deleted_at` IS NULL
    UPDATE `members` SET `part` = ? WHERE `user_id` = ? AND `group_id` = ?
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    SELECT "members"."user_id", "members"."group_id", "members"."part", "members"."deleted_at" FROM "members" WHERE "members"."user_id" = $1 AND "members"."deleted_at" IS NULL
    UPDATE "members" SET "deleted_at" = $1 WHERE "members"."user_id" = $2 AND "members"."group_id" = $3 AND "members"."deleted_at" IS NULL
    UPDATE "members" SET "part" = $1 WHERE "user_id" = $2 AND "group_id" = $3
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, `members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`deleted_at` IS NULL FOR UPDATE
    UPDATE `members` SET `deleted_at` = ? WHERE `members`.`user_id` = ? AND `members`.`group_id` = ? AND `members`.`deleted_at` IS NULL
    UPDATE `members` SET `part` = ? WHERE `user_id` = ? AND `group_id` = ?

-- sync: the one that went comes back
SQLite
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, +`members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`deleted_at` IS NULL
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, +`members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`group_id` IN (SELECT value FROM json_each(?)) AND `members`.`deleted_at` IS NOT NULL
    UPDATE `members` SET `deleted_at` = ? WHERE `user_id` = ? AND `group_id` = ?
    UPDATE `members` SET `part` = ? WHERE `user_id` = ? AND `group_id` = ?
    INSERT INTO `members` (`user_id`, `group_id`, `part`, `deleted_at`) VALUES (?, ?, ?, ?)
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    SELECT "members"."user_id", "members"."group_id", "members"."part", "members"."deleted_at" FROM "members" WHERE "members"."user_id" = $1 AND "members"."deleted_at" IS NULL
    SELECT "members"."user_id", "members"."group_id", "members"."part", "members"."deleted_at" FROM "members" WHERE "members"."user_id" = $1 AND "members"."group_id" = ANY($2) AND "members"."deleted_at" IS NOT NULL
    UPDATE "members" SET "deleted_at" = $1 WHERE "user_id" = $2 AND "group_id" = $3
    UPDATE "members" SET "part" = $1 WHERE "user_id" = $2 AND "group_id" = $3
    INSERT INTO "members" ("user_id", "group_id", "part", "deleted_at") VALUES ($1, $2, $3, $4)
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, `members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`deleted_at` IS NULL FOR UPDATE
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, `members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`group_id` IN (?, ?) AND `members`.`deleted_at` IS NOT NULL
    UPDATE `members` SET `deleted_at` = ? WHERE `user_id` = ? AND `group_id` = ?
    UPDATE `members` SET `part` = ? WHERE `user_id` = ? AND `group_id` = ?
    INSERT INTO `members` (`user_id`, `group_id`, `part`, `deleted_at`) VALUES (?, ?, ?, ?)

-- update
SQLite
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, +`members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`group_id` = ? AND `members`.`deleted_at` IS NULL
    UPDATE `members` SET `part` = ? WHERE `user_id` = ? AND `group_id` = ?
Postgres
    SELECT "members"."user_id", "members"."group_id", "members"."part", "members"."deleted_at" FROM "members" WHERE "members"."user_id" = $1 AND "members"."group_id" = $2 AND "members"."deleted_at" IS NULL
    UPDATE "members" SET "part" = $1 WHERE "user_id" = $2 AND "group_id" = $3
MariaDB
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, `members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`group_id` = ? AND `members`.`deleted_at` IS NULL
    UPDATE `members` SET `part` = ? WHERE `user_id` = ? AND `group_id` = ?

-- detach
SQLite
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, +`members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`group_id` = ? AND `members`.`deleted_at` IS NULL
    UPDATE `members` SET `deleted_at` = ? WHERE `members`.`user_id` = ? AND `members`.`group_id` = ? AND `members`.`deleted_at` IS NULL
Postgres
    SELECT "members"."user_id", "members"."group_id", "members"."part", "members"."deleted_at" FROM "members" WHERE "members"."user_id" = $1 AND "members"."group_id" = $2 AND "members"."deleted_at" IS NULL
    UPDATE "members" SET "deleted_at" = $1 WHERE "members"."user_id" = $2 AND "members"."group_id" = $3 AND "members"."deleted_at" IS NULL
MariaDB
    SELECT `members`.`user_id`, `members`.`group_id`, `members`.`part`, `members`.`deleted_at` FROM `members` WHERE `members`.`user_id` = ? AND `members`.`group_id` = ? AND `members`.`deleted_at` IS NULL
    UPDATE `members` SET `deleted_at` = ? WHERE `members`.`user_id` = ? AND `members`.`group_id` = ? AND `members`.`deleted_at` IS NULL

-- quietly
SQLite
    UPDATE `members` SET `deleted_at` = ? WHERE `members`.`user_id` = ? AND `members`.`deleted_at` IS NULL
Postgres
    SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE OF "users"
    UPDATE "members" SET "deleted_at" = $1 WHERE "members"."user_id" = $2 AND "members"."deleted_at" IS NULL
MariaDB
    SELECT `users`.`id` FROM `users` WHERE `users`.`id` = ? FOR UPDATE
    UPDATE `members` SET `deleted_at` = ? WHERE `members`.`user_id` = ? AND `members`.`deleted_at` IS NULL
