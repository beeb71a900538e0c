-- Rewrite this file by go test -update, and read the difference.

-- the key completes an order
SQLite
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`score` > ?) OR (`posts`.`score` = ? AND `posts`.`id` > ?)) ORDER BY `posts`.`score`, `posts`.`id` LIMIT ?
Postgres
    SELECT "posts"."id", "posts"."score", "posts"."rank", "posts"."grade" FROM "posts" WHERE (("posts"."score" > $1) OR ("posts"."score" = $2 AND "posts"."id" > $3)) ORDER BY "posts"."score", "posts"."id" LIMIT $4
MariaDB
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`score` > ?) OR (`posts`.`score` = ? AND `posts`.`id` > ?)) ORDER BY `posts`.`score`, `posts`.`id` LIMIT ?

-- the page before is read backwards
SQLite
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`score` < ?) OR (`posts`.`score` = ? AND `posts`.`id` < ?)) ORDER BY `posts`.`score` DESC, `posts`.`id` DESC LIMIT ?
Postgres
    SELECT "posts"."id", "posts"."score", "posts"."rank", "posts"."grade" FROM "posts" WHERE (("posts"."score" < $1) OR ("posts"."score" = $2 AND "posts"."id" < $3)) ORDER BY "posts"."score" DESC, "posts"."id" DESC LIMIT $4
MariaDB
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`score` < ?) OR (`posts`.`score` = ? AND `posts`.`id` < ?)) ORDER BY `posts`.`score` DESC, `posts`.`id` DESC LIMIT ?

-- each column has its direction
SQLite
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`score` < ?) OR (`posts`.`score` = ? AND `posts`.`id` > ?)) ORDER BY `posts`.`score` DESC, `posts`.`id` LIMIT ?
Postgres
    SELECT "posts"."id", "posts"."score", "posts"."rank", "posts"."grade" FROM "posts" WHERE (("posts"."score" < $1) OR ("posts"."score" = $2 AND "posts"."id" > $3)) ORDER BY "posts"."score" DESC, "posts"."id" LIMIT $4
MariaDB
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`score` < ?) OR (`posts`.`score` = ? AND `posts`.`id` > ?)) ORDER BY `posts`.`score` DESC, `posts`.`id` LIMIT ?

-- NULL is the greatest value
SQLite
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE (((`posts`.`rank` > ? OR `posts`.`rank` IS NULL)) OR (`posts`.`rank` = ? AND `posts`.`id` > ?)) ORDER BY `posts`.`rank` NULLS LAST, `posts`.`id` LIMIT ?
Postgres
    SELECT "posts"."id", "posts"."score", "posts"."rank", "posts"."grade" FROM "posts" WHERE ((("posts"."rank" > $1 OR "posts"."rank" IS NULL)) OR ("posts"."rank" = $2 AND "posts"."id" > $3)) ORDER BY "posts"."rank" NULLS LAST, "posts"."id" LIMIT $4
MariaDB
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE (((`posts`.`rank` > ? OR `posts`.`rank` IS NULL)) OR (`posts`.`rank` = ? AND `posts`.`id` > ?)) ORDER BY `posts`.`rank` IS NULL, `posts`.`rank`, `posts`.`id` LIMIT ?

-- a type of the program that is never NULL
SQLite
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`grade` > ?) OR (`posts`.`grade` = ? AND `posts`.`id` > ?)) ORDER BY `posts`.`grade`, `posts`.`id` LIMIT ?
Postgres
    SELECT "posts"."id", "posts"."score", "posts"."rank", "posts"."grade" FROM "posts" WHERE (("posts"."grade" > $1) OR ("posts"."grade" = $2 AND "posts"."id" > $3)) ORDER BY "posts"."grade", "posts"."id" LIMIT $4
MariaDB
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`grade` > ?) OR (`posts`.`grade` = ? AND `posts`.`id` > ?)) ORDER BY `posts`.`grade`, `posts`.`id` LIMIT ?

-- behind NULL are all values
SQLite
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`rank` IS NOT NULL) OR (`posts`.`rank` IS NULL AND `posts`.`id` < ?)) ORDER BY `posts`.`rank` DESC NULLS FIRST, `posts`.`id` DESC LIMIT ?
Postgres
    SELECT "posts"."id", "posts"."score", "posts"."rank", "posts"."grade" FROM "posts" WHERE (("posts"."rank" IS NOT NULL) OR ("posts"."rank" IS NULL AND "posts"."id" < $1)) ORDER BY "posts"."rank" DESC NULLS FIRST, "posts"."id" DESC LIMIT $2
MariaDB
    SELECT `posts`.`id`, `posts`.`score`, `posts`.`rank`, `posts`.`grade` FROM `posts` WHERE ((`posts`.`rank` IS NOT NULL) OR (`posts`.`rank` IS NULL AND `posts`.`id` < ?)) ORDER BY `posts`.`rank` IS NULL DESC, `posts`.`rank` DESC, `posts`.`id` DESC LIMIT ?

-- a page by number
SQLite
    SELECT count(*) FROM `posts`
    SELECT `posts`.`id` FROM `posts` ORDER BY `posts`.`id` LIMIT ? OFFSET ?
Postgres
    SELECT count(*) FROM "posts"
    SELECT "posts"."id" FROM "posts" ORDER BY "posts"."id" LIMIT $1 OFFSET $2
MariaDB
    SELECT count(*) FROM `posts`
    SELECT `posts`.`id` FROM `posts` ORDER BY `posts`.`id` LIMIT ? OFFSET ?

-- lists of four
SQLite
    SELECT `posts`.`id` FROM `posts` ORDER BY `posts`.`id` LIMIT ?
    SELECT `posts`.`id` FROM `posts` WHERE ((`posts`.`id` > ?)) ORDER BY `posts`.`id` LIMIT ?
Postgres
    SELECT "posts"."id" FROM "posts" ORDER BY "posts"."id" LIMIT $1
    SELECT "posts"."id" FROM "posts" WHERE (("posts"."id" > $1)) ORDER BY "posts"."id" LIMIT $2
MariaDB
    SELECT `posts`.`id` FROM `posts` ORDER BY `posts`.`id` LIMIT ?
    SELECT `posts`.`id` FROM `posts` WHERE ((`posts`.`id` > ?)) ORDER BY `posts`.`id` LIMIT ?
