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

// hooked reports whether a write of records of the model runs hooks.
func hooked(ctx context.Context, m *meta.Model) bool { return m.Hooks.Writes() && !meta.IsQuiet(ctx) }

// run calls fn, which writes a record. With hooks it is a transaction of its own, so that the error of a hook undoes the
// statement; without hooks, fn sends one statement. If anything fails, the record is as before. What succeeds is undone in
// memory if the transaction is rolled back later.
func run(ctx context.Context, h *tx.Handle, s *record.State, fn func(ctx context.Context, w *write) error) error {
	if !hooked(ctx, s.Model) {
		w := &write{h: h, home: h, s: s}
		if !h.InTransaction() {
			return fn(ctx, w)
		}
		return record.Guard(h, s, func() error {
			return h.Guard(ctx, func(ctx context.Context, inner *tx.Handle) error {
				w.h = inner
				return fn(ctx, w)
			})
		})
	}
	ctx, err := deeper(ctx, s.Model)
	if err != nil {
		return err
	}
	return record.Atomic(ctx, h, []*record.State{s}, func(ctx context.Context, inner *tx.Handle) error {
		return fn(ctx, &write{h: inner, home: h, s: s, hooks: true})
	})
}

// Changing runs fn, which changes records of one model and then saves them. If it fails, or the transaction is rolled back later,
// the changes are undone with what was saved; RolledBack hooks see that.
func Changing(
	ctx context.Context, h *tx.Handle, list []*record.State, fn func(ctx context.Context, h *tx.Handle) error,
) error {
	if hooked(ctx, list[0].Model) {
		return record.Atomic(ctx, h, list, fn)
	}
	return record.Part(ctx, h, list, fn)
}

// deeper returns an error when hooks call each other without end.
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

// onEnd registers the record, once, for the hooks at the end of the transaction.
func onEnd(f *tx.Frame, s *record.State) {
	if !s.Model.Hooks.Ends() {
		return
	}
	f.OnEnd(s,
		func(ctx context.Context) error { return s.Model.Hooks.Run(ctx, meta.Committed, s.Owner) },
		func(ctx context.Context) error { return s.Model.Hooks.Run(ctx, meta.RolledBack, s.Owner) })
}

// Reload replaces the columns by those of another record of the same row, and runs Found hooks. It
// is undone if they fail, and if the transaction that it has read in is rolled back. Outside of a
// transaction it begins none, so that what hooks have written stays, in the record too.
func Reload(ctx context.Context, h *tx.Handle, s *record.State, from memory.Ptr) error {
	if !h.InTransaction() {
		return record.Reloaded(s, from, func() error { return s.Model.Hooks.RunFound(ctx, s.Owner) })
	}
	return record.Atomic(ctx, h, []*record.State{s}, func(ctx context.Context, _ *tx.Handle) error {
		s.Reload(from)
		return s.Model.Hooks.RunFound(ctx, s.Owner)
	})
}

func (w *write) run(ctx context.Context, moments ...meta.Moment) error {
	if !w.hooks {
		return nil
	}
	for _, m := range moments {
		if err := w.s.Model.Hooks.Run(ctx, m, w.s.Owner); err != nil {
			return err
		}
	}
	return nil
}

// Writable returns an error for a record that must not be written.
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
	if err := s.Model.Keyed(); err != nil {
		return err
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
func Save(ctx context.Context, h *tx.Handle, s *record.State) error {
	if err := Writable(s); err != nil {
		return err
	}
	if !s.Persisted() {
		return run(ctx, h, s, func(ctx context.Context, w *write) error { return w.insert(ctx) })
	}
	if err := saved(s); err != nil {
		return err
	}
	if !hooked(ctx, s.Model) {
		dirty := s.Dirty()
		switch {
		case dirty == nil && !s.Forced():
			return nil
		case !h.InTransaction():
			return updateColumns(ctx, h, h, s, dirty)
		}
	}
	return run(ctx, h, s, func(ctx context.Context, w *write) error { return w.update(ctx) })
}
