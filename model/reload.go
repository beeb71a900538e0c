// SPDX-License-Identifier: MIT

package model

import (
	"context"

	"github.com/kindred-orm/kindred/internal/memory"
)

// Refresh reads the row again, soft deleted or not and without scopes, and replaces the values of all columns by it: one
// SELECT, and one per loaded relation, which is loaded once more. Pending changes are lost, extras stay. Found hooks run.
// A row that is gone is an ErrNotFound, a record without a row an ErrNotPersisted.
//
//go:noinline
func (r *Record[P]) Refresh(ctx context.Context) error { return refTo(r).do(ctx, "refresh", refresh) }

// Fresh reads the row again, soft deleted or not and without scopes, as another record: one SELECT; Found hooks run. This
// record stays as it is. A row that is gone is an ErrNotFound, a record without a row an ErrNotPersisted. As Eloquent's
// fresh.
//
//go:noinline
func (r *Record[P]) Fresh(ctx context.Context) (P, error) {
	p, err := refTo(r).fresh(ctx)
	return memory.As[P](p), err
}

// WithLock opens a transaction, or a savepoint in that of ctx, loads the row under a lock (SELECT … FOR UPDATE; SQLite locks the
// whole database) as another record, and calls fn with it. The record itself stays as it is. The transaction is committed if fn
// returns nil; an error or a panic of fn rolls it back and is passed on. A row that is gone is an ErrNotFound, a record without a
// row an ErrNotPersisted. As Lucid's lockForUpdate of a model.
//
//go:noinline
func (r *Record[P]) WithLock(ctx context.Context, fn func(ctx context.Context, locked P) error) error {
	return refTo(r).withLock(ctx, func(ctx context.Context, p memory.Ptr) error { return fn(ctx, memory.As[P](p)) })
}

// UseDB makes the record one of a database or transaction, which serves its calls from then on. A record that was loaded, or
// given to a function together with its database, needs no UseDB.
//
//go:noinline
func (r *Record[P]) UseDB(db *DB) { refTo(r).useDB(db) }
