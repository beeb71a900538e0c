// SPDX-License-Identifier: MIT

package record

import (
	"maps"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// extras are result columns that are no fields: what is known about them is shared by all records of
// a result, and the map is only made when somebody looks. Looking is reading: goroutines that share a
// record may both be the first.
type extras struct {
	layout *Layout
	values []any
	all    *map[string]any // made from the others, which it replaces
}

func (x *extras) made() map[string]any {
	if all := memory.Load(&x.all); all != nil {
		return *all
	}
	return nil
}

func (x *extras) clone() extras {
	c := extras{layout: x.layout, values: x.values}
	if all := x.made(); all != nil {
		all = maps.Clone(all)
		c.all = &all
	}
	return c
}

// Layout describes where the records of a result keep their extras: as the driver returned them, in a list of
// values, or typed, behind the record in the same allocation.
type Layout struct {
	Names []string // of the values
	Typed []Typed
}

// Typed is an extra that lies behind the record.
type Typed struct {
	Name   string
	Codec  *meta.Codec
	Offset uintptr // from the start of the record
}

// SetExtras gives the record the extras of its row.
func (s *State) SetExtras(layout *Layout, values []any) {
	s.more().extras = extras{layout: layout, values: values}
}

// Extras returns the extras; writing to the map changes them.
func (s *State) Extras() map[string]any {
	x := &s.more().extras
	if all := x.made(); all != nil {
		return all
	}
	all := x.collect(s.Owner)
	return *memory.Publish(&x.all, nil, &all)
}

// collect makes the map of the extras of the record at owner.
func (x *extras) collect(owner memory.Ptr) map[string]any {
	if x.layout == nil {
		return map[string]any{}
	}
	all := make(map[string]any, len(x.layout.Names)+len(x.layout.Typed))
	for i, name := range x.layout.Names {
		all[name] = x.values[i]
	}
	for _, t := range x.layout.Typed {
		all[t.Name] = t.value(owner)
	}
	return all
}

// value returns what the extra holds: nil for NULL, else a value of the type without its pointer.
func (t *Typed) value(owner memory.Ptr) any {
	at := memory.Add(owner, t.Offset)
	if !t.Codec.Pointer {
		return t.Codec.Value(at)
	}
	if at = *memory.At[memory.Ptr](at); at == nil {
		return nil
	}
	return memory.Value(t.Codec.Type.Elem(), at).Interface()
}

// allExtras returns the extras without keeping a map.
func (s *State) allExtras() map[string]any {
	r := s.others()
	if r == nil {
		return nil
	}
	if all := r.extras.made(); all != nil {
		return all
	}
	return r.extras.collect(s.Owner)
}

// HasExtras reports whether there are any, without making the map.
func (s *State) HasExtras() bool {
	r := s.others()
	if r == nil {
		return false
	}
	x := &r.extras
	if all := x.made(); all != nil {
		return len(all) > 0
	}
	return x.layout != nil && len(x.layout.Names)+len(x.layout.Typed) > 0
}

// Moved records that the columns were copied to another place. What lay behind the record stayed where
// it was.
func (s *State) Moved(owner memory.Ptr) {
	if s.HasExtras() {
		s.Extras()
	}
	s.Owner = owner
}
