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

// lookup runs a call that finds one record or makes one.
func lookup(
	ctx context.Context, db *DB, t reflect.Type, search, values Attrs,
	call func(l *find.Lookup, ctx context.Context) (*record.State, error),
) (*record.State, error) {
	ctx, rows, err := find.OfModel(ctx, db.handleOf(), t)
	if err != nil {
		return nil, err
	}
	l, err := find.NewLookup(rows, search, values)
	if err != nil {
		return nil, err
	}
	return call(l, ctx)
}

// found returns the record that a call ends with, as long as it did not fail.
func found[P any](t reflect.Type, op string, s *record.State, err error) (P, error) {
	if s == nil || err != nil && !errs.AfterCommit(err) {
		return memory.As[P](nil), errs.In(t.Name(), op, err)
	}
	return memory.As[P](s.Owner), errs.In(t.Name(), op, err)
}

// FirstOrNew returns the first record with the searched values, or a new one, not saved, of the
// searched and further values. Values may name any column; nil searches for NULL. One statement.
func FirstOrNew[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (P, error) {
	t := reflect.TypeFor[P]().Elem()
	s, err := lookup(ctx, db, t, search, values, (*find.Lookup).OrNew)
	return found[P](t, "first or new", s, err)
}

// FirstOrCreate returns the first record with the searched values as it is, or inserts one of the
// searched and further values. With a unique index on the searched columns, concurrent calls insert
// one row and all return it; without one, they may insert several. One statement if there is a row,
// two if not: SELECT and INSERT … ON CONFLICT DO NOTHING, and a third if another call was faster.
func FirstOrCreate[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (P, error) {
	t := reflect.TypeFor[P]().Elem()
	s, err := lookup(ctx, db, t, search, values, (*find.Lookup).OrCreate)
	return found[P](t, "first or create", s, err)
}

// UpdateOrCreate updates the first record with the searched values, which it locks, by the further
// values, or inserts one of both, all in one transaction. With a unique index on the searched
// columns, concurrent calls end in one row. Hooks run as in Save.
func UpdateOrCreate[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (P, error) {
	t := reflect.TypeFor[P]().Elem()
	s, err := lookup(ctx, db, t, search, values, (*find.Lookup).UpdateOrCreate)
	return found[P](t, "update or create", s, err)
}
