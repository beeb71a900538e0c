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

// lookupMany runs a call that finds a record for each of several rows, or makes one.
func lookupMany(
	ctx context.Context, db *DB, t reflect.Type, keys []string, rows []Attrs,
	call func(l *find.LookupMany, ctx context.Context) ([]*record.State, error),
) ([]*record.State, error) {
	ctx, all, err := find.OfModel(ctx, db.handleOf(), t)
	if err != nil {
		return nil, err
	}
	l, err := find.NewLookupMany(all, keys, rows)
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

// FetchOrNewUpMany returns, in the order of rows, the record with each row's values in the key
// columns, or a new one, not saved, of the row. Rows with equal keys share a record. One statement,
// none without rows. A row without a key is an ErrMissingKey.
func FetchOrNewUpMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]P, error) {
	t := reflect.TypeFor[P]().Elem()
	all, err := lookupMany(ctx, db, t, keys, rows, (*find.LookupMany).OrNew)
	return foundAll[P](t, "fetch or new up many", all, err)
}

// FetchOrCreateMany is FetchOrNewUpMany that inserts what is missing, with hooks, in one transaction:
// a SELECT and one INSERT per chunk and set of columns. Records that exist stay as they are. With a
// unique index on the key columns, concurrent calls insert every row once; to that end, what is
// missing is inserted in the order of its keys, and looked for again if another call was faster.
func FetchOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]P, error) {
	t := reflect.TypeFor[P]().Elem()
	all, err := lookupMany(ctx, db, t, keys, rows, (*find.LookupMany).OrCreate)
	return foundAll[P](t, "fetch or create many", all, err)
}

// UpdateOrCreateMany is FetchOrCreateMany that locks the records that exist and updates them by their
// rows, one UPDATE per record that changes.
func UpdateOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]P, error) {
	t := reflect.TypeFor[P]().Elem()
	all, err := lookupMany(ctx, db, t, keys, rows, (*find.LookupMany).UpdateOrCreate)
	return foundAll[P](t, "update or create many", all, err)
}
