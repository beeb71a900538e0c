// SPDX-License-Identifier: MIT

package record

import (
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// State is what a base model points to. A record made by a literal gets one at its first use. It is
// kept small, because every loaded record has one.
type State struct {
	Owner  memory.Ptr // the record; a copied struct has the state of another owner
	Model  *meta.Model
	Handle *tx.Handle // where it was loaded from or saved to; nil for a record of no database

	snap     memory.Ptr // a record that holds the columns as they are in the database; nil if there is none
	selected *Columns   // the columns that a query loaded, shared by its records; nil is all
	rest     *Rest      // read by others, and written by more; a reader may be the first to need it
	flags    flags
	loaded   uint32 // the first 32 relations that are loaded; others are in rest
}

type flags uint8

const (
	persisted flags = 1 << iota
	fetched
	deleted
	forced
	untracked
	substitute
)

// Rest holds what only some records have.
type Rest struct {
	stored     []any // for opaque columns, what the database holds; by position in Model.Opaque
	extras     extras
	changes    Columns // written by the last update
	previous   image   // what the row had before it
	named      Columns // columns that somebody gave a zero value by name, which an INSERT writes
	sideloaded map[string]any
	loaded     map[int]bool // relations by position
	siblings   *[]memory.Ptr
	pivot      memory.Ptr // the record of the pivot row that the record was loaded with
}

// New returns the state of a record that no database knows.
func New(m *meta.Model, owner memory.Ptr) *State { return &State{Owner: owner, Model: m} }

// Load makes s the state of a record that a query fills. twin is the place where a shallow copy of the record
// will be, or nil for one whose changes are not tracked; selected is nil for all columns.
func (s *State) Load(m *meta.Model, h *tx.Handle, owner, twin memory.Ptr, selected *Columns) {
	s.Model, s.Owner, s.Handle = m, owner, h
	s.snap, s.selected = twin, selected
	s.flags = persisted | fetched
	if twin == nil {
		s.flags |= untracked
	}
	*memory.At[*State](memory.Add(owner, m.State)) = s
}

// Twin returns the copy that Load was given.
func (s *State) Twin() memory.Ptr { return s.snap }

// Make returns the state of a new record, which it allocates.
func Make(m *meta.Model) *State {
	s := New(m, m.New())
	*memory.At[*State](memory.Add(s.Owner, m.State)) = s
	return s
}

// At returns the state of a record of the model, which gets one if it has none, or the one of a record
// that it was copied from.
func At(m *meta.Model, owner memory.Ptr) *State {
	slot := memory.At[*State](memory.Add(owner, m.State))
	if s := Known(slot, owner); s != nil {
		return s
	}
	return memory.Publish(slot, nil, New(m, owner))
}

// Known is At for the place where the record at owner keeps its state; nil if the record has none yet. Goroutines that read one record
// get one state.
func Known(slot **State, owner memory.Ptr) *State {
	s := memory.Load(slot)
	if s == nil || s.Owner == owner {
		return s
	}
	return memory.Publish(slot, s, s.Copied(owner))
}

// From returns the state of a record that is given as a pointer to its struct. The error says what v is instead.
func From(v any) (*State, error) {
	m, err := meta.OfValue(v)
	if err != nil {
		return nil, err
	}
	return At(m, memory.OfAny(v)), nil
}

// List returns the states of one record or of a slice of records.
func List(v any) ([]*State, error) {
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		s, err := From(v)
		return []*State{s}, err
	}
	out := make([]*State, list.Len())
	for i := range out {
		var err error
		if out[i], err = From(list.Index(i).Interface()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Owners returns the records of states.
func Owners(list []*State) []memory.Ptr {
	out := make([]memory.Ptr, len(list))
	for i, s := range list {
		out[i] = s.Owner
	}
	return out
}

// Of returns the state of a record of the model that has one.
func Of(m *meta.Model, owner memory.Ptr) *State {
	return *memory.At[*State](memory.Add(owner, m.State))
}

// Persisted reports whether the record has, or had, a row.
func (s *State) Persisted() bool { return s.flags&persisted != 0 }

// Local reports whether the record was made here and not fetched.
func (s *State) Local() bool { return s.flags&fetched == 0 }

// Deleted reports whether the record's row was deleted through it.
func (s *State) Deleted() bool { return s.flags&deleted != 0 }

// Forced reports whether the next save writes even if nothing has changed.
func (s *State) Forced() bool { return s.flags&forced != 0 }

// Force makes the next save write.
func (s *State) Force() { s.flags |= forced }

// MarkDeleted records that the row was deleted.
func (s *State) MarkDeleted() { s.flags |= deleted }

// Tracked reports whether changes can be found; they cannot in records of a read-only query.
func (s *State) Tracked() bool { return s.flags&untracked == 0 }

// Substitute marks the record as the default of a relation that has no record.
func (s *State) Substitute() { s.flags |= substitute }

// IsSubstitute reports whether the record is the default of a relation that has no record.
func (s *State) IsSubstitute() bool { return s.flags&substitute != 0 }

// Trashed reports whether the record is soft deleted.
func (s *State) Trashed() bool {
	d := s.Model.Deleted
	if d == nil {
		return false
	}
	v, err := d.Bind(d.At(s.Owner))
	return err == nil && d.Deleted(v)
}

// Revive clears the time of deletion of the record. Save writes that.
func (s *State) Revive() error {
	for _, mark := range s.Model.Deleted.Marks {
		if err := mark.Column.Scan(mark.Column.At(s.Owner), mark.Alive()); err != nil {
			return errs.Field(s.Model.Name+"."+mark.Column.Attr, err)
		}
	}
	return nil
}

// Selected reports whether the column's value is known.
func (s *State) Selected(c *meta.Column) bool { return s.selected == nil || s.selected.Has(c) }

// Partial reports whether some columns may not be known.
func (s *State) Partial() bool { return s.selected != nil }

// SetRest gives a new record a Rest from a larger allocation.
func (s *State) SetRest(r *Rest) { s.rest = r }

// others returns what not every record has, or nil.
func (s *State) others() *Rest { return memory.Load(&s.rest) }

func (s *State) more() *Rest {
	if r := s.others(); r != nil {
		return r
	}
	return memory.Publish(&s.rest, nil, &Rest{})
}

// Sideloaded returns the values that came with the query.
func (s *State) Sideloaded() map[string]any {
	r := s.others()
	if r == nil {
		return nil
	}
	return r.sideloaded
}

// Sideload sets the values that come with the query.
func (s *State) Sideload(values map[string]any) { s.more().sideloaded = values }

// stored returns the stored value of an opaque column, and whether there is one.
func (s *State) stored(c *meta.Column) (any, bool) {
	r := s.others()
	if r == nil || r.stored == nil {
		return nil, false
	}
	return r.stored[slot(c)], true
}

// KeepStored keeps the stored value of an opaque column.
func (s *State) KeepStored(c *meta.Column, v any) {
	r := s.more()
	if r.stored == nil {
		r.stored = make([]any, len(s.Model.Opaque))
	}
	r.stored[slot(c)] = v
}

// Siblings returns the records that were loaded with this one, if they load relations together.
func (s *State) Siblings() []memory.Ptr {
	r := s.others()
	if r == nil || r.siblings == nil {
		return nil
	}
	return *r.siblings
}

// SetSiblings sets the records that were loaded with this one.
func (s *State) SetSiblings(list *[]memory.Ptr) { s.more().siblings = list }

// Pivot returns the record of the pivot row that the record was loaded with, or nil.
func (s *State) Pivot() memory.Ptr {
	r := s.others()
	if r == nil {
		return nil
	}
	return r.pivot
}

// SetPivot sets the record of the pivot row.
func (s *State) SetPivot(p memory.Ptr) { s.more().pivot = p }

// Columns is a set of a model's columns.
type Columns []uint64

// NewColumns returns an empty set.
func NewColumns(m *meta.Model) Columns { return make(Columns, (len(m.Columns)+63)/64) }

// Add adds a column.
func (s Columns) Add(c *meta.Column) { s[c.Index>>6] |= 1 << (c.Index & 63) }

// Remove removes a column.
func (s Columns) Remove(c *meta.Column) { s[c.Index>>6] &^= 1 << (c.Index & 63) }

// Has reports whether the column is in the set.
func (s Columns) Has(c *meta.Column) bool { return s != nil && s[c.Index>>6]&(1<<(c.Index&63)) != 0 }

// Empty reports whether no column is in the set.
func (s Columns) Empty() bool {
	for _, word := range s {
		if word != 0 {
			return false
		}
	}
	return true
}
