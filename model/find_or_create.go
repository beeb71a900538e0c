// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/relation"
)

// untyped stands for a record of whichever model: *untyped is the address of one, which its state
// and its metadata know how to read.
type untyped struct{}

// queryOf is Query for a model that is known by its facts.
func queryOf(h *tx.Handle, m *meta.Model) *Builder[untyped] {
	return relation.NewBuilder[untyped](h, m, nil)
}

// newRecord returns the state of a new record of the model.
func newRecord(h *tx.Handle, m *meta.Model) *record.State {
	s := record.Make(m)
	s.Handle = h
	return s
}

// lookup is a call that finds a record by values and makes one if there is none.
type lookup struct {
	h              *tx.Handle
	m              *meta.Model
	search, values Attrs
}

func newLookup(ctx context.Context, db *DB, t reflect.Type, search, values Attrs) (*lookup, error) {
	h, err := tx.ForArgument(ctx, db.handleOf())
	if err != nil {
		return nil, err
	}
	m, err := h.Database().Models.Model(t)
	if err != nil {
		return nil, err
	}
	if len(search) == 0 {
		return nil, errs.New(errs.ErrMissingWhere, "no values to look for, so any row would do")
	}
	l := &lookup{h: h, m: m, search: search, values: values}
	_, err = l.make() // finds what is wrong with names and values before anything is sent
	return l, err
}

// make returns a new record of the searched and further values.
func (l *lookup) make() (*record.State, error) {
	s := newRecord(l.h, l.m)
	if err := s.Assign(l.search); err != nil {
		return nil, err
	}
	if err := s.Assign(l.values); err != nil {
		return nil, err
	}
	return s, nil
}

// find returns the record with the searched values, or nil.
func (l *lookup) find(ctx context.Context, h *tx.Handle, with func(*Builder[untyped])) (*record.State, error) {
	q := queryOf(h, l.m)
	for _, name := range sortedNames(l.search) {
		if l.search[name] == nil {
			q.WhereNull(name)
		} else {
			q.Where(name, l.search[name])
		}
	}
	if with != nil {
		with(q)
	}
	out, err := q.First(ctx)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil //nolint:nilnil // nil is no record.
	case err != nil:
		return nil, err
	}
	return record.Of(l.m, memory.Of(out)), nil
}

func sortedNames(attrs Attrs) []string {
	names := make([]string, 0, len(attrs))
	for name := range attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// insert makes and inserts a record, unless a unique index forbids it; then it is nil.
func (l *lookup) insert(ctx context.Context, h *tx.Handle) (*record.State, error) {
	s, err := l.make()
	if err != nil {
		return nil, err
	}
	inserted, err := persist.InsertNew(ctx, h, s)
	if !inserted {
		return nil, err
	}
	return s, err
}

// refused explains why there is neither a row with the searched values nor room for a new one: the
// row is soft deleted, or another unique value is taken, which a plain INSERT reports.
func (l *lookup) refused(ctx context.Context, h *tx.Handle) (*record.State, error) {
	if l.m.Deleted != nil {
		trashed, err := l.find(ctx, h, func(q *Builder[untyped]) { q.OnlyTrashed() })
		if err != nil {
			return nil, err
		}
		if trashed != nil {
			return nil, errs.New(errs.ErrDuplicate, "a soft deleted %s has these values; find it by WithTrashed and Restore it", l.m.Name)
		}
	}
	s, err := l.make()
	if err == nil {
		err = persist.Save(ctx, h, s, false)
	}
	return s, err
}

func (l *lookup) context(ctx context.Context) context.Context {
	if l.h.InTransaction() {
		return tx.With(ctx, l.h)
	}
	return ctx
}

// found returns the record that a call ends with, as long as it did not fail.
func found[T any](t reflect.Type, op string, s *record.State, err error) (*T, error) {
	if s == nil || err != nil && !errors.Is(err, ErrAfterCommit) {
		return nil, errs.In(t.Name(), op, err)
	}
	return memory.At[T](s.Owner), errs.In(t.Name(), op, err)
}

// FirstOrNew returns the first record with the searched values, or a new one, not saved, of the
// searched and further values. Values may name any column; nil searches for NULL. One statement.
func FirstOrNew[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (*T, error) {
	t := reflect.TypeFor[T]()
	s, err := firstOrNew(ctx, db, t, search, values)
	return found[T](t, "first or new", s, err)
}

func firstOrNew(ctx context.Context, db *DB, t reflect.Type, search, values Attrs) (*record.State, error) {
	l, err := newLookup(ctx, db, t, search, values)
	if err != nil {
		return nil, err
	}
	if s, err := l.find(l.context(ctx), l.h, nil); err != nil || s != nil {
		return s, err
	}
	return l.make()
}

// FirstOrCreate returns the first record with the searched values as it is, or inserts one of the
// searched and further values. With a unique index on the searched columns, concurrent calls insert
// one row and all return it; without one, they may insert several. One statement if there is a row,
// two if not: SELECT and INSERT … ON CONFLICT DO NOTHING, and a third if another call was faster.
func FirstOrCreate[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (*T, error) {
	t := reflect.TypeFor[T]()
	s, err := firstOrCreate(ctx, db, t, search, values)
	return found[T](t, "first or create", s, err)
}

func firstOrCreate(ctx context.Context, db *DB, t reflect.Type, search, values Attrs) (*record.State, error) {
	l, err := newLookup(ctx, db, t, search, values)
	if err != nil {
		return nil, err
	}
	ctx = l.context(ctx)
	if s, err := l.find(ctx, l.h, nil); err != nil || s != nil {
		return s, err
	}
	if s, err := l.insert(ctx, l.h); err != nil || s != nil {
		return s, err
	}
	if s, err := l.find(ctx, l.h, nil); err != nil || s != nil {
		return s, err
	}
	return l.refused(ctx, l.h)
}

// UpdateOrCreate updates the first record with the searched values, which it locks, by the further
// values, or inserts one of both, all in one transaction. With a unique index on the searched
// columns, concurrent calls end in one row. Hooks run as in Save.
func UpdateOrCreate[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (*T, error) {
	t := reflect.TypeFor[T]()
	s, err := updateOrCreate(ctx, db, t, search, values)
	return found[T](t, "update or create", s, err)
}

func updateOrCreate(ctx context.Context, db *DB, t reflect.Type, search, values Attrs) (*record.State, error) {
	l, err := newLookup(ctx, db, t, search, values)
	if err != nil {
		return nil, err
	}
	var s *record.State
	err = l.h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) (err error) {
		s, err = l.updateOrCreate(ctx, h)
		return err
	})
	return s, err
}

func (l *lookup) updateOrCreate(ctx context.Context, h *tx.Handle) (*record.State, error) {
	if s, err := l.findAndUpdate(ctx, h); err != nil || s != nil {
		return s, err
	}
	if s, err := l.insert(ctx, h); err != nil || s != nil {
		return s, err
	}
	if s, err := l.findAndUpdate(ctx, h); err != nil || s != nil {
		return s, err
	}
	return l.refused(ctx, h)
}

func (l *lookup) findAndUpdate(ctx context.Context, h *tx.Handle) (*record.State, error) {
	s, err := l.find(ctx, h, func(q *Builder[untyped]) { q.LockForUpdate() })
	if err != nil || s == nil {
		return nil, err
	}
	if err := s.Assign(l.values); err != nil {
		return nil, err
	}
	return s, persist.Save(ctx, h, s, false)
}
