// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"time"
)

// Workload is one row of the report: a job that every contender does in its own way.
type Workload struct {
	// Name is the target and the job, such as "sqlite/find".
	Name   string
	Target Target
	// Rows is the number of rows in the table when a sample starts.
	Rows int
	// Graph is, for the workloads with relations, how many rows their tables hold.
	Graph Graph
	// Writes is set for jobs that change the table: it is reset before each sample.
	Writes bool
	// Split makes so many times more passes with samples shorter by as much; 0 means 1. It is for
	// jobs whose time depends on where the scheduler puts client and server: that lasts for many
	// operations, so the ratio of two long samples is as much a matter of luck as that of two
	// short ones.
	Split int
	// Absolute is set for jobs that have no counterpart by hand: the result is the time of one
	// operation in this unit, not a ratio.
	Absolute time.Duration
	// Aim is what Kindred must reach.
	Aim Aim
	// Bind returns the job done by c, or [errNotOffered].
	Bind func(ctx context.Context, s *Stage, c Contender) (*Op, error)
}

// Aim is what Kindred is to reach, as a ratio to raw or in the workload's absolute unit.
type Aim struct {
	Must, Goal float64
	// Allocs is the largest number of allocations of one operation; 0 is no limit.
	Allocs float64
}

// Op is a workload bound to a contender.
type Op struct {
	// Run does the job once. i is different in each call.
	Run func(ctx context.Context, i int) error
	// Evidence does the job on a table that was just reset, and returns rows that show what it
	// did. They must equal those of raw. It is not timed.
	Evidence func(ctx context.Context) ([]User, error)
	// Posts is Evidence of the workloads with relations.
	Posts func(ctx context.Context) ([]Post, error)
}

// workloads lists all rows of the report. This is the one place to add a row: give it a name, an
// aim and a Bind function, which for a job beyond [Contender] looks for an optional interface.
func workloads() []Workload {
	const ms = time.Millisecond
	return []Workload{
		{Name: "ruler/find", Target: Ruler, Aim: Aim{1.8, 1.3, 25}, Bind: bindFind},
		{Name: "ruler/insert", Target: Ruler, Aim: Aim{2.5, 1.8, 0}, Bind: bindInsert},
		{Name: "ruler/update", Target: Ruler, Aim: Aim{5, 3, 0}, Bind: bindUpdate},
		{Name: "ruler/read10k", Target: Ruler, Aim: Aim{0.75, 0.50, 0}, Bind: bindRead},

		{Name: "json/bytes", Target: Ruler, Aim: Aim{0.55, 0.40, 0}, Bind: bindJSON},
		{Name: "json/write", Target: Ruler, Aim: Aim{0.55, 0.40, 0}, Bind: bindJSONWrite},
		{Name: "json/page", Target: Ruler, Aim: Aim{2.2, 2.0, 0}, Bind: bindJSONPage},

		{
			Name: "record/snapshot", Target: Ruler, Absolute: time.Nanosecond,
			Aim: Aim{120, 70, 0}, Bind: bindSnapshot,
		},
		{
			Name: "record/clean", Target: Ruler, Absolute: time.Nanosecond,
			Aim: Aim{60, 35, 0}, Bind: bindCheckClean,
		},
		{Name: "boot500", Target: Ruler, Absolute: ms, Aim: Aim{50, 10, 0}, Bind: bindBoot},

		{
			Name: "sqlite/insert", Target: SQLite, Writes: true,
			Aim: Aim{1.15, 1.08, 0}, Bind: bindInsert,
		},
		{
			Name: "sqlite/update", Target: SQLite, Rows: 100, Writes: true,
			Aim: Aim{1.15, 1.08, 0}, Bind: bindUpdate,
		},
		{
			Name: "sqlite/find", Target: SQLite, Rows: manyRows,
			Aim: Aim{1.30, 1.15, 0}, Bind: bindFind,
		},
		{
			Name: "sqlite/read10k", Target: SQLite, Rows: manyRows,
			Aim: Aim{0.85, 0.65, 0}, Bind: bindRead,
		},
		{
			Name: "sqlite/create1000", Target: SQLite, Writes: true,
			Aim: Aim{1.10, 0.95, 0}, Bind: bindCreateMany,
		},

		{
			Name: "sqlite/hasMany", Target: SQLite, Graph: Graph{1000, 10, 10},
			Aim: Aim{1.0, 0.80, 0}, Bind: bindHasMany,
		},
		{
			Name: "sqlite/manyToMany", Target: SQLite, Graph: Graph{1000, 10, 10},
			Aim: Aim{1.0, 0.80, 0}, Bind: bindManyToMany,
		},
		{
			Name: "json/relations", Target: SQLite, Graph: Graph{1000, 10, 10},
			Aim: Aim{0.55, 0.40, 0}, Bind: bindJSONRelations,
		},
		{
			Name: "sqlite/groupLimit", Target: SQLite, Graph: Graph{1000, 50, 0},
			Aim: Aim{1.15, 1.05, 0}, Bind: bindGroupLimit,
		},
		{
			Name: "sqlite/withCount", Target: SQLite, Graph: Graph{1000, 50, 0},
			Aim: Aim{1.15, 1.05, 0}, Bind: bindWithCount,
		},
		{
			Name: "sqlite/sync", Target: SQLite, Graph: Graph{syncedPost, 0, syncedTags}, Writes: true,
			Aim: Aim{1.3, 1.1, 0}, Bind: bindSync,
		},

		{
			Name: "postgres/insert", Target: Postgres, Writes: true, Split: 4,
			Aim: Aim{1.08, 1.03, 0}, Bind: bindInsert,
		},
		{
			Name: "postgres/update", Target: Postgres, Rows: 100, Writes: true, Split: 4,
			Aim: Aim{1.08, 1.03, 0}, Bind: bindUpdate,
		},
		{
			Name: "postgres/find", Target: Postgres, Rows: manyRows, Split: 8,
			Aim: Aim{1.08, 1.03, 0}, Bind: bindFind,
		},
		{
			Name: "postgres/read10k", Target: Postgres, Rows: manyRows,
			Aim: Aim{0.70, 0.55, 0}, Bind: bindRead,
		},
		{
			Name: "postgres/create1000", Target: Postgres, Writes: true,
			Aim: Aim{0.80, 0.65, 0}, Bind: bindCreateMany,
		},
		{
			Name: "postgres/hasMany", Target: Postgres, Graph: Graph{1000, 10, 10},
			Aim: Aim{0.85, 0.70, 0}, Bind: bindHasMany,
		},
		{
			Name: "postgres/manyToMany", Target: Postgres, Graph: Graph{1000, 10, 10},
			Aim: Aim{0.95, 0.85, 0}, Bind: bindManyToMany,
		},
		{
			Name: "postgres/groupLimit", Target: Postgres, Graph: Graph{1000, 50, 0},
			Aim: Aim{1.15, 1.05, 0}, Bind: bindGroupLimit,
		},
		{
			Name: "postgres/withCount", Target: Postgres, Graph: Graph{1000, 50, 0},
			Aim: Aim{1.15, 1.05, 0}, Bind: bindWithCount,
		},
		{
			Name: "postgres/sync", Target: Postgres, Graph: Graph{syncedPost, 0, syncedTags}, Writes: true,
			Split: 2, Aim: Aim{1.3, 1.1, 0}, Bind: bindSync,
		},
	}
}
