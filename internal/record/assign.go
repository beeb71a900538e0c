// SPDX-License-Identifier: MIT

package record

import (
	"maps"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Assignable returns an error for columns that mass assignment may not set.
func Assignable(c *meta.Column) error {
	if c.Guarded {
		return errs.New(errs.ErrGuarded, "%s of %s is guarded against mass assignment; code may assign the field %s",
			ident.Quote(c.JSON.Name), c.Model.Name, c.Attr)
	}
	if c.Model.Fillable && !c.Fillable {
		return errs.New(errs.ErrGuarded, "%s of %s is guarded against mass assignment; code may assign the field %s",
			ident.Quote(c.JSON.Name), c.Model.Name, c.Attr)
	}
	return nil
}

// assignment is a column and its new value.
type assignment struct {
	column *meta.Column
	field  memory.Ptr
}

// Merge sets columns by attribute or column name, under the rules of mass assignment. Relations are
// ignored. After an error nothing is set.
func (s *State) Merge(values map[string]any, only []string) error {
	list, err := s.assignments(values, only, true)
	if err != nil {
		return err
	}
	for _, a := range list {
		s.Set(a.column, a.field)
	}
	return nil
}

// Fill is Merge, and sets the columns that may be set and are not named to zero.
func (s *State) Fill(values map[string]any, only []string) error {
	list, err := s.assignments(values, only, true)
	if err != nil {
		return err
	}
	for _, c := range s.Model.Columns {
		if Assignable(c) == nil && allowed(c, only) {
			c.Clone(c.At(s.Owner), c.New())
			s.unname(c)
		}
	}
	for _, a := range list {
		s.Set(a.column, a.field)
	}
	return nil
}

// Set gives a column a value that somebody gave it by its name: an INSERT writes it, also if it is zero.
func (s *State) Set(c *meta.Column, field memory.Ptr) {
	c.Clone(c.At(s.Owner), field)
	s.Name(c)
}

// Name records that the caller named a column, so that an INSERT writes it.
func (s *State) Name(c *meta.Column) {
	if !c.Zero(c.At(s.Owner)) {
		return
	}
	r := s.more()
	if r.named == nil {
		r.named = NewColumns(s.Model)
	}
	r.named.Add(c)
}

func (s *State) unname(c *meta.Column) {
	if r := s.others(); r != nil && r.named.Has(c) {
		r.named.Remove(c)
	}
}

// Named reports whether the caller named a column. All columns of a record with a row count as named.
func (s *State) Named(c *meta.Column) bool {
	r := s.others()
	return r != nil && r.named.Has(c) || s.Persisted() && s.Selected(c)
}

// Holds reports whether the record has a field for each of the values.
func (s *State) Holds(values map[string]any) bool {
	for name := range values {
		if c, ok := s.Model.Column(name); !ok || c.Index < 0 {
			return false
		}
	}
	return true
}

// Assign sets columns by attribute or column name, guarded or not: the names come from code.
func (s *State) Assign(values map[string]any) error {
	list, err := s.assignments(values, nil, false)
	if err != nil {
		return err
	}
	for _, a := range list {
		s.Set(a.column, a.field)
	}
	return nil
}

func (s *State) assignments(values map[string]any, only []string, guard bool) ([]assignment, error) {
	m := s.Model
	if s.Deleted() {
		return nil, errs.New(errs.ErrDeleted, "the row of this %s was deleted", m.Name)
	}
	for _, name := range only {
		if _, ok := m.Column(name); !ok {
			return nil, m.UnknownAttribute(name)
		}
	}
	list := make([]assignment, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		c, ok := m.Column(name)
		if !ok {
			if _, relation := m.Relation(name); relation {
				continue
			}
			return nil, m.UnknownAttribute(name)
		}
		if guard {
			if err := Assignable(c); err != nil {
				return nil, errs.About(m.Name, name, err)
			}
			if !allowed(c, only) {
				return nil, errs.About(m.Name, name,
					errs.New(errs.ErrGuarded, "%s of %s is not among the attributes that may be set here", ident.Quote(name), m.Name))
			}
		}
		if slices.ContainsFunc(list, func(a assignment) bool { return a.column == c }) {
			return nil, errs.New(errs.ErrInvalidValue, "%s.%s is given by two names", m.Name, c.Attr)
		}
		field := c.New()
		if err := c.Assign(field, v); err != nil {
			return nil, errs.Field(m.Name+"."+c.Attr, err)
		}
		list = append(list, assignment{c, field})
	}
	return list, nil
}

func allowed(c *meta.Column, only []string) bool {
	return len(only) == 0 || slices.Contains(only, c.Attr) || slices.Contains(only, c.Name)
}

// Thaw makes s the state of a new record, which was kept outside of a database.
func (s *State) Thaw() {
	s.Handle, s.rest = nil, nil
	s.snap, s.selected, s.flags = nil, nil, 0
}

// ThawSaved makes s the state of a record with a row, which was kept outside of a database. row holds what the database held in
// the selected columns.
func (s *State) ThawSaved(row map[*meta.Column]any, selected Columns) error {
	s.Thaw()
	s.snap = s.Model.New()
	s.selected = &selected
	s.flags = persisted | fetched
	for c, v := range row {
		if c.Opaque {
			s.KeepStored(c, v)
			continue
		}
		if err := c.Scan(c.At(s.snap), v); err != nil {
			return errs.Field(s.Model.Name+"."+c.Attr, err)
		}
	}
	return nil
}
