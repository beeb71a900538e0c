// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"errors"
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/relation"
)

// batch runs a call that finds a record for each of several rows.
func batch(
	ctx context.Context, db *DB, t reflect.Type, keys []string, rows []Attrs,
	call func(b *relation.Batch, ctx context.Context) ([]*record.State, error),
) ([]*record.State, error) {
	all, err := rowsOf(ctx, db, t)
	if err != nil {
		return nil, err
	}
	b, err := all.Batch(keys, rows)
	if err != nil {
		return nil, err
	}
	return call(b, ctx)
}

// foundAll returns the records that a call ends with, as long as it did not fail.
func foundAll[T any](t reflect.Type, op string, all []*record.State, err error) ([]*T, error) {
	if all == nil || err != nil && !errors.Is(err, ErrAfterCommit) {
		return nil, errs.In(t.Name(), op, err)
	}
	out := make([]*T, len(all))
	for i, s := range all {
		out[i] = memory.At[T](s.Owner)
	}
	return out, errs.In(t.Name(), op, err)
}

// FetchOrNewUpMany returns, in the order of rows, the record with each row's values in the key
// columns, or a new one, not saved, of the row. Rows with equal keys share a record. One statement,
// none without rows. A row without a key is an ErrMissingKey.
func FetchOrNewUpMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	t := reflect.TypeFor[T]()
	all, err := batch(ctx, db, t, keys, rows, (*relation.Batch).FetchOrNew)
	return foundAll[T](t, "fetch or new up many", all, err)
}

// FetchOrCreateMany is FetchOrNewUpMany that inserts what is missing, with hooks, in one transaction:
// a SELECT and one INSERT per chunk and set of columns. Records that exist stay as they are. With a
// unique index on the key columns, concurrent calls insert every row once; to that end, what is
// missing is inserted in the order of its keys, and looked for again if another call was faster.
func FetchOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	t := reflect.TypeFor[T]()
	all, err := batch(ctx, db, t, keys, rows, (*relation.Batch).FetchOrCreate)
	return foundAll[T](t, "fetch or create many", all, err)
}

// UpdateOrCreateMany is FetchOrCreateMany that locks the records that exist and updates them by their
// rows, one UPDATE per record that changes.
func UpdateOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	t := reflect.TypeFor[T]()
	all, err := batch(ctx, db, t, keys, rows, (*relation.Batch).UpdateOrCreate)
	return foundAll[T](t, "update or create many", all, err)
}
