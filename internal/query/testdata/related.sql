-- Rewrite this file by go test -update, and read the difference.

-- all rows
sqlite: SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, +`books`.`updated_at`, `books`.`version` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))
    1: string [1,2]
postgres: SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" WHERE "books"."author_id" = ANY($1)
    1: []int64 [1 2]
mysql: SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version` FROM `books` WHERE `books`.`author_id` IN (?, ?)
    1: int64 1
    2: int64 2

-- of one parent
sqlite: SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, +`books`.`updated_at`, `books`.`version` FROM `books` WHERE `books`.`author_id` = ?
    1: int64 1
postgres: SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" WHERE "books"."author_id" = $1
    1: int64 1
mysql: SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version` FROM `books` WHERE `books`.`author_id` = ?
    1: int64 1

-- some columns: the key comes along
sqlite: SELECT `books`.`title`, `books`.`author_id` AS `kindred_key` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))
    1: string [1,2]
postgres: SELECT "books"."title", "books"."author_id" AS "kindred_key" FROM "books" WHERE "books"."author_id" = ANY($1)
    1: []int64 [1 2]
mysql: SELECT `books`.`title`, `books`.`author_id` AS `kindred_key` FROM `books` WHERE `books`.`author_id` IN (?, ?)
    1: int64 1
    2: int64 2

-- in an order
sqlite: SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, +`books`.`updated_at`, `books`.`version` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?)) ORDER BY `books`.`title` DESC
    1: string [1,2]
postgres: SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" WHERE "books"."author_id" = ANY($1) ORDER BY "books"."title" DESC
    1: []int64 [1 2]
mysql: SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version` FROM `books` WHERE `books`.`author_id` IN (?, ?) ORDER BY `books`.`title` DESC
    1: int64 1
    2: int64 2

-- the newest two of each
sqlite: SELECT `kindred_rows`.`id`, `kindred_rows`.`author_id`, `kindred_rows`.`title`, +`kindred_rows`.`updated_at`, `kindred_rows`.`version` FROM (SELECT `authors`.`id` AS `kindred_key` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?))) AS `kindred_parents` CROSS JOIN `books` AS `kindred_rows` WHERE `kindred_rows`.`id` IN (SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = `kindred_parents`.`kindred_key` ORDER BY `books`.`id` DESC LIMIT ?) ORDER BY `kindred_rows`.`id` DESC
    1: string [1,2]
    2: int64 2
postgres: SELECT "kindred_rows".* FROM (SELECT "authors"."id" AS "kindred_key" FROM "authors" WHERE "authors"."id" = ANY($1)) AS "kindred_parents" CROSS JOIN LATERAL (SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" WHERE "books"."author_id" >= "kindred_parents"."kindred_key" AND "books"."author_id" <= "kindred_parents"."kindred_key" ORDER BY "books"."author_id" DESC, "books"."id" DESC LIMIT $2) AS "kindred_rows"
    1: []int64 [1 2]
    2: int64 2
mysql: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`
    1: int64 1
    2: int64 2
    3: int64 0
    4: int64 2

-- the first two of each
sqlite: SELECT `kindred_rows`.`id`, `kindred_rows`.`author_id`, `kindred_rows`.`title`, +`kindred_rows`.`updated_at`, `kindred_rows`.`version` FROM (SELECT `authors`.`id` AS `kindred_key` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?))) AS `kindred_parents` CROSS JOIN `books` AS `kindred_rows` WHERE `kindred_rows`.`id` IN (SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = `kindred_parents`.`kindred_key` ORDER BY `books`.`title` DESC, `books`.`id` DESC LIMIT ?) ORDER BY `kindred_rows`.`title` DESC, `kindred_rows`.`id` DESC
    1: string [1,2]
    2: int64 2
postgres: SELECT "kindred_rows".* FROM (SELECT "authors"."id" AS "kindred_key" FROM "authors" WHERE "authors"."id" = ANY($1)) AS "kindred_parents" CROSS JOIN LATERAL (SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" WHERE "books"."author_id" >= "kindred_parents"."kindred_key" AND "books"."author_id" <= "kindred_parents"."kindred_key" ORDER BY "books"."author_id" DESC, "books"."title" DESC, "books"."id" DESC LIMIT $2) AS "kindred_rows"
    1: []int64 [1 2]
    2: int64 2
mysql: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`title` DESC, `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`
    1: int64 1
    2: int64 2
    3: int64 0
    4: int64 2

-- the lesser limit counts
sqlite: SELECT `kindred_rows`.`id`, `kindred_rows`.`author_id`, `kindred_rows`.`title`, +`kindred_rows`.`updated_at`, `kindred_rows`.`version` FROM (SELECT `authors`.`id` AS `kindred_key` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?))) AS `kindred_parents` CROSS JOIN `books` AS `kindred_rows` WHERE `kindred_rows`.`id` IN (SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = `kindred_parents`.`kindred_key` ORDER BY `books`.`id` DESC LIMIT ?) ORDER BY `kindred_rows`.`id` DESC
    1: string [1,2]
    2: int64 3
postgres: SELECT "kindred_rows".* FROM (SELECT "authors"."id" AS "kindred_key" FROM "authors" WHERE "authors"."id" = ANY($1)) AS "kindred_parents" CROSS JOIN LATERAL (SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" WHERE "books"."author_id" >= "kindred_parents"."kindred_key" AND "books"."author_id" <= "kindred_parents"."kindred_key" ORDER BY "books"."author_id" DESC, "books"."id" DESC LIMIT $2) AS "kindred_rows"
    1: []int64 [1 2]
    2: int64 3
mysql: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`
    1: int64 1
    2: int64 2
    3: int64 0
    4: int64 3

-- the second and third of each
sqlite: SELECT `kindred_rows`.`id`, `kindred_rows`.`author_id`, `kindred_rows`.`title`, +`kindred_rows`.`updated_at`, `kindred_rows`.`version` FROM (SELECT `authors`.`id` AS `kindred_key` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?))) AS `kindred_parents` CROSS JOIN `books` AS `kindred_rows` WHERE `kindred_rows`.`id` IN (SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = `kindred_parents`.`kindred_key` ORDER BY `books`.`title` DESC, `books`.`id` DESC LIMIT ? OFFSET ?) ORDER BY `kindred_rows`.`title` DESC, `kindred_rows`.`id` DESC
    1: string [1,2]
    2: int64 2
    3: int64 1
postgres: SELECT "kindred_rows".* FROM (SELECT "authors"."id" AS "kindred_key" FROM "authors" WHERE "authors"."id" = ANY($1)) AS "kindred_parents" CROSS JOIN LATERAL (SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" WHERE "books"."author_id" >= "kindred_parents"."kindred_key" AND "books"."author_id" <= "kindred_parents"."kindred_key" ORDER BY "books"."author_id" DESC, "books"."title" DESC, "books"."id" DESC LIMIT $2 OFFSET $3) AS "kindred_rows"
    1: []int64 [1 2]
    2: int64 2
    3: int64 1
mysql: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`title` DESC, `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`
    1: int64 1
    2: int64 2
    3: int64 1
    4: int64 3

-- all but the first
sqlite: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, +`books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? ORDER BY `kindred_rank`
    1: string [1,2]
    2: int64 1
postgres: SELECT * FROM (SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version", row_number() OVER (PARTITION BY "books"."author_id" ORDER BY "books"."id" DESC) AS "kindred_rank" FROM "books" WHERE "books"."author_id" = ANY($1)) AS "kindred_rows" WHERE "kindred_rows"."kindred_rank" > $2 ORDER BY "kindred_rank"
    1: []int64 [1 2]
    2: int64 1
mysql: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? ORDER BY `kindred_rank`
    1: int64 1
    2: int64 2
    3: int64 1

-- picked in one order, sorted in another
sqlite: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, +`books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id`) AS `kindred_rank`, row_number() OVER ( ORDER BY `books`.`title` DESC) AS `kindred_place` FROM `books` WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_place`
    1: string [1,2]
    2: int64 0
    3: int64 2
postgres: SELECT * FROM (SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version", row_number() OVER (PARTITION BY "books"."author_id" ORDER BY "books"."id") AS "kindred_rank", row_number() OVER ( ORDER BY "books"."title" DESC) AS "kindred_place" FROM "books" WHERE "books"."author_id" = ANY($1)) AS "kindred_rows" WHERE "kindred_rows"."kindred_rank" > $2 AND "kindred_rows"."kindred_rank" <= $3 ORDER BY "kindred_place"
    1: []int64 [1 2]
    2: int64 0
    3: int64 2
mysql: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id`) AS `kindred_rank`, row_number() OVER ( ORDER BY `books`.`title` DESC) AS `kindred_place` FROM `books` WHERE `books`.`author_id` IN (?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_place`
    1: int64 1
    2: int64 2
    3: int64 0
    4: int64 2

-- one of many
sqlite: SELECT `kindred_rows`.`id`, `kindred_rows`.`author_id`, `kindred_rows`.`title`, +`kindred_rows`.`updated_at`, `kindred_rows`.`version` FROM (SELECT `authors`.`id` AS `kindred_key` FROM `authors` WHERE `authors`.`id` IN (SELECT value FROM json_each(?))) AS `kindred_parents` CROSS JOIN `books` AS `kindred_rows` WHERE `kindred_rows`.`id` IN (SELECT `books`.`id` FROM `books` WHERE `books`.`author_id` = `kindred_parents`.`kindred_key` ORDER BY `books`.`title` DESC, `books`.`id` DESC LIMIT ?) ORDER BY `kindred_rows`.`title` DESC, `kindred_rows`.`id` DESC
    1: string [1,2]
    2: int64 1
postgres: SELECT "kindred_rows".* FROM (SELECT "authors"."id" AS "kindred_key" FROM "authors" WHERE "authors"."id" = ANY($1)) AS "kindred_parents" CROSS JOIN LATERAL (SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" WHERE "books"."author_id" >= "kindred_parents"."kindred_key" AND "books"."author_id" <= "kindred_parents"."kindred_key" ORDER BY "books"."author_id" DESC, "books"."title" DESC, "books"."id" DESC LIMIT $2) AS "kindred_rows"
    1: []int64 [1 2]
    2: int64 1
mysql: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`title` DESC, `books`.`id` DESC) AS `kindred_rank` FROM `books` WHERE `books`.`author_id` IN (?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`
    1: int64 1
    2: int64 2
    3: int64 0
    4: int64 1

-- with a join
sqlite: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, +`books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id` DESC) AS `kindred_rank` FROM `books` INNER JOIN `authors` ON `authors`.`id` = `books`.`author_id` AND `authors`.`deleted_at` IS NULL WHERE `books`.`author_id` IN (SELECT value FROM json_each(?))) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`
    1: string [1,2]
    2: int64 0
    3: int64 2
postgres: SELECT "kindred_rows".* FROM (SELECT "authors"."id" AS "kindred_key" FROM "authors" WHERE "authors"."id" = ANY($1)) AS "kindred_parents" CROSS JOIN LATERAL (SELECT "books"."id", "books"."author_id", "books"."title", "books"."updated_at", "books"."version" FROM "books" INNER JOIN "authors" ON "authors"."id" = "books"."author_id" AND "authors"."deleted_at" IS NULL WHERE "books"."author_id" >= "kindred_parents"."kindred_key" AND "books"."author_id" <= "kindred_parents"."kindred_key" ORDER BY "books"."author_id" DESC, "books"."id" DESC LIMIT $2) AS "kindred_rows"
    1: []int64 [1 2]
    2: int64 2
mysql: SELECT * FROM (SELECT `books`.`id`, `books`.`author_id`, `books`.`title`, `books`.`updated_at`, `books`.`version`, row_number() OVER (PARTITION BY `books`.`author_id` ORDER BY `books`.`id` DESC) AS `kindred_rank` FROM `books` INNER JOIN `authors` ON `authors`.`id` = `books`.`author_id` AND `authors`.`deleted_at` IS NULL WHERE `books`.`author_id` IN (?, ?)) AS `kindred_rows` WHERE `kindred_rows`.`kindred_rank` > ? AND `kindred_rows`.`kindred_rank` <= ? ORDER BY `kindred_rank`
    1: int64 1
    2: int64 2
    3: int64 0
    4: int64 2
