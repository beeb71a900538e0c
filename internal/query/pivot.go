// SPDX-License-Identifier: MIT

package query

import (
	"strings"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// pivotField is a column of a pivot model, whose value lies behind a related record.
type pivotField struct {
	column *meta.Column
	codec  *meta.Codec // of the column, or a pointer to one, which is nil for NULL
	offset uintptr
	name   string
}

// addPivot adds the pivot row of a record to its extras: a record of the pivot model, or a map where there is no model.
func (r *records) addPivot(p *meta.Pivot, s *record.State) error {
	if !p.Typed {
		s.Extras()[p.As] = PivotMap(s.Extras())
		return nil
	}
	made := record.Make(p.Model)
	for i := range r.pivots {
		if err := r.pivots[i].copy(made, s); err != nil {
			return err
		}
	}
	twin := p.Model.New()
	made.Load(p.Model, r.handle, made.Owner, twin, nil)
	if err := made.Snapshot(twin); err != nil {
		return err
	}
	s.SetPivot(made.Owner)
	s.Extras()[p.As] = memory.Pointer(p.Model.Type, made.Owner)
	return nil
}

// copy copies the value behind a record to the pivot record, and to a field of the record that has its name.
func (f *pivotField) copy(pivot, s *record.State) error {
	at, dst := memory.Add(s.Owner, f.offset), f.column.At(pivot.Owner)
	if f.codec != f.column.Codec {
		if at = *memory.At[memory.Ptr](at); at == nil {
			return columnError(f.column, f.column.Scan(dst, nil))
		}
	}
	f.column.Clone(dst, at)
	v, ok := s.Model.Virtual(f.name)
	if !ok {
		return nil
	}
	bound, err := f.column.Bind(dst)
	if err == nil {
		err = v.Scan(memory.Add(s.Owner, v.Offset), bound)
	}
	return columnError(f.column, err)
}

// PivotMap returns the values of a pivot row among extras, by column.
func PivotMap(extras map[string]any) map[string]any {
	row := map[string]any{}
	for name, v := range extras {
		if column, ok := strings.CutPrefix(name, PivotPrefix); ok {
			row[column] = v
		}
	}
	return row
}
