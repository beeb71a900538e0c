-- Rewrite this file by go test -update, and read the difference.

-- and
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`id` = ? AND `authors`.`age` IS NULL) AND `authors`.`deleted_at` IS NULL
    1: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE ("authors"."id" = $1 AND "authors"."age" IS NULL) AND "authors"."deleted_at" IS NULL
    1: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`id` = ? AND `authors`.`age` IS NULL) AND `authors`.`deleted_at` IS NULL
    1: int64 1

-- or stays inside of the caller's conditions
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`id` = ? OR `authors`.`age` IS NULL) AND `authors`.`deleted_at` IS NULL
    1: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE ("authors"."id" = $1 OR "authors"."age" IS NULL) AND "authors"."deleted_at" IS NULL
    1: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`id` = ? OR `authors`.`age` IS NULL) AND `authors`.`deleted_at` IS NULL
    1: int64 1

-- not
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (NOT (`authors`.`id` = ?) OR NOT (`authors`.`active` = ?)) AND `authors`.`deleted_at` IS NULL
    1: int64 1
    2: bool true
postgres: SELECT "authors"."id" FROM "authors" WHERE (NOT ("authors"."id" = $1) OR NOT ("authors"."active" = $2)) AND "authors"."deleted_at" IS NULL
    1: int64 1
    2: bool true
mysql: SELECT `authors`.`id` FROM `authors` WHERE (NOT (`authors`.`id` = ?) OR NOT (`authors`.`active` = ?)) AND `authors`.`deleted_at` IS NULL
    1: int64 1
    2: bool true

-- a group
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`id` = ? AND (`authors`.`age` IS NULL OR `authors`.`active` = ?)) AND `authors`.`deleted_at` IS NULL
    1: int64 1
    2: bool true
postgres: SELECT "authors"."id" FROM "authors" WHERE ("authors"."id" = $1 AND ("authors"."age" IS NULL OR "authors"."active" = $2)) AND "authors"."deleted_at" IS NULL
    1: int64 1
    2: bool true
mysql: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`id` = ? AND (`authors`.`age` IS NULL OR `authors`.`active` = ?)) AND `authors`.`deleted_at` IS NULL
    1: int64 1
    2: bool true

-- what is required cannot be escaped by or
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`age` IS NULL OR `authors`.`active` = ?) AND `authors`.`id` = ? AND `authors`.`deleted_at` IS NULL
    1: bool true
    2: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE ("authors"."age" IS NULL OR "authors"."active" = $1) AND "authors"."id" = $2 AND "authors"."deleted_at" IS NULL
    1: bool true
    2: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`age` IS NULL OR `authors`.`active` = ?) AND `authors`.`id` = ? AND `authors`.`deleted_at` IS NULL
    1: bool true
    2: int64 1

-- narrowed
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`active` = ? AND (`authors`.`id` = ? OR `authors`.`age` IS NULL) AND `authors`.`deleted_at` IS NULL
    1: bool true
    2: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."active" = $1 AND ("authors"."id" = $2 OR "authors"."age" IS NULL) AND "authors"."deleted_at" IS NULL
    1: bool true
    2: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`active` = ? AND (`authors`.`id` = ? OR `authors`.`age` IS NULL) AND `authors`.`deleted_at` IS NULL
    1: bool true
    2: int64 1

-- a scope is kept apart
sqlite: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`age` IS NULL OR `authors`.`active` = ?) AND `authors`.`id` = ? AND `authors`.`deleted_at` IS NULL
    1: bool true
    2: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE ("authors"."age" IS NULL OR "authors"."active" = $1) AND "authors"."id" = $2 AND "authors"."deleted_at" IS NULL
    1: bool true
    2: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE (`authors`.`age` IS NULL OR `authors`.`active` = ?) AND `authors`.`id` = ? AND `authors`.`deleted_at` IS NULL
    1: bool true
    2: int64 1

-- with deleted rows
sqlite: SELECT `authors`.`id` FROM `authors`
postgres: SELECT "authors"."id" FROM "authors"
mysql: SELECT `authors`.`id` FROM `authors`

-- only deleted rows
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` = ? AND `authors`.`deleted_at` IS NOT NULL
    1: int64 1
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."id" = $1 AND "authors"."deleted_at" IS NOT NULL
    1: int64 1
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`id` = ? AND `authors`.`deleted_at` IS NOT NULL
    1: int64 1
