// SPDX-License-Identifier: MIT

package model

import (
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// is reports whether the record's state has a property. A value that was refused as a model has none.
func (r ref) is(has func(*record.State) bool) bool {
	s := r.known()
	return s != nil && has(s)
}

// columns collects values by attribute name into a fresh map.
func (r ref) columns(value func(s *record.State, c *meta.Column) (any, bool)) Attrs {
	s := r.known()
	if s == nil {
		return Attrs{}
	}
	out := make(Attrs, len(s.Model.Columns))
	for _, c := range s.Model.Columns {
		if v, ok := value(s, c); ok {
			out[c.Attr] = v
		}
	}
	return out
}

// attribute is the value of a column that was loaded.
func attribute(s *record.State, c *meta.Column) (any, bool) {
	return c.Value(c.At(s.Owner)), s.Selected(c)
}

// dirty is the value of a column that Save would write.
func dirty(s *record.State, c *meta.Column) (any, bool) {
	if !s.Changed(c) {
		return nil, false
	}
	return c.Value(c.At(s.Owner)), true
}

// written is the value of a column that the last update wrote.
func written(s *record.State, c *meta.Column) (any, bool) {
	if !s.Changes().Has(c) {
		return nil, false
	}
	return s.Original(c)
}

// any reports whether one of the named columns has a property.
func (r ref) any(names []string, has func(s *record.State, c *meta.Column) bool) bool {
	s := r.known()
	if s == nil {
		return false
	}
	for _, name := range names {
		if c, ok := s.Model.Column(name); ok && has(s, c) {
			return true
		}
	}
	return false
}

func (r ref) isDirty(names []string) bool {
	if len(names) == 0 {
		return r.is((*record.State).IsDirty)
	}
	return r.any(names, (*record.State).Changed)
}

func (r ref) wasChanged(names []string) bool {
	if len(names) == 0 {
		return r.is(func(s *record.State) bool { return !s.Changes().Empty() })
	}
	return r.any(names, func(s *record.State, c *meta.Column) bool { return s.Changes().Has(c) })
}

func (r ref) extras() Extras {
	if s := r.known(); s != nil {
		return s.Extras()
	}
	return Extras{}
}

func (r ref) equal(other memory.Ptr) bool {
	s := r.known()
	return s != nil && other != nil && record.Same(s, record.At(s.Model, other), s.Model.Columns)
}

// replicate returns a new record that takes over values of this one.
func (r ref) replicate(except []string) memory.Ptr {
	out := memory.New(r.typ)
	s := r.known()
	if s == nil {
		return out
	}
	skip := record.NewColumns(s.Model)
	for _, name := range except {
		if c, ok := s.Model.Column(name); ok {
			skip.Add(c)
		}
	}
	for _, c := range s.Model.Columns {
		if c.Key || c.Auto() || c.Version || c.SoftDelete {
			skip.Add(c)
		}
	}
	s.Replicate(record.At(s.Model, out), skip)
	return out
}
