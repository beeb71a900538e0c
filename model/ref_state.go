// SPDX-License-Identifier: MIT

package model

import (
	"maps"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// is reports whether the record is a model and has says so.
func (r ref) is(has func(*record.State) bool) bool {
	s := r.known()
	return s != nil && has(s)
}

// change changes the state of the record, if it is a model.
func (r ref) change(change func(*record.State)) {
	if s := r.known(); s != nil {
		change(s)
	}
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

// any reports whether has says so of one of the named columns.
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

func (r ref) local() bool {
	s := r.known()
	return s == nil || s.Local()
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

func (r ref) sideloaded() Attrs {
	if s := r.known(); s != nil {
		return maps.Clone(s.Sideloaded())
	}
	return nil
}

// same reports whether other is a record of the same row.
func (r ref) same(other any) bool {
	s := r.known()
	o, ok := other.(interface{ ref() ref })
	if s == nil || !ok || memory.OfAny(other) == nil {
		return false
	}
	t := o.ref().known()
	if t == nil || s.Model.Type != t.Model.Type {
		return false
	}
	if s.Owner == t.Owner {
		return true
	}
	if !s.Persisted() || !t.Persisted() || s.Handle != nil && t.Handle != nil && s.Handle.Database() != t.Handle.Database() {
		return false
	}
	return sameColumns(s.Model.Keys, s.Owner, t.Owner)
}

func (r ref) equal(other memory.Ptr) bool {
	s := r.known()
	return s != nil && sameColumns(s.Model.Columns, s.Owner, other)
}

func sameColumns(columns []*meta.Column, a, b memory.Ptr) bool {
	for _, c := range columns {
		if !c.Equal(c.At(a), c.At(b)) {
			return false
		}
	}
	return true
}

// replicate copies what a new record takes over from this one into out.
func (r ref) replicate(out memory.Ptr, except []string) {
	s := r.known()
	if s == nil {
		return
	}
	skip := record.NewColumns(s.Model)
	for _, name := range except {
		if c, ok := s.Model.Column(name); ok {
			skip.Add(c)
		}
	}
	for _, c := range s.Model.Columns {
		if c.Key || c.Auto() || c.Version || c.SoftDelete || skip.Has(c) {
			continue
		}
		c.Clone(c.At(out), c.At(s.Owner))
	}
}

func (r ref) useDB(db *DB) {
	if s := r.known(); s != nil {
		s.Handle = db.handleOf()
	}
}

func (r ref) database() *DB {
	s := r.known()
	if s == nil || s.Handle == nil {
		return nil
	}
	return &DB{h: s.Handle.Current()}
}
