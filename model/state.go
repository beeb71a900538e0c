// SPDX-License-Identifier: MIT

package model

import (
	"maps"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// IsNew reports whether the record has no row yet. After a rollback of its INSERT it is new again.
func (b *BaseModel[T]) IsNew() bool { return !b.IsPersisted() }

// IsPersisted reports whether the record has a row; as in Lucid, also after the row was deleted.
func (b *BaseModel[T]) IsPersisted() bool {
	s, err := b.state()
	return err == nil && s.Persisted()
}

// IsLocal reports whether the record was made by this program and not fetched, saved or not.
func (b *BaseModel[T]) IsLocal() bool {
	s, err := b.state()
	return err != nil || s.Local()
}

// IsDeleted reports whether the row was deleted through this record, which refuses writes then. A
// soft deleted record is Trashed instead.
func (b *BaseModel[T]) IsDeleted() bool {
	s, err := b.state()
	return err == nil && s.Deleted()
}

// Trashed reports whether the record is soft deleted.
func (b *BaseModel[T]) Trashed() bool {
	s, err := b.state()
	return err == nil && s.Trashed()
}

// columns collects values by attribute name into a fresh map.
func (b *BaseModel[T]) columns(value func(s *record.State, c *meta.Column) (any, bool)) Attrs {
	s, err := b.state()
	if err != nil {
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

// Attributes returns a fresh map of the values of all columns that were loaded, by attribute name:
// the field's Go name, dotted inside embedded structs ("Home.City").
func (b *BaseModel[T]) Attributes() Attrs {
	return b.columns(func(s *record.State, c *meta.Column) (any, bool) {
		return c.Value(c.At(s.Owner)), s.Selected(c)
	})
}

// Original returns a fresh map of the values that the row had when it was loaded or last written;
// it is empty for a record without a row.
func (b *BaseModel[T]) Original() Attrs {
	return b.columns(func(s *record.State, c *meta.Column) (any, bool) { return s.Original(c) })
}

// Dirty returns a fresh map of the values that Save would write: those that differ from the row, or
// for a record without a row everything that is not zero. Slices, maps and the content of pointers
// are compared by value, times by instant at the database's precision, JSON by meaning.
func (b *BaseModel[T]) Dirty() Attrs {
	return b.columns(func(s *record.State, c *meta.Column) (any, bool) {
		if !s.Changed(c) {
			return nil, false
		}
		return c.Value(c.At(s.Owner)), true
	})
}

// IsDirty reports whether Save would write anything, or any of the named attributes or columns.
// Names that the model does not have are not dirty.
func (b *BaseModel[T]) IsDirty(names ...string) bool {
	s, err := b.state()
	if err != nil {
		return false
	}
	if len(names) == 0 {
		return s.IsDirty()
	}
	for _, name := range names {
		if c, ok := s.Model.Column(name); ok && s.Changed(c) {
			return true
		}
	}
	return false
}

// Changes returns a fresh map of what the last update wrote, timestamps included. It is empty after
// an INSERT, as in Eloquent, and stays through saves that write nothing.
func (b *BaseModel[T]) Changes() Attrs {
	return b.columns(func(s *record.State, c *meta.Column) (any, bool) {
		if !s.Changes().Has(c) {
			return nil, false
		}
		return s.Original(c)
	})
}

// WasChanged reports whether the last update wrote anything, or any of the named attributes or columns.
func (b *BaseModel[T]) WasChanged(names ...string) bool {
	s, err := b.state()
	if err != nil {
		return false
	}
	if len(names) == 0 {
		return !s.Changes().Empty()
	}
	for _, name := range names {
		if c, ok := s.Model.Column(name); ok && s.Changes().Has(c) {
			return true
		}
	}
	return false
}

// ForceUpdate makes the next Save write even if nothing has changed: the timestamp of updates, or
// the key onto itself where there is none.
func (b *BaseModel[T]) ForceUpdate() {
	if s, err := b.state(); err == nil {
		s.Force()
	}
}

// Extras returns the result columns that are no fields of the model. Writing to the map changes the
// record's extras; it is never nil.
func (b *BaseModel[T]) Extras() Extras {
	s, err := b.state()
	if err != nil {
		return Extras{}
	}
	return s.Extras()
}

// Sideloaded returns the values that the query was given by Sideload.
func (b *BaseModel[T]) Sideloaded() Attrs {
	s, err := b.state()
	if err != nil {
		return nil
	}
	return maps.Clone(s.Sideloaded())
}

// Is reports whether other is a record of the same model with the same primary key, loaded from the
// same database. A record without a row is only itself.
func (b *BaseModel[T]) Is(other any) bool {
	s, err := b.state()
	if err != nil {
		return false
	}
	o, ok := other.(interface{ state() (*record.State, error) })
	if !ok || memory.OfAny(other) == nil {
		return false
	}
	t, err := o.state()
	if err != nil || s.Model.Type != t.Model.Type {
		return false
	}
	if s.Owner == t.Owner {
		return true
	}
	if !s.Persisted() || !t.Persisted() || s.Handle != nil && t.Handle != nil && s.Handle.Database() != t.Handle.Database() {
		return false
	}
	for _, c := range s.Model.Keys {
		if !c.Equal(c.At(s.Owner), c.At(t.Owner)) {
			return false
		}
	}
	return true
}

// Equal reports whether all columns of both records have the same values, as Dirty compares them.
func (b *BaseModel[T]) Equal(other *T) bool {
	s, err := b.state()
	if err != nil || other == nil {
		return false
	}
	for _, c := range s.Model.Columns {
		if !c.Equal(c.At(s.Owner), c.At(memory.Of(other))) {
			return false
		}
	}
	return true
}

// Replicate returns a new record with the values of this one, but for the primary key, automatic
// timestamps, the version, the mark of deletion and the excepted attributes or columns; names that the
// model does not have are ignored. It shares no memory with this record.
func (b *BaseModel[T]) Replicate(except ...string) *T {
	out := new(T)
	s, err := b.state()
	if err != nil {
		return out
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
		c.Clone(c.At(memory.Of(out)), c.At(s.Owner))
	}
	return out
}

// UseDB binds the record to a database or transaction.
func (b *BaseModel[T]) UseDB(db *DB) {
	if s, err := b.state(); err == nil {
		s.Handle = db.handleOf()
	}
}

// DB returns the database that the record belongs to, or the open transaction it was loaded from;
// nil if it belongs to none.
func (b *BaseModel[T]) DB() *DB {
	s, err := b.state()
	if err != nil || s.Handle == nil {
		return nil
	}
	return &DB{h: s.Handle.Current()}
}
