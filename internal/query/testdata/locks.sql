-- Rewrite this file by go test -update, and read the difference.

-- for update
sqlite: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."deleted_at" IS NULL FOR UPDATE OF "authors"
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL FOR UPDATE

-- for share, leaving out what is locked
sqlite refuses it: unsupported: sqlite has no row locks, so there is no SKIP LOCKED; a write transaction is alone there
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."deleted_at" IS NULL FOR SHARE OF "authors" SKIP LOCKED
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL LOCK IN SHARE MODE SKIP LOCKED

-- for no key update, or an error
sqlite refuses it: unsupported: sqlite has no row locks, so there is no NOWAIT; a write transaction is alone there
postgres: SELECT "authors"."id" FROM "authors" WHERE "authors"."deleted_at" IS NULL FOR NO KEY UPDATE OF "authors" NOWAIT
mysql: SELECT `authors`.`id` FROM `authors` WHERE `authors`.`deleted_at` IS NULL FOR UPDATE NOWAIT
