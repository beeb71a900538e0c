// SPDX-License-Identifier: MIT

package model

import (
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/record"
)

// IsNew reports whether the record has no row yet. After a rollback of its INSERT it is new again.
//
//go:noinline
func (b *BaseModel[T]) IsNew() bool { return !b.ref().is((*record.State).Persisted) }

// IsPersisted reports whether the record has a row; as in Lucid, also after the row was deleted.
//
//go:noinline
func (b *BaseModel[T]) IsPersisted() bool { return b.ref().is((*record.State).Persisted) }

// IsLocal reports whether the record was made by this program and not fetched, saved or not.
//
//go:noinline
func (b *BaseModel[T]) IsLocal() bool {
	return b.ref().local()
}

// IsDeleted reports whether the row was deleted through this record, which refuses writes then. A
// soft deleted record is Trashed instead.
//
//go:noinline
func (b *BaseModel[T]) IsDeleted() bool { return b.ref().is((*record.State).Deleted) }

// Trashed reports whether the record is soft deleted.
//
//go:noinline
func (b *BaseModel[T]) Trashed() bool { return b.ref().is((*record.State).Trashed) }

// Attributes returns a fresh map of the values of all columns that were loaded, by attribute name:
// the field's Go name, dotted inside embedded structs ("Home.City").
//
//go:noinline
func (b *BaseModel[T]) Attributes() Attrs { return b.ref().columns(attribute) }

// Original returns a fresh map of the values that the row had when it was loaded or last written;
// it is empty for a record without a row.
//
//go:noinline
func (b *BaseModel[T]) Original() Attrs { return b.ref().columns((*record.State).Original) }

// Dirty returns a fresh map of the values that Save would write: those that differ from the row, or
// for a record without a row everything that is not zero. Slices, maps and the content of pointers
// are compared by value, times by instant at the database's precision, JSON by meaning.
//
//go:noinline
func (b *BaseModel[T]) Dirty() Attrs { return b.ref().columns(dirty) }

// IsDirty reports whether Save would write anything, or any of the named attributes or columns.
// Names that the model does not have are not dirty.
//
//go:noinline
func (b *BaseModel[T]) IsDirty(names ...string) bool {
	return b.ref().isDirty(names)
}

// Changes returns a fresh map of what the last update wrote, timestamps included. It is empty after
// an INSERT, as in Eloquent, and stays through saves that write nothing.
//
//go:noinline
func (b *BaseModel[T]) Changes() Attrs { return b.ref().columns(written) }

// WasChanged reports whether the last update wrote anything, or any of the named attributes or columns.
//
//go:noinline
func (b *BaseModel[T]) WasChanged(names ...string) bool { return b.ref().wasChanged(names) }

// ForceUpdate makes the next Save write even if nothing has changed: the timestamp of updates, or
// the key onto itself where there is none.
//
//go:noinline
func (b *BaseModel[T]) ForceUpdate() { b.ref().change((*record.State).Force) }

// Extras returns the result columns that are no fields of the model. Writing to the map changes the
// record's extras; it is never nil.
//
//go:noinline
func (b *BaseModel[T]) Extras() Extras {
	return b.ref().extras()
}

// Sideloaded returns the values that the query was given by Sideload.
//
//go:noinline
func (b *BaseModel[T]) Sideloaded() Attrs {
	return b.ref().sideloaded()
}

// Is reports whether other is a record of the same model with the same primary key, loaded from the
// same database. A record without a row is only itself.
//
//go:noinline
func (b *BaseModel[T]) Is(other any) bool { return b.ref().same(other) }

// Equal reports whether all columns of both records have the same values, as Dirty compares them.
//
//go:noinline
func (b *BaseModel[T]) Equal(other *T) bool { return other != nil && b.ref().equal(memory.Of(other)) }

// Replicate returns a new record with the values of this one, but for the primary key, automatic
// timestamps, the version, the mark of deletion and the excepted attributes or columns; names that the
// model does not have are ignored. It shares no memory with this record.
//
//go:noinline
func (b *BaseModel[T]) Replicate(except ...string) *T {
	out := new(T)
	b.ref().replicate(memory.Of(out), except)
	return out
}

// UseDB binds the record to a database or transaction.
//
//go:noinline
func (b *BaseModel[T]) UseDB(db *DB) {
	b.ref().useDB(db)
}

// DB returns the database that the record belongs to, or the open transaction it was loaded from;
// nil if it belongs to none.
//
//go:noinline
func (b *BaseModel[T]) DB() *DB { return b.ref().database() }
