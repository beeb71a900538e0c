// SPDX-License-Identifier: MIT

package model

import (
	"maps"

	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/relation"
)

// The functions of this file are methods of Record in all but form: a method costs every model of a program, a function those who
// call it.

// Is reports whether both are records of the same model with the same primary key, from the same database. A record
// without a row is only itself. As Eloquent's is.
func Is(a, b relation.Record) bool {
	s, errA := record.From(a)
	t, errB := record.From(b)
	if errA != nil || errB != nil || s.Model.Type != t.Model.Type {
		return false
	}
	if s.Owner == t.Owner {
		return true
	}
	if !s.Persisted() || !t.Persisted() || s.Handle != nil && t.Handle != nil && !s.Handle.Same(t.Handle) {
		return false
	}
	return len(s.Model.Keys) > 0 && record.Same(s, t, s.Model.Keys)
}

// IsLocal reports whether the record was made by this program, saved or not, and not fetched from the database. As Lucid's
// $isLocal.
func IsLocal(rec relation.Record) bool {
	s, err := record.From(rec)
	return err != nil || s.Local()
}

// ForceUpdate makes the next Save of the record send an UPDATE even if nothing has changed: of the timestamp of updates,
// or of the key to itself where there is none. As Lucid's enableForceUpdate.
func ForceUpdate(rec relation.Record) {
	if s, err := record.From(rec); err == nil {
		s.Force()
	}
}

// Sideloaded returns a fresh map of the values that the query of the record was given by Query.Sideload; nil if there are
// none. As Lucid's $sideloaded.
func Sideloaded(rec relation.Record) Attrs {
	s, err := record.From(rec)
	if err != nil {
		return nil
	}
	return maps.Clone(s.Sideloaded())
}

// DBOf returns the database that a record belongs to, or the transaction that it was loaded from while that is open; nil
// if it belongs to none.
func DBOf(rec relation.Record) *DB {
	s, err := record.From(rec)
	if err != nil || s.Handle == nil {
		return nil
	}
	return &DB{h: s.Handle.Current()}
}
