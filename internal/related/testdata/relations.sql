-- Rewrite this file by go test -update, and read the difference.

-- belongsTo
SQLite
    SELECT `teams`.`id` FROM `teams` WHERE `teams`.`id` = ? LIMIT ?
Postgres
    SELECT "teams"."id" FROM "teams" WHERE "teams"."id" = $1 LIMIT $2
MariaDB
    SELECT `teams`.`id` FROM `teams` WHERE `teams`.`id` = ? LIMIT ?

-- belongsTo nothing
SQLite
    SELECT `users`.`id`, `users`.`team_id`, `users`.`boss_id` FROM `users` WHERE `users`.`id` IS NULL AND 1 = 0 LIMIT ?
Postgres
    SELECT "users"."id", "users"."team_id", "users"."boss_id" FROM "users" WHERE "users"."id" IS NULL AND 1 = 0 LIMIT $1
MariaDB
    SELECT `users`.`id`, `users`.`team_id`, `users`.`boss_id` FROM `users` WHERE `users`.`id` IS NULL AND 1 = 0 LIMIT ?

-- hasMany
SQLite
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, +`posts`.`deleted_at` FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL
Postgres
    SELECT "posts"."id", "posts"."user_id", "posts"."title", "posts"."score", "posts"."deleted_at" FROM "posts" WHERE "posts"."user_id" = $1 AND "posts"."deleted_at" IS NULL
MariaDB
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, `posts`.`deleted_at` FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL

-- the definition's conditions are kept together
SQLite
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, +`posts`.`deleted_at` FROM `posts` WHERE `posts`.`user_id` = ? AND (`posts`.`title` = ? OR `posts`.`title` = ?) AND `posts`.`deleted_at` IS NULL ORDER BY `posts`.`title`
Postgres
    SELECT "posts"."id", "posts"."user_id", "posts"."title", "posts"."score", "posts"."deleted_at" FROM "posts" WHERE "posts"."user_id" = $1 AND ("posts"."title" = $2 OR "posts"."title" = $3) AND "posts"."deleted_at" IS NULL ORDER BY "posts"."title"
MariaDB
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, `posts`.`deleted_at` FROM `posts` WHERE `posts`.`user_id` = ? AND (`posts`.`title` = ? OR `posts`.`title` = ?) AND `posts`.`deleted_at` IS NULL ORDER BY `posts`.`title`

-- the latest
SQLite
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, +`posts`.`deleted_at` FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL ORDER BY `posts`.`id` DESC LIMIT ?
Postgres
    SELECT "posts"."id", "posts"."user_id", "posts"."title", "posts"."score", "posts"."deleted_at" FROM "posts" WHERE "posts"."user_id" = $1 AND "posts"."deleted_at" IS NULL ORDER BY "posts"."id" DESC LIMIT $2
MariaDB
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, `posts`.`deleted_at` FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL ORDER BY `posts`.`id` DESC LIMIT ?

-- the best: NULL is last
SQLite
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, +`posts`.`deleted_at` FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL ORDER BY `posts`.`score` IS NULL, `posts`.`score` DESC, `posts`.`id` DESC LIMIT ?
Postgres
    SELECT "posts"."id", "posts"."user_id", "posts"."title", "posts"."score", "posts"."deleted_at" FROM "posts" WHERE "posts"."user_id" = $1 AND "posts"."deleted_at" IS NULL ORDER BY "posts"."score" IS NULL, "posts"."score" DESC, "posts"."id" DESC LIMIT $2
MariaDB
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, `posts`.`deleted_at` FROM `posts` WHERE `posts`.`user_id` = ? AND `posts`.`deleted_at` IS NULL ORDER BY `posts`.`score` IS NULL, `posts`.`score` DESC, `posts`.`id` DESC LIMIT ?

-- manyToMany
SQLite
    SELECT `tags`.`id`, `tag_user`.`user_id` AS `pivot_user_id`, `tag_user`.`tag_id` AS `pivot_tag_id`, `tag_user`.`note` AS `pivot_note` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ?
Postgres
    SELECT "tags"."id", "tag_user"."user_id" AS "pivot_user_id", "tag_user"."tag_id" AS "pivot_tag_id", "tag_user"."note" AS "pivot_note" FROM "tags" INNER JOIN "tag_user" ON "tag_user"."tag_id" = "tags"."id" WHERE "tag_user"."user_id" = $1
MariaDB
    SELECT `tags`.`id`, `tag_user`.`user_id` AS `pivot_user_id`, `tag_user`.`tag_id` AS `pivot_tag_id`, `tag_user`.`note` AS `pivot_note` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ?

-- of some pivot rows
SQLite
    SELECT `tags`.`id`, `tag_user`.`user_id` AS `pivot_user_id`, `tag_user`.`tag_id` AS `pivot_tag_id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ? AND (`tag_user`.`note` = ?)
Postgres
    SELECT "tags"."id", "tag_user"."user_id" AS "pivot_user_id", "tag_user"."tag_id" AS "pivot_tag_id" FROM "tags" INNER JOIN "tag_user" ON "tag_user"."tag_id" = "tags"."id" WHERE "tag_user"."user_id" = $1 AND ("tag_user"."note" = $2)
MariaDB
    SELECT `tags`.`id`, `tag_user`.`user_id` AS `pivot_user_id`, `tag_user`.`tag_id` AS `pivot_tag_id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` WHERE `tag_user`.`user_id` = ? AND (`tag_user`.`note` = ?)

-- of the same model
SQLite
    SELECT `users`.`id`, `users`.`team_id`, `users`.`boss_id`, `friends`.`user_id` AS `pivot_user_id`, `friends`.`friend_id` AS `pivot_friend_id` FROM `users` INNER JOIN `friends` ON `friends`.`friend_id` = `users`.`id` WHERE `friends`.`user_id` = ?
Postgres
    SELECT "users"."id", "users"."team_id", "users"."boss_id", "friends"."user_id" AS "pivot_user_id", "friends"."friend_id" AS "pivot_friend_id" FROM "users" INNER JOIN "friends" ON "friends"."friend_id" = "users"."id" WHERE "friends"."user_id" = $1
MariaDB
    SELECT `users`.`id`, `users`.`team_id`, `users`.`boss_id`, `friends`.`user_id` AS `pivot_user_id`, `friends`.`friend_id` AS `pivot_friend_id` FROM `users` INNER JOIN `friends` ON `friends`.`friend_id` = `users`.`id` WHERE `friends`.`user_id` = ?

-- through hasMany
SQLite
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, +`posts`.`deleted_at` FROM `posts` INNER JOIN `users` ON `users`.`id` = `posts`.`user_id` WHERE `users`.`team_id` = ? AND `posts`.`deleted_at` IS NULL
Postgres
    SELECT "posts"."id", "posts"."user_id", "posts"."title", "posts"."score", "posts"."deleted_at" FROM "posts" INNER JOIN "users" ON "users"."id" = "posts"."user_id" WHERE "users"."team_id" = $1 AND "posts"."deleted_at" IS NULL
MariaDB
    SELECT `posts`.`id`, `posts`.`user_id`, `posts`.`title`, `posts`.`score`, `posts`.`deleted_at` FROM `posts` INNER JOIN `users` ON `users`.`id` = `posts`.`user_id` WHERE `users`.`team_id` = ? AND `posts`.`deleted_at` IS NULL

-- through manyToMany
SQLite
    SELECT `tags`.`id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` INNER JOIN `users` ON `users`.`id` = `tag_user`.`user_id` WHERE `users`.`team_id` = ?
Postgres
    SELECT "tags"."id" FROM "tags" INNER JOIN "tag_user" ON "tag_user"."tag_id" = "tags"."id" INNER JOIN "users" ON "users"."id" = "tag_user"."user_id" WHERE "users"."team_id" = $1
MariaDB
    SELECT `tags`.`id` FROM `tags` INNER JOIN `tag_user` ON `tag_user`.`tag_id` = `tags`.`id` INNER JOIN `users` ON `users`.`id` = `tag_user`.`user_id` WHERE `users`.`team_id` = ?

-- the pivot rows
SQLite
    SELECT `tag_user`.`user_id`, `tag_user`.`tag_id` FROM `tag_user` WHERE `tag_user`.`user_id` = ? AND (`tag_user`.`note` = ?)
Postgres
    SELECT "tag_user"."user_id", "tag_user"."tag_id" FROM "tag_user" WHERE "tag_user"."user_id" = $1 AND ("tag_user"."note" = $2)
MariaDB
    SELECT `tag_user`.`user_id`, `tag_user`.`tag_id` FROM `tag_user` WHERE `tag_user`.`user_id` = ? AND (`tag_user`.`note` = ?)
