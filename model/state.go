// SPDX-License-Identifier: MIT

package model

import (
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/record"
)

// IsNew reports whether the record has no row yet. After a rollback of its INSERT it is new again.
//
//go:noinline
func (r *Record[P]) IsNew() bool { return !refTo(r).is((*record.State).Persisted) }

// IsPersisted reports whether the record has a row. As Lucid's $isPersisted, it stays true after the row was deleted;
// IsDeleted tells.
//
//go:noinline
func (r *Record[P]) IsPersisted() bool { return refTo(r).is((*record.State).Persisted) }

// IsDeleted reports whether the row was removed through this record, which refuses writes with ErrDeleted then. A record
// that was soft deleted is Trashed, and not IsDeleted.
//
//go:noinline
func (r *Record[P]) IsDeleted() bool { return refTo(r).is((*record.State).Deleted) }

// Trashed reports whether the record is marked as soft deleted.
//
//go:noinline
func (r *Record[P]) Trashed() bool { return refTo(r).is((*record.State).Trashed) }

// Attributes returns a fresh map of the values of all columns that were loaded, by attribute name: the field's Go name, dotted
// inside embedded structs ("Home.City").
//
//go:noinline
func (r *Record[P]) Attributes() Attrs { return refTo(r).columns(attribute) }

// Original returns a fresh map of the values that the row had when it was loaded or last written; it is empty for a record without
// a row.
//
//go:noinline
func (r *Record[P]) Original() Attrs { return refTo(r).columns((*record.State).Original) }

// Dirty returns a fresh map of the values that Save would write: those that differ from the row, or for a record without a row
// everything that is not zero. Slices, maps and the content of pointers are compared by value, times by instant at the database's
// precision, JSON by meaning.
//
//go:noinline
func (r *Record[P]) Dirty() Attrs { return refTo(r).columns(dirty) }

// IsDirty reports whether Save would write anything, or any of the named attributes or columns. Names that the model does not have
// are not dirty.
//
//go:noinline
func (r *Record[P]) IsDirty(names ...string) bool { return refTo(r).isDirty(names) }

// Changes returns a fresh map of what the last update wrote, timestamps included. It is empty after an INSERT, as in Eloquent, and
// stays through saves that write nothing.
//
//go:noinline
func (r *Record[P]) Changes() Attrs { return refTo(r).columns(written) }

// Previous returns a fresh map of the values that the last update replaced, in the columns of Changes: in Updated, Saved and
// Committed hooks, where Original has the new values, and after the call. It has no value for a column that was not loaded.
//
//go:noinline
func (r *Record[P]) Previous() Attrs { return refTo(r).columns((*record.State).Previous) }

// WasChanged reports whether the last update wrote anything, or any of the named attributes or columns.
//
//go:noinline
func (r *Record[P]) WasChanged(names ...string) bool { return refTo(r).wasChanged(names) }

// Extras returns the result columns of the record that are no fields of its model, never nil. Writing to the map changes
// the record's extras.
//
//go:noinline
func (r *Record[P]) Extras() Extras { return refTo(r).extras() }

// Equal reports whether all columns of both records have equal values, compared as Dirty compares them.
//
//go:noinline
func (r *Record[P]) Equal(other P) bool { return refTo(r).equal(memory.Address(other)) }

// Replicate returns a new record with the values of this one, but for the primary key, automatic timestamps, the version, the mark
// of deletion and the excepted attributes or columns; names that the model does not have are ignored. It belongs to the same database
// and shares no memory with this record. Zero values are copied too: an INSERT of the copy writes them. Columns that were not loaded
// are missing in the copy as well: saving it is an ErrNotLoaded, unless they are excepted or set.
//
//go:noinline
func (r *Record[P]) Replicate(except ...string) P { return memory.As[P](refTo(r).replicate(except)) }
