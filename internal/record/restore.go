// SPDX-License-Identifier: MIT

package record

import (
	"slices"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Saved notes that the record equals its row after a write on h. snap is memory for the snapshot, or
// nil; see Snapshot.
func (s *State) Saved(h *tx.Handle, snap memory.Ptr) error {
	if err := s.Snapshot(snap); err != nil {
		return err
	}
	s.flags |= persisted
	s.flags &^= forced
	s.Handle = h
	s.selected = nil
	return nil
}

// Updated notes that an update wrote the columns.
func (s *State) Updated(h *tx.Handle, written Columns) error {
	for _, c := range s.Model.Columns {
		if !written.Has(c) {
			continue
		}
		if err := s.Sync(c); err != nil {
			return err
		}
		if !s.Selected(c) { // the set is shared by the records of a result
			known := slices.Clone(*s.selected)
			known.Add(c)
			s.selected = &known
		}
	}
	s.flags &^= forced
	s.Handle = h
	s.more().changes = written
	return nil
}

// Copied returns the state of a record that was copied by value, whose state still belongs to the
// record it was copied from.
func (s *State) Copied(owner memory.Ptr) *State {
	c := *s
	c.snap = s.copySnapshot()
	c.rest = s.rest.clone()
	c.Moved(owner)
	return &c
}

// Reload takes over the columns and the snapshot of another record of the same row.
func (s *State) Reload(from memory.Ptr) {
	other := Of(s.Model, from)
	for _, c := range s.Model.Columns {
		c.Clone(c.At(s.Owner), c.At(from))
	}
	s.snap, s.selected = other.snap, nil
	if s.rest != nil || other.rest != nil {
		var stored []any
		if other.rest != nil {
			stored = other.rest.stored
		}
		s.more().stored = stored
	}
	s.flags = s.flags&^(forced|untracked) | persisted
	s.Handle = other.Handle
}
