// SPDX-License-Identifier: MIT

package persist

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// write is one call that writes one record.
type write struct {
	h     *tx.Handle // what the statements are sent on
	home  *tx.Handle // what the record belongs to afterwards: the handle that the caller has
	s     *record.State
	hooks bool
}

// depthKey counts how deep hooks call writes that run hooks.
type depthKey struct{}

const maxDepth = 16

// Run calls fn with the record's write in hand. With hooks it is a transaction of its own, so that a
// hook's error undoes the statement; without, fn sends one statement. Whatever goes wrong, the
// record is as before; what goes well is undone in memory if the transaction is rolled back later.
func run(ctx context.Context, h *tx.Handle, s *record.State, quiet bool, fn func(ctx context.Context, w *write) error) error {
	hooked := !quiet && s.Model.Hooks.Writes() && !meta.IsQuiet(ctx)
	if !hooked {
		w := &write{h: h, home: h, s: s}
		if !h.InTransaction() {
			return fn(ctx, w)
		}
		return guarded(s, func(b *record.Backup) error {
			err := h.Guard(ctx, func(ctx context.Context, inner *tx.Handle) error {
				w.h = inner
				return fn(ctx, w)
			})
			if err == nil {
				b.Enlist(h.Frame())
			}
			return err
		})
	}
	ctx, err := deeper(ctx, s.Model)
	if err != nil {
		return err
	}
	return guarded(s, func(b *record.Backup) error {
		return h.Atomic(ctx, func(ctx context.Context, inner *tx.Handle) error {
			if err := fn(ctx, &write{h: inner, home: h, s: s, hooks: true}); err != nil {
				return err
			}
			if !inner.Frame().Outermost() {
				b.Enlist(inner.Frame())
			}
			return nil
		})
	})
}

// guarded puts the record back if fn fails or panics.
func guarded(s *record.State, fn func(b *record.Backup) error) error {
	b := s.Backup()
	done := false
	defer func() {
		if !done {
			b.Restore()
		}
	}()
	err := fn(b)
	done = err == nil || isAfterCommit(err)
	return err
}

// deeper refuses hooks that call each other without end.
func deeper(ctx context.Context, m *meta.Model) (context.Context, error) {
	depth, _ := ctx.Value(depthKey{}).(int)
	if depth >= maxDepth {
		return ctx, errs.New(errs.ErrUnsupported, "hooks of %s write records whose hooks write again, %d levels deep; "+
			"use SaveQuietly or hooks.Without in one of them", m.Name, depth)
	}
	return context.WithValue(ctx, depthKey{}, depth+1), nil
}

// written is called once the statement has done its work: from now on there is something that a commit
// keeps and a rollback undoes.
func (w *write) written() {
	if w.hooks {
		onEnd(w.h.Frame(), w.s)
	}
}

// onEnd has the hooks of the transaction's end run for the record, once.
func onEnd(f *tx.Frame, s *record.State) {
	if !s.Model.Hooks.Ends() {
		return
	}
	f.OnEnd(s,
		func(ctx context.Context) error { return RunHooks(ctx, s, meta.Committed) },
		func(ctx context.Context) error { return RunHooks(ctx, s, meta.RolledBack) })
}

// Reload replaces the columns by those of another record of the same row, and runs Found hooks. It
// is undone if they fail, and if the transaction that it has read in is rolled back.
func Reload(ctx context.Context, h *tx.Handle, s *record.State, from memory.Ptr) error {
	return guarded(s, func(b *record.Backup) error {
		s.Reload(from)
		if !meta.IsQuiet(ctx) {
			if err := RunHooks(ctx, s, meta.Found); err != nil {
				return err
			}
		}
		if h.InTransaction() {
			b.Enlist(h.Frame())
		}
		return nil
	})
}

// RunHooks runs the hooks of a moment on a record.
func RunHooks(ctx context.Context, s *record.State, m meta.Moment) error {
	for _, hook := range s.Model.Hooks.Record[m] {
		if err := hook(ctx, s.Owner); err != nil {
			return err
		}
	}
	return nil
}

func (w *write) run(ctx context.Context, moments ...meta.Moment) error {
	if !w.hooks {
		return nil
	}
	for _, m := range moments {
		if err := RunHooks(ctx, w.s, m); err != nil {
			return err
		}
	}
	return nil
}

// Writable refuses records that must not be written.
func Writable(s *record.State) error {
	switch {
	case s.Deleted():
		return errs.New(errs.ErrDeleted, "the row of this %s was deleted; Replicate makes a new record of it", s.Model.Name)
	case s.Persisted() && !s.Tracked():
		return errs.New(errs.ErrUnsupported, "the %s was loaded by ReadOnly, which does not see changes; load it without", s.Model.Name)
	default:
		return nil
	}
}

// saved is Writable for calls that need a row.
func saved(s *record.State) error {
	if err := Writable(s); err != nil {
		return err
	}
	if !s.Persisted() {
		return errs.New(errs.ErrNotPersisted, "the %s has no row yet; Save it first", s.Model.Name)
	}
	for _, c := range s.Model.Keys {
		if !s.Selected(c) {
			return errs.New(errs.ErrMissingKey, "the %s was loaded without %s; select it too", s.Model.Name, c.Attr)
		}
	}
	if v := s.Model.Version; v != nil && !s.Selected(v) {
		return errs.New(errs.ErrNotLoaded, "the %s was loaded without its version %s; select it too", s.Model.Name, v.Attr)
	}
	return nil
}

// Save inserts a record without a row and updates the changed columns of one with a row. A record
// without changes runs its before-hooks and sends nothing.
func Save(ctx context.Context, h *tx.Handle, s *record.State, quiet bool) error {
	if err := Writable(s); err != nil {
		return err
	}
	if !s.Persisted() {
		return run(ctx, h, s, quiet, func(ctx context.Context, w *write) error { return w.insert(ctx) })
	}
	if err := saved(s); err != nil {
		return err
	}
	if hooked := !quiet && s.Model.Hooks.Writes() && !meta.IsQuiet(ctx); !hooked && !s.Forced() && !s.IsDirty() {
		return nil
	}
	return run(ctx, h, s, quiet, func(ctx context.Context, w *write) error { return w.update(ctx) })
}
