// SPDX-License-Identifier: MIT

package aggregate

import (
	"context"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Load selects the aggregate for records of one model by one statement, and gives each record its value: in the field of that
// name, or among its extras. Soft deleted records and those outside of global scopes get one too. The records stay clean.
func Load(ctx context.Context, list []*record.State, a Aggregate) error {
	if len(list) == 0 {
		return nil
	}
	name := list[0].Model.Name
	ctx, h, err := tx.ForRecord(ctx, list[0].Handle)
	if err != nil {
		return errs.In(name, "load aggregate", err)
	}
	m, err := h.Database().Models.Model(list[0].Model.Type)
	if err == nil {
		err = a.load(ctx, h, m, list)
	}
	return errs.In(name, "load aggregate", err)
}

func (a Aggregate) load(ctx context.Context, h *tx.Handle, m *meta.Model, list []*record.State) error {
	column, err := m.Key()
	if err != nil {
		return err
	}
	keys, err := key.OfAllSaved(list, column)
	if err != nil {
		return err
	}
	spec := query.New(h, m)
	spec.Trashed = query.WithTrashed
	chain.Select(spec, []string{column.Attr})
	if Select(spec, a); spec.Err != nil {
		return spec.Err
	}
	index := key.NewIndex(column, column, len(keys))
	numbers := make([]int32, len(keys)) // of each record's key
	for i, k := range keys {
		numbers[i], _ = index.AddBound(k)
	}
	spec.Require(query.Match{Place: query.Place{Table: m.Table, Column: column}, Keys: index.Values()})
	rows, err := query.Select(ctx, h, spec)
	if err != nil {
		return err
	}
	fields := make([]memory.Ptr, len(rows))
	for i, row := range rows {
		fields[i] = column.At(row)
	}
	found, err := index.Resolve(ctx, h, column, fields, key.ByValues)
	if err != nil {
		return err
	}
	byKey := make([]memory.Ptr, index.Len())
	for i, n := range found {
		if n != key.None {
			byKey[n] = rows[i]
		}
	}
	as := spec.Outputs[0].As
	for i, s := range list {
		row := byKey[index.Class(numbers[i])]
		if row == nil {
			return errs.New(errs.ErrNotFound, "the row of a %s", m.Name)
		}
		give(s, m, as, row)
	}
	return nil
}

// give copies the value of one record to another record of the same row.
func give(s *record.State, m *meta.Model, as string, row memory.Ptr) {
	if field, ok := m.Virtual(as); ok {
		field.Clone(memory.Add(s.Owner, field.Offset), memory.Add(row, field.Offset))
		return
	}
	s.Extras()[as] = record.Of(m, row).Extras()[as]
}
