// SPDX-License-Identifier: MIT

package record

import (
	"slices"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Loaded reports whether the relation was loaded or set, even if to nil.
func (s *State) Loaded(r *meta.Relation) bool {
	if r.Index < loadedBits {
		if s.loaded&(1<<r.Index) != 0 {
			return true
		}
	} else if rest := s.others(); rest != nil && rest.loaded[r.Index] {
		return true
	}
	// It may be set in a literal. A slice starts with a pointer, too.
	return *memory.At[memory.Ptr](memory.Add(s.Owner, r.Offset)) != nil
}

const loadedBits = 32

// SetLoaded records whether the relation is loaded.
func (s *State) SetLoaded(r *meta.Relation, loaded bool) {
	switch {
	case r.Index < loadedBits && loaded:
		s.loaded |= 1 << r.Index
	case r.Index < loadedBits:
		s.loaded &^= 1 << r.Index
	default:
		more := s.more()
		if more.loaded == nil {
			more.loaded = map[int]bool{}
		}
		more.loaded[r.Index] = loaded
	}
}

// Related returns the records that the field of a relation holds.
func Related(r *meta.Relation, owner memory.Ptr) []memory.Ptr {
	at := memory.Add(owner, r.Offset)
	if r.Many() {
		return slices.DeleteFunc(slices.Clone(*memory.At[[]memory.Ptr](at)), func(p memory.Ptr) bool { return p == nil })
	}
	if p := *memory.At[memory.Ptr](at); p != nil {
		return []memory.Ptr{p}
	}
	return nil
}

// SetMany sets the field of a relation to many, which is loaded then. The list is not copied.
func SetMany(r *meta.Relation, owner memory.Ptr, list []memory.Ptr) {
	*memory.At[[]memory.Ptr](memory.Add(owner, r.Offset)) = list
	Of(r.Owner, owner).SetLoaded(r, true)
}

// SetOne sets the field of a relation to one, which is loaded then. Nil is no record.
func SetOne(r *meta.Relation, owner, one memory.Ptr) {
	*memory.At[memory.Ptr](memory.Add(owner, r.Offset)) = one
	Of(r.Owner, owner).SetLoaded(r, true)
}
