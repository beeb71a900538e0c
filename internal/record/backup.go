// SPDX-License-Identifier: MIT

package record

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Backup is a record as it was at the start of a call. It is what a rollback puts back: while the call is under way everything,
// and once it has succeeded what it has written, so that what the caller has assigned since then stays.
//
// A frame keeps the oldest backup of a record only. Calls in a hook of the call leave theirs in the same frame or one inside it;
// they are dropped, because the older one puts everything back. A later call adds what it has written to the older backup.
type Backup struct {
	state   *State
	before  State
	columns memory.Ptr // as they were before they were written
	extras  map[string]any

	settled       bool    // the call has succeeded
	written       Columns // what it has written, and
	after         memory.Ptr
	writtenExtras map[string]any
}

// take copies the columns to memory for them, which holds a zero record, and the state. The state goes on with a rest of its own,
// so that what a call writes there leaves the backup's alone; a snapshot never changes.
func (b *Backup) take(s *State, columns memory.Ptr) {
	b.state, b.columns, b.before = s, columns, *s
	cloneColumns(s.Model, columns, s.Owner)
	s.rest = s.rest.clone()
}

func (r *Rest) clone() *Rest {
	if r == nil {
		return nil
	}
	return &Rest{
		stored:     slices.Clone(r.stored),
		extras:     r.extras.clone(),
		changes:    slices.Clone(r.changes),
		previous:   r.previous,
		named:      slices.Clone(r.named),
		sideloaded: r.sideloaded,
		loaded:     maps.Clone(r.loaded),
		siblings:   r.siblings,
		pivot:      r.pivot,
	}
}

// cloneColumns copies all columns to a new record, opaque ones through their stored form.
func cloneColumns(m *meta.Model, dst, src memory.Ptr) {
	copyColumns(m, dst, src)
	for _, c := range m.Opaque {
		c.Clone(c.At(dst), c.At(src))
	}
}

// takeAll returns backups of several records of one model.
func takeAll(list []*State) []Backup {
	backups := make([]Backup, len(list))
	if len(list) == 1 {
		backups[0].take(list[0], list[0].Model.New())
		return backups
	}
	columns := memory.NewArena(list[0].Model.Slice)
	for i, s := range list {
		backups[i].take(s, columns.Next())
	}
	return backups
}

// settle records the columns that the call, which has succeeded, has written.
func (b *Backup) settle() {
	s := b.state
	for _, c := range s.Model.Columns {
		if c.Equal(c.At(b.columns), c.At(s.Owner)) {
			continue
		}
		if b.after == nil {
			b.after, b.written = s.Model.New(), NewColumns(s.Model)
		}
		c.Clone(c.At(b.after), c.At(s.Owner))
		b.written.Add(c)
	}
	if s.HasExtras() {
		b.extras = maps.Clone(b.before.allExtras())
		b.writtenExtras = maps.Clone(s.allExtras())
		maps.DeleteFunc(b.writtenExtras, func(name string, v any) bool { return holdsExtra(b.extras, name, v) })
	}
	b.settled = true
}

// Key is the record.
func (b *Backup) Key() any { return b.state }

// Undo puts the record back.
func (b *Backup) Undo() {
	if b.settled {
		b.undoWritten()
	} else {
		b.restore()
	}
}

// restore puts everything back except loaded relations, which a write does not change.
func (b *Backup) restore() {
	s := b.state
	for _, c := range s.Model.Columns {
		c.Clone(c.At(s.Owner), c.At(b.columns))
	}
	b.restoreState()
}

func (b *Backup) restoreState() {
	owner, loaded, rest := b.state.Owner, b.state.loaded, b.state.rest
	*b.state = b.before
	b.state.Owner, b.state.loaded = owner, loaded
	b.state.rest = b.before.rest.clone()
	if rest != nil && rest.loaded != nil {
		b.state.more().loaded = rest.loaded
	}
}

// undoWritten puts back what was written, unless somebody has assigned another value since then.
func (b *Backup) undoWritten() {
	s := b.state
	for _, c := range s.Model.Columns {
		if b.written.Has(c) && c.Equal(c.At(b.after), c.At(s.Owner)) {
			c.Clone(c.At(s.Owner), c.At(b.columns))
		}
	}
	home, rest := s.Handle, s.rest
	b.restoreState()
	if rest != nil {
		s.more().extras = rest.extras
		b.undoExtras()
	}
	if s.Handle == nil { // the record goes on knowing its database
		s.Handle = home
	}
}

func (b *Backup) undoExtras() {
	for name, v := range b.writtenExtras {
		if !holdsExtra(b.state.Extras(), name, v) {
			continue
		}
		if old, had := b.extras[name]; had {
			b.state.Extras()[name] = old
		} else {
			delete(b.state.Extras(), name)
		}
	}
}

func holdsExtra(extras map[string]any, name string, v any) bool {
	old, had := extras[name]
	return had && reflect.DeepEqual(old, v)
}

// Absorb adds what a later call on the same record has written. If the caller has assigned a value between the calls, that value is
// put back.
func (b *Backup) Absorb(undo tx.Undo) {
	later, ok := undo.(*Backup)
	if !ok || !b.settled { // what is under way puts everything back
		return
	}
	for _, c := range b.state.Model.Columns {
		if !later.written.Has(c) {
			continue
		}
		if b.after == nil {
			b.after, b.written = b.state.Model.New(), NewColumns(b.state.Model)
		}
		if !b.written.Has(c) || !c.Equal(c.At(b.after), c.At(later.columns)) {
			c.Clone(c.At(b.columns), c.At(later.columns))
		}
		c.Clone(c.At(b.after), c.At(later.after))
		b.written.Add(c)
	}
	b.absorbExtras(later)
}

func (b *Backup) absorbExtras(later *Backup) {
	if len(later.writtenExtras) == 0 {
		return
	}
	if b.writtenExtras == nil {
		b.extras, b.writtenExtras = later.extras, later.writtenExtras
		return
	}
	if b.extras == nil {
		b.extras = map[string]any{}
	}
	for name, v := range later.writtenExtras {
		mine, known := b.writtenExtras[name]
		if !known || !holdsExtra(later.extras, name, mine) {
			if old, had := later.extras[name]; had {
				b.extras[name] = old
			} else {
				delete(b.extras, name)
			}
		}
		b.writtenExtras[name] = v
	}
}

// Atomic runs fn, which writes records of one model and runs their hooks, as a whole; see [tx.Handle.Atomic]. If fn fails or
// panics, or the database refuses its end, the records are put back: also what was done to them before they were written. If it
// succeeds, what was written is put back by a later rollback of the transaction.
func Atomic(ctx context.Context, h *tx.Handle, list []*State, fn func(ctx context.Context, h *tx.Handle) error) error {
	return h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) error { return inFrame(ctx, h, list, fn) })
}

// Part is Atomic for a call that sends no more than one statement, or that is a part of one that is Atomic: nothing is sent to
// undo it in the database; see [tx.Handle.Part].
func Part(ctx context.Context, h *tx.Handle, list []*State, fn func(ctx context.Context, h *tx.Handle) error) error {
	if h.InTransaction() {
		return h.Part(ctx, func(ctx context.Context, h *tx.Handle) error { return inFrame(ctx, h, list, fn) })
	}
	return guard(list, func([]Backup) error { return fn(ctx, h) })
}

// Guard is Part for one record and a call that runs no hooks.
func Guard(h *tx.Handle, s *State, fn func() error) error {
	return guard([]*State{s}, func(backups []Backup) error {
		err := fn()
		if h.InTransaction() && err == nil {
			backups[0].settle()
			h.Frame().Enlist(&backups[0])
		}
		return err
	})
}

// inFrame runs fn in the frame of h, which is new and keeps the backups.
func inFrame(ctx context.Context, h *tx.Handle, list []*State, fn func(ctx context.Context, h *tx.Handle) error) error {
	if len(list) == 0 {
		return fn(ctx, h)
	}
	f, backups := h.Frame(), takeAll(list)
	undo := make([]tx.Undo, len(backups))
	for i := range backups {
		undo[i] = &backups[i]
	}
	f.EnlistFirst(undo)
	if err := fn(ctx, h); err != nil || f.Outermost() {
		return err
	}
	for i := range backups {
		backups[i].settle()
	}
	return nil
}

// guard puts records back if fn fails or panics. An error of work after the commit is no failure.
func guard(list []*State, fn func(backups []Backup) error) error {
	backups := takeAll(list)
	done := false
	defer func() {
		if !done {
			for i := range backups {
				backups[i].restore()
			}
		}
	}()
	err := fn(backups)
	done = err == nil || errs.AfterCommit(err)
	return err
}

// Reloaded reloads a record and runs fn. If fn fails or panics, the record is put back, unless fn has written its row: that is not
// undone in the database either.
func Reloaded(s *State, from memory.Ptr, fn func() error) error {
	backups := takeAll([]*State{s})
	s.Reload(from)
	row, done := s.snap, false
	defer func() {
		if !done && s.snap == row && !s.Deleted() {
			backups[0].restore()
		}
	}()
	err := fn()
	done = err == nil
	return err
}
