// SPDX-License-Identifier: MIT

// Bench compares Kindred with other Go libraries and with code written by hand, side by side in one
// run, as ratios to prepared statements on database/sql ("raw").
//
//	cd bench
//	go run . -quick                              # all workloads, some minutes
//	go run . -run 'sqlite/' -contenders bun,ent  # some of them
//	go run . -run compile                        # what models cost the compiler
//	go run . -json results.json -enforce         # for machines; fails if Kindred misses an aim
//
// # Targets
//
// The ruler is a driver that answers from memory, so that only the client's own work is measured; it
// is the steadiest. SQLite is a file in WAL mode. PostgreSQL is the server named by the environment
// variable KINDRED_POSTGRES_DSN, else a local one; its tables bench_users, bench_posts, bench_comments,
// bench_tags and bench_post_tags are replaced, and dropped at the end. All contenders of a target get
// the same connection settings, and the same tables, made by plain SQL.
//
// # Method
//
// Before a workload is timed, each contender does it once, and what it read or wrote must equal what
// raw read or wrote; otherwise the run fails. Then every contender has its turn once in each pass,
// for the same time, in an order that changes from pass to pass, after a garbage collection. A figure
// is the median over the passes of the ratio to raw of the same pass, so that a slow moment of the
// machine strikes both sides. "raw again" is the same code as raw: what it differs from 1 is noise.
// Below about 8 % a difference means nothing; the larger the noise column, the less it means.
//
// No contender maintains timestamps by itself, runs hooks, or logs. Records are built and returned
// in each library's own form, and that is part of the time. The model has eleven columns, two of
// them nullable and NULL in half of the rows.
//
// # Relations
//
// hasMany loads 1,000 posts with 10 comments each, manyToMany the same posts with 10 tags each and two
// more columns of the rows that connect them. Contenders whose own many to many leaves these columns out
// load the connecting rows as children. groupLimit loads the newest 3 of 50 comments per post, withCount
// counts them; raw does so by the fastest SQL that is known, which no other library writes by itself.
// sync makes 1,000 tags of one post others, 10 out and 10 in. json/relations encodes what hasMany loads.
//
// # Compile
//
// The workload compile measures what models cost the Go compiler. It writes programs with 1, 50 and 200 models (1 and 50 with
// -quick) for Kindred, gorm, bun and ent. A model has ten columns and two relations, and is created, saved, queried with a preload,
// found and deleted. The programs are a module of their own in a folder for temporary files, with the versions of the libraries that
// the benchmark has. Before each build a comment is added to each package of a program, so that the build cache has everything but
// the models. The code of ent is written by its generator, and all of it is the models' code; where the generator cannot be
// loaded, ent is not run, and the report says why. It is not run with 200 models, as 50 take 1.7 GiB of memory. The cells show the
// CPU time of all processes of the build, the memory of the largest of them, and the size of the binary. They are medians of three
// builds; of 200 models, and of 50 with -quick, there is one. A further model costs the difference to the program with one model.
//
// # What is not reached
//
// Measured with all contenders in one run on two processors without other work, where ruler/read10k takes
// raw about 8 ms. All other rows reach what they must.
//
//   - record/snapshot takes 138 ns, not 120: half is the copy, column by column, of which nullable ones
//     are allocated; a third is memory and its collection.
//   - postgres/create1000 is 0.86 to 0.88 of raw, not 0.80, where pgx by hand is 0.98. Most of it is the server's
//     work; the hooks need a transaction, which is two more messages than raw sends.
//   - sqlite/create1000 is 1.08 to 1.10 of raw, just what it must, and up to 1.27 on a busy machine. Binding 10,000
//     values and stepping the statement is 41 % of the profile, the commit 9 %; what raw does not do is
//     checking the values (9 %), the backup that a failing hook needs (4 %), the snapshots (4 %), and
//     collecting 1.8 MB of garbage instead of 1.0 MB (about 8 %), for which a busy machine has no idle
//     processor. Statements of 100 rows instead of one of 1,000 gained nothing.
//
// # Adding a contender or a workload
//
// A contender is one file with a type that implements [Contender], and where it can [Encoder],
// [Tracker] or [Booter], and one line in the function contenders; for related rows it implements
// [Relater], [Limiter], [Counter] and [Syncer]. A workload is one entry in the function workloads, and a
// Bind function unless one fits.
package main
