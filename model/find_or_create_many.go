// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/record"
)

// wantedRows are rows for each of which a call finds a record or makes one.
type wantedRows struct {
	t    reflect.Type
	keys []string // the columns by which records are found
	rows []Attrs
}

// lookupMany runs a call that finds a record for each of several rows, or makes one.
func lookupMany(
	ctx context.Context, db *DB, list wantedRows, call func(l *find.LookupMany, ctx context.Context) ([]*record.State, error),
) ([]*record.State, error) {
	ctx, all, err := find.OfModel(ctx, db.handleOf(), list.t)
	if err != nil {
		return nil, err
	}
	l, err := find.NewLookupMany(all, list.keys, list.rows)
	if err != nil {
		return nil, err
	}
	return call(l, ctx)
}

// foundAll returns the records that a call ends with, as long as it did not fail.
func foundAll[P any](t reflect.Type, op string, all []*record.State, err error) ([]P, error) {
	if all == nil || err != nil && !errs.AfterCommit(err) {
		return nil, errs.In(t.Name(), op, err)
	}
	return memory.List[P](record.Owners(all)), errs.In(t.Name(), op, err)
}

// FetchOrNewUpMany returns a record for each of the rows, in their order: the one that has the row's values in the key
// columns, or a new one of the row, which is not saved. Rows with equal keys share a record. One SELECT, none without
// rows; Fetching and Fetched hooks run. A row that lacks a key column is an ErrMissingKey, a name that is no column an
// ErrUnknownColumn. As Lucid's fetchOrNewUpMany.
func FetchOrNewUpMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]P, error) {
	t := reflect.TypeFor[P]().Elem()
	all, err := lookupMany(ctx, db, wantedRows{t, keys, rows}, (*find.LookupMany).OrNew)
	return foundAll[P](t, "fetch or new up many", all, err)
}

// FetchOrCreateMany returns a record for each of the rows, in their order: the one that has the row's values in the key
// columns, as it is, or a new one of the row, which is inserted with hooks. Rows with equal keys share a record. One
// transaction: a SELECT, and one INSERT per set of written columns and per chunk; no rows, no statement.
//
// With a unique index on the key columns, concurrent calls insert every row once: what is missing is inserted in the order
// of its keys, and the transaction is run again if another call was faster. A row that lacks a key column is an
// ErrMissingKey. As Lucid's fetchOrCreateMany.
func FetchOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]P, error) {
	t := reflect.TypeFor[P]().Elem()
	all, err := lookupMany(ctx, db, wantedRows{t, keys, rows}, (*find.LookupMany).OrCreate)
	return foundAll[P](t, "fetch or create many", all, err)
}

// UpdateOrCreateMany returns a record for each of the rows, in their order: the one that has the row's values in the key
// columns, which is locked, given the row's values and saved, or a new one of the row, which is inserted. Of rows with
// equal keys the values of the last count. Hooks run as in Save.
//
// One transaction: a SELECT that locks, one INSERT per set of written columns and per chunk, and one UPDATE for every
// record that changes; no rows, no statement. Concurrent calls and errors are as in [FetchOrCreateMany]. As Lucid's
// updateOrCreateMany.
func UpdateOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]P, error) {
	t := reflect.TypeFor[P]().Elem()
	all, err := lookupMany(ctx, db, wantedRows{t, keys, rows}, (*find.LookupMany).UpdateOrCreate)
	return foundAll[P](t, "update or create many", all, err)
}
