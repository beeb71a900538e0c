// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"maps"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/relation"
)

// The functions of this file are methods of Record in all but form: a method costs every model of a program, a function those who
// call it.

// WithLock opens a transaction, or a savepoint in that of db or ctx, loads the row of rec under a lock (SELECT … FOR
// UPDATE; SQLite locks the whole database) as another record, and calls fn with it. rec stays as it is. The transaction is
// committed if fn returns nil; an error or a panic of fn rolls it back and is passed on. With a nil db, the database that
// rec belongs to serves the call, else that of ctx. A row that is gone is an ErrNotFound, a record without a row an
// ErrNotPersisted. As Lucid's lockForUpdate of a model.
func WithLock[T any, P Model[T]](ctx context.Context, db *DB, rec P, fn func(ctx context.Context, locked P) error) error {
	return withLock(ctx, db, rec, func(ctx context.Context, p memory.Ptr) error { return fn(ctx, memory.As[P](p)) })
}

func withLock(ctx context.Context, db *DB, rec any, fn func(ctx context.Context, locked memory.Ptr) error) error {
	s, err := stateOf(rec)
	if err != nil {
		return err
	}
	return serve(ctx, db, s, func(ctx context.Context, h *tx.Handle, s *record.State) error {
		return h.Within(ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			p, err := row(ctx, h, s, query.ByKeyForUpdate)
			if err != nil {
				return errs.In(s.Model.Name, "with lock", err)
			}
			return fn(ctx, p)
		})
	})
}

// Is reports whether both are records of the same model with the same primary key, from the same database. A record
// without a row is only itself. As Eloquent's is.
func Is(a, b relation.Record) bool {
	s, errA := record.From(a)
	t, errB := record.From(b)
	if errA != nil || errB != nil || s.Model.Type != t.Model.Type {
		return false
	}
	if s.Owner == t.Owner {
		return true
	}
	if !s.Persisted() || !t.Persisted() || s.Handle != nil && t.Handle != nil && s.Handle.Database() != t.Handle.Database() {
		return false
	}
	return record.Same(s, t, s.Model.Keys)
}

// IsLocal reports whether the record was made by this program, saved or not, and not fetched from the database. As Lucid's
// $isLocal.
func IsLocal(rec relation.Record) bool {
	s, err := record.From(rec)
	return err != nil || s.Local()
}

// ForceUpdate makes the next Save of the record send an UPDATE even if nothing has changed: of the timestamp of updates,
// or of the key to itself where there is none. As Lucid's enableForceUpdate.
func ForceUpdate(rec relation.Record) {
	if s, err := record.From(rec); err == nil {
		s.Force()
	}
}

// Sideloaded returns a fresh map of the values that the query of the record was given by Query.Sideload; nil if there are
// none. As Lucid's $sideloaded.
func Sideloaded(rec relation.Record) Attrs {
	s, err := record.From(rec)
	if err != nil {
		return nil
	}
	return maps.Clone(s.Sideloaded())
}

// UseDB makes a record one of a database or transaction, which serves its calls from then on. A record that was loaded, or
// given to a function together with its database, needs no UseDB.
func UseDB(db *DB, rec relation.Record) {
	if s, err := record.From(rec); err == nil {
		s.Handle = db.handleOf()
	}
}

// DBOf returns the database that a record belongs to, or the transaction that it was loaded from while that is open; nil
// if it belongs to none.
func DBOf(rec relation.Record) *DB {
	s, err := record.From(rec)
	if err != nil || s.Handle == nil {
		return nil
	}
	return &DB{h: s.Handle.Current()}
}
