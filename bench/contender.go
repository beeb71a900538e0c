// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"errors"
	"io"
	"slices"
)

// Contender is one way of working with the benchmark's table: a library with its best settings, or
// code written by hand. It is used from one goroutine.
//
// A method does what a careful user of the library writes for the job, so it builds its own record
// from in, and returns records in the library's own form. Records returned by one method must not
// share memory that the next call overwrites.
type Contender interface {
	// Insert writes a new row from in, without its ID, and returns the row's key.
	Insert(ctx context.Context, in *User) (int64, error)
	// CreateMany writes len(in) new rows in one call and returns the records. All or none are
	// written. On PostgreSQL the records must carry their keys; [Noter] says where one cannot.
	CreateMany(ctx context.Context, in []User) (records any, err error)
	// Find returns the record with the key.
	Find(ctx context.Context, id int64) (record any, err error)
	// All returns all rows in the order of their keys.
	All(ctx context.Context) (records any, err error)
	// Updater loads the record with the key and returns a function that sets its login_count and
	// nothing else, in the row too. Only that function is timed.
	Updater(ctx context.Context, id int64) (func(ctx context.Context, count int64) error, error)
	// Users converts what the methods above returned. It is never timed.
	Users(records any) ([]User, error)
	// Close frees what Open took.
	Close() error
}

// Encoder is offered by contenders that have a JSON form of records. The records are those that
// [Contender.All] returned.
type Encoder interface {
	// JSON returns a list of objects whose members are named like the columns.
	JSON(records any) ([]byte, error)
	// WriteJSON writes the same to w.
	WriteJSON(w io.Writer, records any) error
	// Page returns all rows as a value that encoding/json encodes as {"meta":…,"data":[…]}.
	Page(ctx context.Context) (any, error)
}

// Tracker is offered by contenders that know which fields of a record were changed.
type Tracker interface {
	// Snapshot returns a function that takes the snapshot of one loaded record.
	Snapshot(ctx context.Context) (func(), error)
	// CheckClean returns a function that compares one unchanged record with its snapshot, and
	// reports whether it is dirty.
	CheckClean(ctx context.Context) (func() bool, error)
}

// Booter is offered by contenders that compile facts about models before first use.
type Booter interface {
	// Boot returns a function that compiles n different models from nothing.
	Boot(ctx context.Context, n int) (func(ctx context.Context) error, error)
}

// Noter is offered by contenders that cannot do quite what a workload asks.
type Noter interface {
	// Note returns the footnote for the workload, or "".
	Note(workload string) string
}

// errNotOffered is returned by a workload's Bind if the contender lacks what the workload needs.
var errNotOffered = errors.New("not offered")

// Entry registers a contender.
type Entry struct {
	Name string
	// On lists the databases that the contender works on; nil means all.
	On   []Target
	Open func(ctx context.Context, s *Stage) (Contender, error)
}

// on reports whether the contender works on the database.
func (e *Entry) on(t Target) bool { return e.On == nil || slices.Contains(e.On, t) }

// Names with a meaning to the harness.
const (
	rawName      = "raw"
	rawAgainName = "raw again"
	kindredName  = "kindred"
)

// contenders lists everything that is compared, in the order of the table's columns. The first is
// the measure; the second is the same code once more, which shows the noise.
func contenders() []Entry {
	return []Entry{
		{Name: rawName, Open: openRaw},
		{Name: rawAgainName, Open: openRaw},
		{Name: kindredName, Open: openKindred},
		{Name: "pgx", On: []Target{Postgres}, Open: openPgx},
		{Name: "gorm", Open: openGorm},
		{Name: "gorm tuned", Open: openGormTuned},
		{Name: "bun", Open: openBun},
		{Name: "ent", Open: openEnt},
		{Name: "xorm", Open: openXorm},
	}
}
