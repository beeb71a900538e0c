// SPDX-License-Identifier: MIT

package find

import (
	"context"
	"reflect"

	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Rows are the rows among which a record is looked for before one is made: all of a model, or those of a relation.
type Rows struct {
	Handle *tx.Handle
	Model  *meta.Model
	Query  *query.Spec // of the rows

	// Adopt sets the keys that make a record one of the rows. It is nil for the rows of a model.
	Adopt func(s *record.State) error
	// Attach completes the INSERT of records. It is nil where the rows need nothing else.
	Attach func(ctx context.Context, h *tx.Handle, list []*record.State) error
}

// OfModel returns the rows of a model on the database that serves a call.
func OfModel(ctx context.Context, given *tx.Handle, t reflect.Type) (context.Context, *Rows, error) {
	ctx, h, err := tx.ForArgument(ctx, given)
	if err != nil {
		return ctx, nil, err
	}
	m, err := h.Database().Models.Model(t)
	if err != nil {
		return ctx, nil, err
	}
	return ctx, &Rows{Handle: h, Model: m, Query: query.New(h, m)}, nil
}

// on returns the query of the rows on a handle.
func (r *Rows) on(h *tx.Handle) *query.Spec {
	spec := r.Query.Clone()
	spec.Handle, spec.OfRecord = h, false
	return spec
}

// make returns a new record of values, which code may name freely, among the rows.
func (r *Rows) make(values ...map[string]any) (*record.State, error) {
	s := record.Make(r.Model)
	s.Handle = r.Handle
	if err := r.adopt(s); err != nil {
		return nil, err
	}
	for _, v := range values {
		if err := s.Assign(v); err != nil {
			return nil, err
		}
	}
	return s, r.adopt(s) // the values may name the keys too
}

func (r *Rows) adopt(s *record.State) error {
	if r.Adopt == nil {
		return nil
	}
	return r.Adopt(s)
}

// attach completes the INSERT of records.
func (r *Rows) attach(ctx context.Context, h *tx.Handle, list ...*record.State) error {
	if r.Attach == nil || len(list) == 0 {
		return nil
	}
	return r.Attach(ctx, h, list)
}

// whole runs an INSERT and Attach, if there is one, in one transaction.
func (r *Rows) whole(ctx context.Context, h *tx.Handle, fn func(ctx context.Context, h *tx.Handle) error) error {
	if r.Attach == nil {
		return fn(ctx, h)
	}
	return h.Atomic(ctx, fn)
}

// ByKeyOrNew returns the row with a primary key, or a new record, not saved, without that key. It sends one statement.
func (r *Rows) ByKeyOrNew(ctx context.Context, id any) (*record.State, error) {
	p, err := ByKey(ctx, r.on(r.Handle), id)
	return r.orNew(p, err)
}
