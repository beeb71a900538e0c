-- Rewrite this file by go test -update, and read the difference.

-- country
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `countries`.`id`, `countries`.`name` FROM `countries` WHERE `countries`.`id` = ?
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "countries"."id", "countries"."name" FROM "countries" WHERE "countries"."id" = $1
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `countries`.`id`, `countries`.`name` FROM `countries` WHERE `countries`.`id` = ?

-- bio
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `bios`.`id`, `bios`.`author_id`, `bios`.`text` FROM `bios` WHERE `bios`.`author_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "bios"."id", "bios"."author_id", "bios"."text" FROM "bios" WHERE "bios"."author_id" = ANY($1)
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `bios`.`id`, `bios`.`author_id`, `bios`.`text` FROM `bios` WHERE `bios`.`author_id` IN (?, ?, ?)

-- books
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`id`, `books`.`author_id`, `books`.`title` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "books"."id", "books"."author_id", "books"."title" FROM "books" WHERE "books"."author_id" = ANY($1)
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`id`, `books`.`author_id`, `books`.`title` FROM `books` WHERE `books`.`author_id` IN (?, ?, ?)

-- tags
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `tags`.`id`, `author_tag`.`author_id` AS `pivot_author_id`, `author_tag`.`tag_id` AS `pivot_tag_id`, `author_tag`.`note` AS `pivot_note` FROM `tags` INNER JOIN `author_tag` ON `author_tag`.`tag_id` = `tags`.`id` WHERE `author_tag`.`author_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "tags"."id", "author_tag"."author_id" AS "pivot_author_id", "author_tag"."tag_id" AS "pivot_tag_id", "author_tag"."note" AS "pivot_note" FROM "tags" INNER JOIN "author_tag" ON "author_tag"."tag_id" = "tags"."id" WHERE "author_tag"."author_id" = ANY($1)
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `tags`.`id`, `author_tag`.`author_id` AS `pivot_author_id`, `author_tag`.`tag_id` AS `pivot_tag_id`, `author_tag`.`note` AS `pivot_note` FROM `tags` INNER JOIN `author_tag` ON `author_tag`.`tag_id` = `tags`.`id` WHERE `author_tag`.`author_id` IN (?, ?, ?)

-- pages
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `pages`.`id`, `pages`.`book_id`, `books`.`author_id` AS `kindred_key` FROM `pages` INNER JOIN `books` ON `books`.`id` = `pages`.`book_id` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "pages"."id", "pages"."book_id", "books"."author_id" AS "kindred_key" FROM "pages" INNER JOIN "books" ON "books"."id" = "pages"."book_id" WHERE "books"."author_id" = ANY($1)
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `pages`.`id`, `pages`.`book_id`, `books`.`author_id` AS `kindred_key` FROM `pages` INNER JOIN `books` ON `books`.`id` = `pages`.`book_id` WHERE `books`.`author_id` IN (?, ?, ?)

-- books.pages
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`id`, `books`.`author_id`, `books`.`title` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))
    SELECT `pages`.`id`, `pages`.`book_id` FROM `pages` WHERE `pages`.`book_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "books"."id", "books"."author_id", "books"."title" FROM "books" WHERE "books"."author_id" = ANY($1)
    SELECT "pages"."id", "pages"."book_id" FROM "pages" WHERE "pages"."book_id" = ANY($1)
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`id`, `books`.`author_id`, `books`.`title` FROM `books` WHERE `books`.`author_id` IN (?, ?, ?)
    SELECT `pages`.`id`, `pages`.`book_id` FROM `pages` WHERE `pages`.`book_id` IN (?, ?, ?)

-- books:title
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`title`, `books`.`id`, `books`.`author_id`, `books`.`author_id` AS `kindred_key` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "books"."title", "books"."id", "books"."author_id", "books"."author_id" AS "kindred_key" FROM "books" WHERE "books"."author_id" = ANY($1)
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`title`, `books`.`id`, `books`.`author_id`, `books`.`author_id` AS `kindred_key` FROM `books` WHERE `books`.`author_id` IN (?, ?, ?)

-- books:title.pages:id
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`title`, `books`.`id`, `books`.`author_id`, `books`.`author_id` AS `kindred_key` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))
    SELECT `pages`.`id`, `pages`.`book_id`, `pages`.`book_id` AS `kindred_key` FROM `pages` WHERE `pages`.`book_id` IN (SELECT value FROM json_each(?))
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "books"."title", "books"."id", "books"."author_id", "books"."author_id" AS "kindred_key" FROM "books" WHERE "books"."author_id" = ANY($1)
    SELECT "pages"."id", "pages"."book_id", "pages"."book_id" AS "kindred_key" FROM "pages" WHERE "pages"."book_id" = ANY($1)
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`title`, `books`.`id`, `books`.`author_id`, `books`.`author_id` AS `kindred_key` FROM `books` WHERE `books`.`author_id` IN (?, ?, ?)
    SELECT `pages`.`id`, `pages`.`book_id`, `pages`.`book_id` AS `kindred_key` FROM `pages` WHERE `pages`.`book_id` IN (?, ?, ?)

-- conditions are kept together
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`id`, `books`.`author_id`, `books`.`title` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?)) AND (`books`.`title` = ? OR `books`.`title` = ?)
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "books"."id", "books"."author_id", "books"."title" FROM "books" WHERE "books"."author_id" = ANY($1) AND ("books"."title" = $2 OR "books"."title" = $3)
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `books`.`id`, `books`.`author_id`, `books`.`title` FROM `books` WHERE `books`.`author_id` IN (?, ?, ?) AND (`books`.`title` = ? OR `books`.`title` = ?)

-- two of each
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `kindred_rows`.`id`, `kindred_rows`.`author_id`, `kindred_rows`.`title` FROM (SELECT `authors`.`id` AS `kindred_key` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?))) AS `kindred_parents` CROSS JOIN `books` AS `kindred_rows` WHERE `kindred_rows`.`id` IN (SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = `kindred_parents`.`kindred_key` ORDER BY `books`.`id` DESC LIMIT ?) ORDER BY `kindred_rows`.`id` DESC
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "kindred_rows".* FROM (SELECT "authors"."id" AS "kindred_key" FROM "authors" WHERE "authors"."id" = ANY($1)) AS "kindred_parents" CROSS JOIN LATERAL (SELECT "books"."id", "books"."author_id", "books"."title" FROM "books" WHERE "books"."author_id" >= "kindred_parents"."kindred_key" AND "books"."author_id" <= "kindred_parents"."kindred_key" ORDER BY "books"."author_id" DESC, "books"."id" DESC LIMIT $2) AS "kindred_rows"
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (?, ?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`

-- two of each, in an order
SQLite
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT `kindred_rows`.`id`, `kindred_rows`.`author_id`, `kindred_rows`.`title` FROM (SELECT `authors`.`id` AS `kindred_key` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?))) AS `kindred_parents` CROSS JOIN `books` AS `kindred_rows` WHERE `kindred_rows`.`id` IN (SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = `kindred_parents`.`kindred_key` ORDER BY `books`.`title` DESC, `books`.`id` DESC LIMIT ?) ORDER BY `kindred_rows`.`title` DESC, `kindred_rows`.`id` DESC
Postgres
    SELECT "authors"."id", "authors"."country_id" FROM "authors" ORDER BY "authors"."id"
    SELECT "kindred_rows".* FROM (SELECT "authors"."id" AS "kindred_key" FROM "authors" WHERE "authors"."id" = ANY($1)) AS "kindred_parents" CROSS JOIN LATERAL (SELECT "books"."id", "books"."author_id", "books"."title" FROM "books" WHERE "books"."author_id" >= "kindred_parents"."kindred_key" AND "books"."author_id" <= "kindred_parents"."kindred_key" ORDER BY "books"."author_id" DESC, "books"."title" DESC, "books"."id" DESC LIMIT $2) AS "kindred_rows"
MariaDB
    SELECT `authors`.`id`, `authors`.`country_id` FROM `authors` ORDER BY `authors`.`id`
    SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`title` DESC, `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (?, ?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`
