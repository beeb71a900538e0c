-- Rewrite this file by go test -update, and read the difference.

-- global scopes
SQLite
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`state` = ? OR `pages`.`state` = ?) AND (`pages`.`views` > ?)
Postgres
    SELECT "pages"."id" FROM "pages" WHERE ("pages"."state" = $1 OR "pages"."state" = $2) AND ("pages"."views" > $3)
MariaDB
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`state` = ? OR `pages`.`state` = ?) AND (`pages`.`views` > ?)

-- beside the caller's OR
SQLite
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`views` IS NULL OR `pages`.`id` = ?) AND (`pages`.`state` = ? OR `pages`.`state` = ?) AND (`pages`.`views` > ?)
Postgres
    SELECT "pages"."id" FROM "pages" WHERE ("pages"."views" IS NULL OR "pages"."id" = $1) AND ("pages"."state" = $2 OR "pages"."state" = $3) AND ("pages"."views" > $4)
MariaDB
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`views` IS NULL OR `pages`.`id` = ?) AND (`pages`.`state` = ? OR `pages`.`state` = ?) AND (`pages`.`views` > ?)

-- one is left out
SQLite
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`views` > ?)
Postgres
    SELECT "pages"."id" FROM "pages" WHERE ("pages"."views" > $1)
MariaDB
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`views` > ?)

-- all are left out
SQLite
    SELECT `pages`.`id` FROM `pages`
Postgres
    SELECT "pages"."id" FROM "pages"
MariaDB
    SELECT `pages`.`id` FROM `pages`

-- a named scope is a group
SQLite
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`views` >= ? OR `pages`.`views` IS NULL)
Postgres
    SELECT "pages"."id" FROM "pages" WHERE ("pages"."views" >= $1 OR "pages"."views" IS NULL)
MariaDB
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`views` >= ? OR `pages`.`views` IS NULL)

-- a hook adds a group
SQLite
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`id` > ?)
Postgres
    SELECT "pages"."id" FROM "pages" WHERE ("pages"."id" > $1)
MariaDB
    SELECT `pages`.`id` FROM `pages` WHERE (`pages`.`id` > ?)

-- of the models on the way
SQLite
    INSERT INTO `shelves` DEFAULT VALUES
    SELECT `pages`.`id` FROM `pages` INNER JOIN `books` ON `books`.`id` = `pages`.`book_id` WHERE `books`.`shelf_id` = ? AND EXISTS (SELECT 1 FROM `books` AS `books_1` WHERE `books_1`.`id` = `books`.`id` AND (`books_1`.`open` = ?))
Postgres
    INSERT INTO "shelves" DEFAULT VALUES RETURNING "id"
    SELECT "pages"."id" FROM "pages" INNER JOIN "books" ON "books"."id" = "pages"."book_id" WHERE "books"."shelf_id" = $1 AND EXISTS (SELECT 1 FROM "books" AS "books_1" WHERE "books_1"."id" = "books"."id" AND ("books_1"."open" = $2))
MariaDB
    INSERT INTO `shelves` VALUES ()
    SELECT `pages`.`id` FROM `pages` INNER JOIN `books` ON `books`.`id` = `pages`.`book_id` WHERE `books`.`shelf_id` = ? AND EXISTS (SELECT 1 FROM `books` AS `books_1` WHERE `books_1`.`id` = `books`.`id` AND (`books_1`.`open` = ?))
