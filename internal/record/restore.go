// SPDX-License-Identifier: MIT

package record

import (
	"maps"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Backup is a record as it was at the start of a call.
type Backup struct {
	state   *State
	columns memory.Ptr
	before  State
}

// Take copies the columns to memory for them, which holds a zero record, and the state. The state goes on with a snapshot and a
// rest of its own, so that what a call writes there leaves the backup's alone.
func (b *Backup) Take(s *State, columns memory.Ptr) {
	b.state, b.columns, b.before = s, columns, *s
	cloneColumns(s.Model, columns, s.Owner)
	s.snap = s.copySnapshot()
	s.rest = s.rest.clone()
}

func (r *Rest) clone() *Rest {
	if r == nil {
		return nil
	}
	c := *r
	c.stored = slices.Clone(r.stored)
	c.extras.all = maps.Clone(r.extras.all)
	c.changes = slices.Clone(r.changes)
	c.loaded = maps.Clone(r.loaded)
	return &c
}

// cloneColumns copies all columns to a new record, opaque ones through their stored form.
func cloneColumns(m *meta.Model, dst, src memory.Ptr) {
	copyColumns(m, dst, src)
	for _, c := range m.Opaque {
		c.Clone(c.At(dst), c.At(src))
	}
}

// Restore puts the record back to what it was: the call failed.
func (b *Backup) Restore() {
	s := b.state
	for _, c := range s.Model.Columns {
		c.Clone(c.At(s.Owner), c.At(b.columns))
	}
	b.restoreState()
}

func (b *Backup) restoreState() {
	owner, loaded, rest := b.state.Owner, b.state.loaded, b.state.rest
	*b.state = b.before
	b.state.Owner, b.state.loaded = owner, loaded // what is loaded is not what a write changes
	b.state.rest = b.before.rest.clone()
	if rest != nil && rest.loaded != nil {
		b.state.more().loaded = rest.loaded
	}
}

// Enlist has a rollback of the transaction undo what the call, which has succeeded, wrote to the
// record. A value that the caller has assigned since then stays.
func (b *Backup) Enlist(f *tx.Frame) {
	s := b.state
	var written []*meta.Column
	for _, c := range s.Model.Columns {
		if !c.Equal(c.At(b.columns), c.At(s.Owner)) {
			written = append(written, c)
		}
	}
	after := s.Model.New()
	for _, c := range written {
		c.Clone(c.At(after), c.At(s.Owner))
	}
	extras := b.writtenExtras()
	f.Enlist(func() {
		for _, c := range written {
			if c.Equal(c.At(after), c.At(s.Owner)) {
				c.Clone(c.At(s.Owner), c.At(b.columns))
			}
		}
		home, rest := s.Handle, s.rest
		b.restoreState()
		if rest != nil {
			s.more().extras = rest.extras
			b.undoExtras(extras)
		}
		if s.Handle == nil { // the record goes on knowing its database
			s.Handle = home
		}
	})
}

// writtenExtras returns the extras that the call has written.
func (b *Backup) writtenExtras() map[string]any {
	if !b.state.HasExtras() {
		return nil
	}
	before, written := b.before.allExtras(), maps.Clone(b.state.allExtras())
	maps.DeleteFunc(written, func(name string, v any) bool {
		old, had := before[name]
		return had && reflect.DeepEqual(old, v)
	})
	return written
}

// undoExtras takes back what the call has written to extras that the caller has not changed since.
func (b *Backup) undoExtras(written map[string]any) {
	before := b.before.allExtras()
	for name, v := range written {
		if now, ok := b.state.Extras()[name]; !ok || !reflect.DeepEqual(now, v) {
			continue
		}
		if old, had := before[name]; had {
			b.state.Extras()[name] = old
		} else {
			delete(b.state.Extras(), name)
		}
	}
}

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

// Guard runs fn, which writes records of one model. It puts the records back if fn fails or panics: also what was done to them
// before they were written. An error of work after the commit is no failure.
func Guard(list []*State, fn func(backups []Backup) error) error {
	if len(list) == 0 {
		return fn(nil)
	}
	backups := make([]Backup, len(list))
	if len(list) == 1 {
		backups[0].Take(list[0], list[0].Model.New())
	} else {
		columns := memory.NewArena(list[0].Model.Slice)
		for i, s := range list {
			backups[i].Take(s, columns.Next())
		}
	}
	done := false
	defer func() {
		if !done {
			for i := range backups {
				backups[i].Restore()
			}
		}
	}()
	err := fn(backups)
	done = err == nil || errs.AfterCommit(err)
	return err
}

// GuardIn is Guard that also puts the records back if the transaction of h is rolled back later.
func GuardIn(h *tx.Handle, list []*State, fn func() error) error {
	return Guard(list, func(backups []Backup) error {
		err := fn()
		if h.InTransaction() && (err == nil || errs.AfterCommit(err)) {
			EnlistAll(h.Frame(), backups)
		}
		return err
	})
}

// EnlistAll has a rollback of the transaction undo what a call, which has succeeded, wrote to records; see Backup.Enlist.
func EnlistAll(f *tx.Frame, backups []Backup) {
	for i := range backups {
		backups[i].Enlist(f)
	}
}
