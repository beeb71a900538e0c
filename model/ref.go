// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"reflect"

	"github.com/kindred-orm/kindred/internal/decode"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// ref is a record without its type parameter. What the methods of [Record] do is written on it, so that the
// compiler makes it once, and not once more for every model.
type ref struct {
	slot  **record.State
	owner memory.Ptr
	typ   reflect.Type
}

// state returns the record's state, which a literal gets at its first use, and a struct that was
// copied gets of its own.
func (r ref) state() (*record.State, error) {
	if s := record.Known(r.slot, r.owner); s != nil {
		return s, nil
	}
	m, err := meta.First(r.typ)
	if err != nil {
		return nil, err
	}
	return record.At(m, r.owner), nil
}

// known returns the record's state, or nil if its type was refused as a model.
func (r ref) known() *record.State {
	s, err := r.state()
	if err != nil {
		return nil
	}
	return s
}

// in names the model and the operation that failed.
func (r ref) in(op string, err error) error {
	if err == nil {
		return nil
	}
	return errs.In(r.typ.Name(), op, err)
}

// bound returns the record's state and the handle of the database that serves a call, whose record it becomes.
func (r ref) bound(ctx context.Context) (context.Context, *record.State, *tx.Handle, error) {
	s, err := r.state()
	if err != nil {
		return ctx, nil, nil, err
	}
	ctx, h, err := tx.ForRecord(ctx, s.Handle)
	if err != nil {
		return ctx, nil, nil, err
	}
	return ctx, s, h, adopt(s, h)
}

// adopt makes s a record of h's database, under whose naming strategy its facts may differ.
func adopt(s *record.State, h *tx.Handle) error {
	m, err := h.Database().Models.Model(s.Model.Type)
	if err == nil {
		err = s.CheckSchema(h)
	}
	if err == nil && s.Model != m { // a record that is only read may be shared
		s.Model = m
	}
	return err
}

func (r ref) fill(op string, assign func(*record.State, map[string]any, []string) error, attrs Attrs, only []string) error {
	s, err := r.state()
	if err == nil {
		err = assign(s, attrs, only)
	}
	return r.in(op, err)
}

// do runs a write on the record.
func (r ref) do(ctx context.Context, op string, write func(context.Context, *tx.Handle, *record.State) error) error {
	ctx, s, h, err := r.bound(ctx)
	if err == nil {
		err = write(h.Writing(ctx), h, s)
	}
	return r.in(op, err)
}

func (r ref) increment(ctx context.Context, column string, by any) error {
	return r.do(ctx, "increment", func(ctx context.Context, h *tx.Handle, s *record.State) error {
		return persist.Increment(ctx, h, s, query.Change{Column: column, By: by, Sign: query.Up})
	})
}

func (r ref) decrement(ctx context.Context, column string, by any) error {
	return r.do(ctx, "decrement", func(ctx context.Context, h *tx.Handle, s *record.State) error {
		return persist.Increment(ctx, h, s, query.Change{Column: column, By: by, Sign: query.Down})
	})
}

func refresh(ctx context.Context, h *tx.Handle, s *record.State) error {
	if s.Deleted() {
		return errs.New(errs.ErrDeleted, "the row of this %s was deleted", s.Model.Name)
	}
	p, err := row(ctx, h, s, query.ByKey)
	if err != nil {
		return err
	}
	if err := persist.Reload(ctx, h, s, p); err != nil {
		return err
	}
	return preload.Again(ctx, h, s)
}

func (r ref) fresh(ctx context.Context) (memory.Ptr, error) {
	ctx, s, h, err := r.bound(ctx)
	var p memory.Ptr
	if err == nil {
		p, err = row(ctx, h, s, query.ByKey)
	}
	if err == nil {
		err = s.Model.Hooks.RunFound(ctx, p)
	}
	if err != nil {
		return nil, r.in("fresh", err)
	}
	return p, nil
}

// withLock calls fn with the record's row, loaded under a lock, in a transaction.
func (r ref) withLock(ctx context.Context, fn func(ctx context.Context, locked memory.Ptr) error) error {
	ctx, s, h, err := r.bound(ctx)
	if err != nil {
		return r.in("with lock", err)
	}
	return h.Within(ctx, nil, func(ctx context.Context, h *tx.Handle) error {
		p, err := row(ctx, h, s, query.ByKeyForUpdate)
		if err != nil {
			return r.in("with lock", err)
		}
		return fn(ctx, p)
	})
}

// useDB binds the record to a database or transaction.
func (r ref) useDB(db *DB) {
	if s, err := r.state(); err == nil {
		s.Handle = db.handleOf()
	}
}

// byKey is query.ByKey or query.ByKeyForUpdate.
type byKey func(ctx context.Context, h *tx.Handle, m *meta.Model, keys []any) (memory.Ptr, error)

// row loads the record's row by its key, soft deleted or not, without scopes.
func row(ctx context.Context, h *tx.Handle, s *record.State, read byKey) (memory.Ptr, error) {
	if !s.Persisted() {
		return nil, errs.New(errs.ErrNotPersisted, "the %s has no row yet", s.Model.Name)
	}
	if err := s.Model.Keyed(); err != nil {
		return nil, err
	}
	keys := make([]any, len(s.Model.Keys))
	for i, c := range s.Model.Keys {
		if !s.Selected(c) {
			return nil, key.ErrNotSelected(c)
		}
		v, err := s.BindOriginal(c)
		if err != nil {
			return nil, err
		}
		keys[i] = v
	}
	p, err := read(ctx, h, s.Model, keys)
	if err == nil && p == nil {
		err = errs.ErrNotFound
	}
	return p, err
}

func (r ref) decode(data []byte) error {
	s, err := r.state()
	if err == nil {
		err = decode.Lenient(data, s)
	}
	return r.in("decode", err)
}
