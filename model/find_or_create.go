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

// wanted is a record that a call finds or makes.
type wanted struct {
	t              reflect.Type
	search, values Attrs
}

// lookup runs a call that finds one record or makes one.
func lookup(
	ctx context.Context, db *DB, one wanted, call func(l *find.Lookup, ctx context.Context) (*record.State, error),
) (*record.State, error) {
	ctx, rows, err := find.OfModel(ctx, db.handleOf(), one.t)
	if err != nil {
		return nil, err
	}
	l, err := find.NewLookup(rows, one.search, one.values)
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

// FirstOrNew returns the first record with the searched values, or a new one of the searched and further values, which is
// not saved. Values may name any column by attribute or column name; nil searches for NULL. One SELECT; Finding and Found
// hooks run. Without searched values it is an ErrMissingWhere. A name or value that does not fit is an ErrUnknownAttribute
// or ErrInvalidValue, before anything is sent. As Lucid's and Eloquent's firstOrNew.
func FirstOrNew[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (P, error) {
	t := reflect.TypeFor[P]().Elem()
	s, err := lookup(ctx, db, wanted{t, search, values}, (*find.Lookup).OrNew)
	return found[P](t, "first or new", s, err)
}

// FirstOrCreate returns the first record with the searched values as it is, or inserts one of the searched and further
// values, with hooks as in [Create].
//
// It sends a SELECT if there is a row. If not, it sends a SELECT and an INSERT … ON CONFLICT DO NOTHING, and the SELECT
// again if another call was faster: with a unique index on the searched columns, concurrent calls insert one row and all
// return it. Without one, they may insert several. A soft deleted row that takes the values is an ErrDuplicate, which says
// so. Without searched values it is an ErrMissingWhere. As Lucid's and Eloquent's firstOrCreate.
func FirstOrCreate[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (P, error) {
	t := reflect.TypeFor[P]().Elem()
	s, err := lookup(ctx, db, wanted{t, search, values}, (*find.Lookup).OrCreate)
	return found[P](t, "first or create", s, err)
}

// UpdateOrCreate finds the first record with the searched values under a lock (SELECT … FOR UPDATE), assigns the further
// values and saves it, or inserts a record of both. All of it is one transaction, or a savepoint in the open one; hooks
// run as in Save. It sends a SELECT and at most one UPDATE, none if nothing changes, or a SELECT and an INSERT. With a
// unique index on the searched columns, concurrent calls end in one row. Its errors are those of [FirstOrCreate]. As
// Lucid's and Eloquent's updateOrCreate.
func UpdateOrCreate[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (P, error) {
	t := reflect.TypeFor[P]().Elem()
	s, err := lookup(ctx, db, wanted{t, search, values}, (*find.Lookup).UpdateOrCreate)
	return found[P](t, "update or create", s, err)
}
