// SPDX-License-Identifier: MIT

package model

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// row loads the record's row by its key, soft deleted or not, without scopes.
func row(ctx context.Context, h *tx.Handle, s *record.State, lock bool) (memory.Ptr, error) {
	if !s.Persisted() {
		return nil, errs.New(errs.ErrNotPersisted, "the %s has no row yet", s.Model.Name)
	}
	keys := make([]any, len(s.Model.Keys))
	for i, c := range s.Model.Keys {
		if !s.Selected(c) {
			return nil, errs.New(errs.ErrMissingKey, "the %s was loaded without %s; select it too", s.Model.Name, c.Attr)
		}
		v, err := s.BindOriginal(c)
		if err != nil {
			return nil, err
		}
		keys[i] = v
	}
	p, err := query.ByKey(ctx, h, s.Model, keys, lock)
	if err == nil && p == nil {
		err = errs.ErrNotFound
	}
	return p, err
}

// Refresh replaces the values of all columns by those of the row, soft deleted or not; extras stay.
// Pending changes are lost. If the row is gone it is an ErrNotFound. One statement; Found hooks run.
func (b *BaseModel[T]) Refresh(ctx context.Context) error {
	return b.do(ctx, "refresh", func(ctx context.Context, h *tx.Handle, s *record.State) error {
		if s.Deleted() {
			return errs.New(errs.ErrDeleted, "the row of this %s was deleted", s.Model.Name)
		}
		p, err := row(ctx, h, s, false)
		if err != nil {
			return err
		}
		return persist.Reload(ctx, h, s, p)
	})
}

// Fresh loads the row anew, soft deleted or not, as another record; this one stays as it is. If the
// row is gone it is an ErrNotFound. One statement; Found hooks run.
func (b *BaseModel[T]) Fresh(ctx context.Context) (*T, error) {
	var fresh *T
	err := b.do(ctx, "fresh", func(ctx context.Context, h *tx.Handle, s *record.State) error {
		p, err := row(ctx, h, s, false)
		if err != nil {
			return err
		}
		fresh = memory.At[T](p)
		if meta.IsQuiet(ctx) {
			return nil
		}
		return persist.RunHooks(ctx, record.Of(s.Model, p), meta.Found)
	})
	if err != nil {
		return nil, err
	}
	return fresh, nil
}

// WithLock opens a transaction, or a savepoint in that of ctx, loads the row anew under a lock
// (SELECT … FOR UPDATE; SQLite locks the database) and calls fn with it. The transaction is committed
// if fn returns nil. This record stays as it is. If the row is gone it is an ErrNotFound.
func (b *BaseModel[T]) WithLock(ctx context.Context, fn func(ctx context.Context, locked *T) error) error {
	ctx, s, h, err := b.bound(ctx)
	if err != nil {
		return errs.In(name[T](), "with lock", err)
	}
	return h.Within(ctx, nil, func(ctx context.Context, inner *tx.Handle) error {
		p, err := row(ctx, inner, s, true)
		if err != nil {
			return errs.In(s.Model.Name, "with lock", err)
		}
		return fn(ctx, memory.At[T](p))
	})
}
