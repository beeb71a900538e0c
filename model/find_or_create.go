// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// lookup is a call that finds a record by values and makes one if there is none.
type lookup[T any, P Model[T]] struct {
	h              *tx.Handle
	m              *meta.Model
	search, values Attrs
}

func newLookup[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (*lookup[T, P], error) {
	h, err := tx.ForArgument(ctx, db.handleOf())
	if err != nil {
		return nil, err
	}
	m, err := h.Database().Models.Model(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	if len(search) == 0 {
		return nil, errs.New(errs.ErrMissingWhere, "no values to look for, so any row would do")
	}
	l := &lookup[T, P]{h: h, m: m, search: search, values: values}
	_, err = l.make() // finds what is wrong with names and values before anything is sent
	return l, err
}

// make returns a new record of the searched and further values.
func (l *lookup[T, P]) make() (*T, error) {
	out := new(T)
	s, err := l.state(out)
	if err == nil {
		err = s.Assign(l.search)
	}
	if err == nil {
		err = s.Assign(l.values)
	}
	return out, err
}

func (l *lookup[T, P]) state(rec *T) (*record.State, error) {
	s, err := stateOf[T, P](rec)
	if err == nil {
		s.Model, s.Handle = l.m, l.h
	}
	return s, err
}

// find returns the record with the searched values, or nil.
func (l *lookup[T, P]) find(ctx context.Context, h *tx.Handle, with func(*Builder[T])) (*T, error) {
	q := Query[T, P](&DB{h: h})
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
	if errors.Is(err, ErrNotFound) {
		return nil, nil //nolint:nilnil // nil is no record.
	}
	return out, err
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
func (l *lookup[T, P]) insert(ctx context.Context, h *tx.Handle) (*T, error) {
	out, err := l.make()
	if err != nil {
		return nil, err
	}
	s, err := l.state(out)
	if err != nil {
		return nil, err
	}
	inserted, err := persist.InsertNew(ctx, h, s)
	if !inserted {
		return nil, err
	}
	return out, err
}

// refused explains why there is neither a row with the searched values nor room for a new one: the
// row is soft deleted, or another unique value is taken, which a plain INSERT reports.
func (l *lookup[T, P]) refused(ctx context.Context, h *tx.Handle) (*T, error) {
	if l.m.Deleted != nil {
		trashed, err := l.find(ctx, h, func(q *Builder[T]) { q.OnlyTrashed() })
		if err != nil {
			return nil, err
		}
		if trashed != nil {
			return nil, errs.New(errs.ErrDuplicate, "a soft deleted %s has these values; find it by WithTrashed and Restore it", l.m.Name)
		}
	}
	out, err := l.make()
	if err != nil {
		return nil, err
	}
	s, err := l.state(out)
	if err == nil {
		err = persist.Save(ctx, h, s, false)
	}
	return out, err
}

func (l *lookup[T, P]) context(ctx context.Context) context.Context {
	if l.h.InTransaction() {
		return tx.With(ctx, l.h)
	}
	return ctx
}

// FirstOrNew returns the first record with the searched values, or a new one, not saved, of the
// searched and further values. Values may name any column; nil searches for NULL. One statement.
func FirstOrNew[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (*T, error) {
	out, err := func() (*T, error) {
		l, err := newLookup[T, P](ctx, db, search, values)
		if err != nil {
			return nil, err
		}
		out, err := l.find(l.context(ctx), l.h, nil)
		if err != nil || out != nil {
			return out, err
		}
		return l.make()
	}()
	return out, errs.In(name[T](), "first or new", err)
}

// FirstOrCreate returns the first record with the searched values as it is, or inserts one of the
// searched and further values. With a unique index on the searched columns, concurrent calls insert
// one row and all return it; without one, they may insert several. One statement if there is a row,
// two if not: SELECT and INSERT … ON CONFLICT DO NOTHING, and a third if another call was faster.
func FirstOrCreate[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (*T, error) {
	out, err := func() (*T, error) {
		l, err := newLookup[T, P](ctx, db, search, values)
		if err != nil {
			return nil, err
		}
		ctx := l.context(ctx)
		if out, err := l.find(ctx, l.h, nil); err != nil || out != nil {
			return out, err
		}
		if out, err := l.insert(ctx, l.h); err != nil || out != nil {
			return out, err
		}
		if out, err := l.find(ctx, l.h, nil); err != nil || out != nil {
			return out, err
		}
		return l.refused(ctx, l.h)
	}()
	return out, errs.In(name[T](), "first or create", err)
}

// UpdateOrCreate updates the first record with the searched values, which it locks, by the further
// values, or inserts one of both, all in one transaction. With a unique index on the searched
// columns, concurrent calls end in one row. Hooks run as in Save.
func UpdateOrCreate[T any, P Model[T]](ctx context.Context, db *DB, search, values Attrs) (*T, error) {
	var out *T
	l, err := newLookup[T, P](ctx, db, search, values)
	if err == nil {
		err = l.h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) (err error) {
			out, err = l.updateOrCreate(ctx, h)
			return err
		})
	}
	if err != nil && !errors.Is(err, ErrAfterCommit) {
		out = nil
	}
	return out, errs.In(name[T](), "update or create", err)
}

func (l *lookup[T, P]) updateOrCreate(ctx context.Context, h *tx.Handle) (*T, error) {
	out, err := l.findAndUpdate(ctx, h)
	if err != nil || out != nil {
		return out, err
	}
	if out, err = l.insert(ctx, h); err != nil || out != nil {
		return out, err
	}
	if out, err = l.findAndUpdate(ctx, h); err != nil || out != nil {
		return out, err
	}
	return l.refused(ctx, h)
}

func (l *lookup[T, P]) findAndUpdate(ctx context.Context, h *tx.Handle) (*T, error) {
	out, err := l.find(ctx, h, func(q *Builder[T]) { q.LockForUpdate() })
	if err != nil || out == nil {
		return nil, err
	}
	return out, update[T, P](ctx, h, out, l.values)
}

func update[T any, P Model[T]](ctx context.Context, h *tx.Handle, rec *T, values Attrs) error {
	s, err := stateOf[T, P](rec)
	if err == nil {
		err = s.Assign(values)
	}
	if err == nil {
		err = persist.Save(ctx, h, s, false)
	}
	return err
}
