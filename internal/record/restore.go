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
	if r := s.others(); r != nil {
		r.changes, r.previous, r.named = nil, image{}, nil
	}
	return nil
}

// Updated notes that an update wrote the columns. The snapshot is made anew, as others may have kept the old one.
func (s *State) Updated(h *tx.Handle, written Columns) error {
	before := image{snap: s.snap, selected: s.selected}
	s.snap = s.copySnapshot()
	if r := s.others(); r != nil && r.stored != nil {
		before.stored = r.stored
		r.stored = slices.Clone(r.stored)
	}
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
	r := s.more()
	r.changes, r.previous = written, before
	return nil
}

// Copied returns the state of a record that was copied by value, whose state still belongs to the
// record it was copied from.
func (s *State) Copied(owner memory.Ptr) *State {
	c := &State{
		Owner: s.Owner, Model: s.Model, Handle: s.Handle,
		snap: s.snap, selected: s.selected, rest: s.others().clone(), flags: s.flags, loaded: s.loaded,
	}
	c.Moved(owner)
	return c
}

// Replicate makes a new record a copy of s without the skipped columns. Columns that s has not loaded are not loaded in the copy
// either.
func (s *State) Replicate(to *State, skip Columns) {
	to.Handle = s.Handle
	known, partial := slices.Clone(skip), false
	for _, c := range s.Model.Columns {
		switch {
		case skip.Has(c):
			continue
		case !s.Selected(c) && c.Zero(c.At(s.Owner)):
			partial = true
			continue
		}
		known.Add(c)
		c.Clone(c.At(to.Owner), c.At(s.Owner))
		if s.Named(c) {
			to.Name(c)
		}
	}
	if partial {
		to.selected = &known
	}
}

// Reload takes over the columns and the snapshot of another record of the same row.
func (s *State) Reload(from memory.Ptr) {
	other := Of(s.Model, from)
	for _, c := range s.Model.Columns {
		c.Clone(c.At(s.Owner), c.At(from))
	}
	s.snap, s.selected = other.snap, nil
	if from := other.others(); from != nil || s.others() != nil {
		var stored []any
		if from != nil {
			stored = from.stored
		}
		s.more().stored = stored
	}
	s.flags = s.flags&^(forced|untracked) | persisted
	s.Handle = other.Handle
}
