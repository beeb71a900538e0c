// SPDX-License-Identifier: MIT

package query

import (
	"context"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// single is the sink of a query for at most one record with all columns. It is reused, with the
// destinations that were made for its plan.
type single struct {
	plan  *plan
	owner memory.Ptr
	twin  memory.Ptr
	n     int64
	cells dialect.Cells
}

// Targets returns the targets of the plan.
func (s *single) Targets(names []string) ([]dialect.Target, error) {
	if len(names) != len(s.plan.targets) {
		return nil, errs.New(errs.ErrUnknownColumn, "%d result columns for %d", len(names), len(s.plan.targets))
	}
	return s.plan.targets, nil
}

// Row makes the record and the copy for its original values, in one allocation.
func (s *single) Row() (memory.Ptr, []any) {
	t := s.plan.pair
	s.owner = memory.New(t)
	s.twin = memory.Add(s.owner, t.Elem().Size())
	s.n++
	return s.owner, nil
}

// Rows returns the number of rows.
func (s *single) Rows() int64 { return s.n }

// Cells returns the same cells every time.
func (s *single) Cells() *dialect.Cells { return &s.cells }

// Later is never called: no target of the plan has to wait.
func (s *single) Later(memory.Ptr, *dialect.Target, any) {}

// one runs a statement that selects all columns of at most one row. It returns nil if there is none.
func (p *plan) one(ctx context.Context, h *tx.Handle, stmt tx.Statement) (memory.Ptr, error) {
	s, _ := p.singles.Get().(*single)
	if s == nil {
		s = &single{plan: p}
	}
	err := h.Read(ctx, stmt, s)
	owner, twin := s.owner, s.twin
	s.owner, s.twin, s.n = nil, nil, 0
	s.cells.Forget()
	p.singles.Put(s)
	if err != nil || owner == nil {
		return nil, err
	}
	m := p.outputs.list[0].column.Model
	state := new(record.State)
	state.Load(m, h, owner, twin, nil)
	memory.Copy(m.Type, twin, owner)
	for _, c := range m.Shared {
		c.Clone(c.At(twin), c.At(owner))
	}
	return owner, nil
}
