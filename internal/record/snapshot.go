// SPDX-License-Identifier: MIT

package record

import (
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Snapshot copies the current columns as the values that the database holds, to memory of its own or
// in snap, which holds a zero record.
func (s *State) Snapshot(snap memory.Ptr) error {
	if snap == nil {
		snap = s.Model.New()
	}
	stored, err := bindOpaque(s.Model, s.Owner)
	if err != nil {
		return err
	}
	copyColumns(s.Model, snap, s.Owner)
	s.snap = snap
	if stored != nil || s.others() != nil {
		s.more().stored = stored
	}
	s.flags &^= untracked
	return nil
}

// copyColumns copies the columns that can be compared in memory to a new record; opaque ones are kept
// as stored values.
func copyColumns(m *meta.Model, dst, src memory.Ptr) {
	for i := range m.Places {
		if p := &m.Places[i]; p.Form != meta.Opaque {
			copyPlace(p, dst, src)
		}
	}
}

// copySnapshot returns a copy of a snapshot, or nil.
func (s *State) copySnapshot() memory.Ptr {
	if s.snap == nil {
		return nil
	}
	snap := s.Model.New()
	copyColumns(s.Model, snap, s.snap)
	return snap
}

func bindOpaque(m *meta.Model, src memory.Ptr) ([]any, error) {
	if len(m.Opaque) == 0 {
		return nil, nil
	}
	stored := make([]any, len(m.Opaque))
	for i, c := range m.Opaque {
		v, err := c.Bind(c.At(src))
		if err != nil {
			return nil, err
		}
		stored[i] = v
	}
	return stored, nil
}

// slot returns the position of an opaque column in Rest.stored.
func slot(c *meta.Column) int {
	for i, o := range c.Model.Opaque {
		if o == c {
			return i
		}
	}
	return -1
}

// Changed reports whether the column differs from what the database holds. Every column of a record
// without a row differs that is not zero.
func (s *State) Changed(c *meta.Column) bool {
	if s.snap == nil {
		return !s.Persisted() && !c.Zero(c.At(s.Owner))
	}
	if c.Opaque {
		return s.opaqueChanged(c)
	}
	return !same(&s.Model.Places[c.Index], s.Owner, s.snap)
}

// opaqueChanged compares stored values. What the database returned may be written in another way
// than what the field would be stored as, so a difference is looked at once more after a round trip
// through the field's type.
func (s *State) opaqueChanged(c *meta.Column) bool {
	before, known := s.stored(c)
	if !known || !s.Selected(c) {
		return !c.Zero(c.At(s.Owner))
	}
	now, err := c.Bind(c.At(s.Owner))
	if err != nil {
		return true // saving reports the error
	}
	if c.EqualStored(now, before) {
		return false
	}
	field := c.New()
	if c.Scan(field, before) != nil {
		return true
	}
	return !c.Equal(c.At(s.Owner), field)
}

// Dirty returns the columns that a save would write; nil if there are none.
func (s *State) Dirty() Columns {
	var dirty Columns
	for i := range s.Model.Runs {
		r := &s.Model.Runs[i]
		if s.untouched(r) {
			continue
		}
		for j := range r.Places {
			if s.clean(&r.Places[j]) {
				continue
			}
			if dirty == nil {
				dirty = NewColumns(s.Model)
			}
			dirty.Add(r.Places[j].Column)
		}
	}
	return dirty
}

// IsDirty reports whether a save would write anything.
func (s *State) IsDirty() bool {
	for i := range s.Model.Runs {
		r := &s.Model.Runs[i]
		if s.untouched(r) {
			continue
		}
		for j := range r.Places {
			if !s.clean(&r.Places[j]) {
				return true
			}
		}
	}
	return false
}

// untouched reports, by one comparison of memory, that all columns of the run are clean.
func (s *State) untouched(r *meta.Run) bool {
	return r.Size > 0 && s.snap != nil && memory.Same(memory.Add(s.Owner, r.Offset), memory.Add(s.snap, r.Offset), r.Size)
}

// clean reports whether the column equals what the database holds.
func (s *State) clean(p *meta.Place) bool {
	if s.snap != nil && p.Form > meta.ByCodec {
		return same(p, s.Owner, s.snap)
	}
	return !s.Changed(p.Column)
}

// image holds the columns of a row as they were. It never changes.
type image struct {
	snap     memory.Ptr
	stored   []any
	selected *Columns
}

// value returns a copy of the column's value, and whether there is one.
func (i image) value(c *meta.Column) (any, bool) {
	if i.snap == nil || i.selected != nil && !i.selected.Has(c) {
		return nil, false
	}
	if !c.Opaque {
		return c.Value(c.At(i.snap)), true
	}
	if i.stored == nil {
		return nil, false
	}
	field := c.New()
	if c.Scan(field, i.stored[slot(c)]) != nil {
		return nil, false
	}
	return c.Value(field), true
}

// Original returns a copy of the column's value in the database, and whether there is one.
func (s *State) Original(c *meta.Column) (any, bool) {
	row := image{snap: s.snap, selected: s.selected}
	if r := s.others(); r != nil {
		row.stored = r.stored
	}
	return row.value(c)
}

// Previous returns a copy of the value that the last update replaced in a column that it wrote, and whether there is one.
func (s *State) Previous(c *meta.Column) (any, bool) {
	if !s.Changes().Has(c) {
		return nil, false
	}
	return s.more().previous.value(c)
}

// BindOriginal returns the column's value in the database, to bind it.
func (s *State) BindOriginal(c *meta.Column) (any, error) {
	if s.snap == nil {
		return c.Bind(c.At(s.Owner))
	}
	if c.Opaque {
		if stored, known := s.stored(c); known {
			return stored, nil
		}
	}
	return c.Bind(c.At(s.snap))
}

// Sync makes the column's current value the one that the database holds.
func (s *State) Sync(c *meta.Column) error {
	if s.snap == nil {
		return nil
	}
	if c.Opaque {
		v, err := c.Bind(c.At(s.Owner))
		if err != nil {
			return err
		}
		s.KeepStored(c, v)
		return nil
	}
	c.Clone(c.At(s.snap), c.At(s.Owner))
	return nil
}

// Changes returns the columns that the last update wrote.
func (s *State) Changes() Columns {
	r := s.others()
	if r == nil {
		return nil
	}
	return r.changes
}

// Same reports whether two records of one model have the same values in columns.
func Same(a, b *State, columns []*meta.Column) bool {
	for _, c := range columns {
		if !c.Equal(c.At(a.Owner), c.At(b.Owner)) {
			return false
		}
	}
	return true
}
