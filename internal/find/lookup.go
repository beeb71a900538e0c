// SPDX-License-Identifier: MIT

package find

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// orNew returns the record that was found, or a new one if there is none.
func (r *Rows) orNew(p memory.Ptr, err error) (*record.State, error) {
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return r.make()
	case err != nil:
		return nil, err
	default:
		return record.Of(r.Model, p), nil
	}
}

// Lookup is a call that finds a record by values, or makes one of them.
type Lookup struct {
	rows           *Rows
	search, values map[string]any
}

// NewLookup returns a call that looks for searched values, and has further values for a record that it makes or updates. What is
// wrong with their names and types is found before anything is sent.
func NewLookup(rows *Rows, search, values map[string]any) (*Lookup, error) {
	if len(search) == 0 && rows.Adopt == nil && rows.Attach == nil {
		return nil, errs.New(errs.ErrMissingWhere, "no values to look for, so any row would do")
	}
	l := &Lookup{rows: rows, search: search, values: values}
	_, err := l.make()
	return l, err
}

// make returns a new record of the searched and further values.
func (l *Lookup) make() (*record.State, error) { return l.rows.make(l.search, l.values) }

// find returns the record with the searched values, or nil.
func (l *Lookup) find(ctx context.Context, h *tx.Handle, with ...func(*query.Spec)) (*record.State, error) {
	spec := l.rows.on(h)
	for _, name := range slices.Sorted(maps.Keys(l.search)) {
		if l.search[name] == nil {
			spec.Add(query.And, query.Null{Column: name})
		} else {
			spec.Add(query.And, query.NewCompare(name, "=", l.search[name]))
		}
	}
	for _, fn := range with {
		fn(spec)
	}
	p, err := First(ctx, spec)
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return nil, nil //nolint:nilnil // nil is no record.
	case err != nil:
		return nil, err
	}
	return record.Of(l.rows.Model, p), nil
}

// insert makes and inserts a record, unless a unique index refuses it; then it returns nil.
func (l *Lookup) insert(ctx context.Context, h *tx.Handle) (*record.State, error) {
	s, err := l.make()
	if err != nil {
		return nil, err
	}
	inserted := false
	err = l.rows.whole(ctx, h, func(ctx context.Context, h *tx.Handle) (err error) {
		if inserted, err = persist.InsertNew(ctx, h, s); err != nil || !inserted {
			return err
		}
		return l.rows.attach(ctx, h, s)
	})
	if !inserted {
		return nil, err
	}
	return s, err
}

// explain returns the reason why the row was neither found nor inserted: it is soft deleted, or
// another unique value is taken, which a plain INSERT reports.
func (l *Lookup) explain(ctx context.Context, h *tx.Handle) (*record.State, error) {
	m := l.rows.Model
	if m.Deleted != nil {
		trashed, err := l.find(ctx, h, onlyTrashed, latest)
		if err != nil {
			return nil, err
		}
		if trashed != nil {
			return nil, errs.New(errs.ErrDuplicate, "a soft deleted %s has these values; find it by WithTrashed and Restore it", m.Name)
		}
	}
	s, err := l.make()
	if err != nil {
		return nil, err
	}
	return s, l.rows.whole(ctx, h, func(ctx context.Context, h *tx.Handle) error {
		if err := persist.Save(ctx, h, s); err != nil {
			return err
		}
		return l.rows.attach(ctx, h, s)
	})
}

func onlyTrashed(spec *query.Spec) { spec.Trashed = query.OnlyTrashed }

// latest looks again for rows that others have committed meanwhile. A transaction that reads a snapshot sees them only under a lock.
func latest(spec *query.Spec) {
	if gaps(spec.Handle) {
		spec.Lock.Mode = query.ForShare
	}
}

// gaps reports whether a look under a lock, for rows that are not there, would keep others from inserting them until the transaction
// of the caller has ended. Then rows are looked for without a lock first.
func gaps(h *tx.Handle) bool { return h.InTransaction() && h.Dialect().Snapshots }

func forUpdate(spec *query.Spec) { spec.Lock.Mode = query.ForUpdate }

// OrNew returns the record, or a new one that is not saved: one statement.
func (l *Lookup) OrNew(ctx context.Context) (*record.State, error) {
	if s, err := l.find(ctx, l.rows.Handle); err != nil || s != nil {
		return s, err
	}
	return l.make()
}

// OrCreate returns the record, or inserts one. It sends a SELECT; if there is no row an INSERT that does nothing where a unique
// index forbids the row, and then the SELECT again.
func (l *Lookup) OrCreate(ctx context.Context) (*record.State, error) {
	h := l.rows.Handle
	ctx = h.Writing(ctx)
	if s, err := l.find(ctx, h); err != nil || s != nil {
		return s, err
	}
	if s, err := l.insert(ctx, h); err != nil || s != nil {
		return s, err
	}
	if s, err := l.find(ctx, h, latest); err != nil || s != nil {
		return s, err
	}
	return l.explain(ctx, h)
}

// UpdateOrCreate locks the record and updates it by the further values, or inserts one, in one transaction.
func (l *Lookup) UpdateOrCreate(ctx context.Context) (*record.State, error) {
	var s *record.State
	ctx = l.rows.Handle.Writing(ctx)
	err := l.rows.Handle.Contended(ctx, func(ctx context.Context, h *tx.Handle) (err error) {
		s, err = l.updateOrCreate(ctx, h)
		return err
	})
	return s, err
}

func (l *Lookup) updateOrCreate(ctx context.Context, h *tx.Handle) (*record.State, error) {
	if !gaps(l.rows.Handle) {
		if s, err := l.findAndUpdate(ctx, h); err != nil || s != nil {
			return s, err
		}
	} else if s, err := l.find(ctx, h); err != nil {
		return nil, err
	} else if s != nil {
		if s, err := l.findAndUpdate(ctx, h); err != nil || s != nil {
			return s, err
		}
	}
	if s, err := l.insert(ctx, h); err != nil || s != nil {
		return s, err
	}
	if s, err := l.findAndUpdate(ctx, h); err != nil || s != nil {
		return s, err
	}
	return l.explain(ctx, h)
}

func (l *Lookup) findAndUpdate(ctx context.Context, h *tx.Handle) (*record.State, error) {
	s, err := l.find(ctx, h, forUpdate)
	if err != nil || s == nil {
		return nil, err
	}
	if err := s.Assign(l.values); err != nil {
		return nil, err
	}
	if err := l.rows.adopt(s); err != nil { // the values may name the keys too
		return nil, err
	}
	return s, persist.Save(ctx, h, s)
}
