// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"errors"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Rows are the rows among which a finder looks: all of a model, or those of a relation.
type Rows struct {
	h     *tx.Handle
	m     *meta.Model
	spec  *query.Spec                                                         // of the rows
	adopt func(s *record.State) error                                         // makes a new record one of them; may be nil
	wrote func(ctx context.Context, h *tx.Handle, list []*record.State) error // after an INSERT; may be nil
}

// AllRows are the rows of a model.
func AllRows(h *tx.Handle, m *meta.Model) *Rows { return &Rows{h: h, m: m, spec: query.New(h, m)} }

func (r *Rows) on(h *tx.Handle) *query.Spec {
	spec := r.spec.Clone()
	spec.Handle, spec.OfRecord = h, false
	return spec
}

// make returns a new record among the rows.
func (r *Rows) make() (*record.State, error) {
	s := record.Make(r.m)
	s.Handle = r.h
	if r.adopt == nil {
		return s, nil
	}
	return s, r.adopt(s)
}

// inserted completes what an INSERT began.
func (r *Rows) inserted(ctx context.Context, h *tx.Handle, list ...*record.State) error {
	if r.wrote == nil || len(list) == 0 {
		return nil
	}
	return r.wrote(ctx, h, list)
}

func (r *Rows) context(ctx context.Context) context.Context {
	if r.h.InTransaction() {
		return tx.With(ctx, r.h)
	}
	return ctx
}

// atomic runs an INSERT and what completes it.
func (r *Rows) atomic(ctx context.Context, h *tx.Handle, fn func(ctx context.Context, h *tx.Handle) error) error {
	if r.wrote == nil {
		return fn(ctx, h)
	}
	return h.Atomic(ctx, fn)
}

// Lookup is a call that finds a record by values and makes one if there is none.
type Lookup struct {
	*Rows

	search, values Attrs
}

// Lookup starts a call. What is wrong with names and values is found before anything is sent.
func (r *Rows) Lookup(search, values Attrs) (*Lookup, error) {
	if len(search) == 0 && r.adopt == nil && r.wrote == nil {
		return nil, errs.New(errs.ErrMissingWhere, "no values to look for, so any row would do")
	}
	l := &Lookup{Rows: r, search: search, values: values}
	_, err := l.make()
	return l, err
}

// make returns a new record of the searched and further values.
func (l *Lookup) make() (*record.State, error) {
	s, err := l.Rows.make()
	if err != nil {
		return nil, err
	}
	if err := s.Assign(l.search); err != nil {
		return nil, err
	}
	if err := s.Assign(l.values); err != nil {
		return nil, err
	}
	if l.adopt != nil { // the values may name the key too
		err = l.adopt(s)
	}
	return s, err
}

// find returns the record with the searched values, or nil.
func (l *Lookup) find(ctx context.Context, h *tx.Handle, with func(*Query)) (*record.State, error) {
	q := newQuery(l.on(h))
	for _, name := range attrNames(l.search) {
		if l.search[name] == nil {
			q.WhereNull(name)
		} else {
			q.Where(name, l.search[name])
		}
	}
	if with != nil {
		with(q)
	}
	out, err := one(ctx, q.core.spec)
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return nil, nil //nolint:nilnil // nil is no record.
	case err != nil:
		return nil, err
	}
	return record.Of(l.m, out), nil
}

// insert makes and inserts a record, unless a unique index forbids it; then it is nil.
func (l *Lookup) insert(ctx context.Context, h *tx.Handle) (*record.State, error) {
	s, err := l.make()
	if err != nil {
		return nil, err
	}
	inserted := false
	err = l.atomic(ctx, h, func(ctx context.Context, h *tx.Handle) (err error) {
		if inserted, err = persist.InsertNew(ctx, h, s); err == nil && inserted {
			err = l.inserted(ctx, h, s)
		}
		return err
	})
	if !inserted {
		return nil, err
	}
	return s, err
}

// refused explains why there is neither a row with the searched values nor room for a new one: the
// row is soft deleted, or another unique value is taken, which a plain INSERT reports.
func (l *Lookup) refused(ctx context.Context, h *tx.Handle) (*record.State, error) {
	if l.m.Deleted != nil {
		trashed, err := l.find(ctx, h, func(q *Query) { q.OnlyTrashed() })
		if err != nil {
			return nil, err
		}
		if trashed != nil {
			return nil, errs.New(errs.ErrDuplicate, "a soft deleted %s has these values; find it by WithTrashed and Restore it", l.m.Name)
		}
	}
	s, err := l.make()
	if err != nil {
		return nil, err
	}
	return s, l.atomic(ctx, h, func(ctx context.Context, h *tx.Handle) error {
		if err := persist.Save(ctx, h, s, false); err != nil {
			return err
		}
		return l.inserted(ctx, h, s)
	})
}

// FirstOrNew returns the record, or a new one that is not saved.
func (l *Lookup) FirstOrNew(ctx context.Context) (*record.State, error) {
	if s, err := l.find(l.context(ctx), l.h, nil); err != nil || s != nil {
		return s, err
	}
	return l.make()
}

// FirstOrCreate returns the record, or inserts one.
func (l *Lookup) FirstOrCreate(ctx context.Context) (*record.State, error) {
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

// UpdateOrCreate updates the record by the further values, or inserts one.
func (l *Lookup) UpdateOrCreate(ctx context.Context) (*record.State, error) {
	var s *record.State
	err := l.h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) (err error) {
		s, err = l.updateOrCreate(ctx, h)
		return err
	})
	return s, err
}

func (l *Lookup) updateOrCreate(ctx context.Context, h *tx.Handle) (*record.State, error) {
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

func (l *Lookup) findAndUpdate(ctx context.Context, h *tx.Handle) (*record.State, error) {
	s, err := l.find(ctx, h, func(q *Query) { q.LockForUpdate() })
	if err != nil || s == nil {
		return nil, err
	}
	if err := s.Assign(l.values); err != nil {
		return nil, err
	}
	if l.adopt != nil { // the values may name the key too
		if err := l.adopt(s); err != nil {
			return nil, err
		}
	}
	return s, persist.Save(ctx, h, s, false)
}
