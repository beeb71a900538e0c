// SPDX-License-Identifier: MIT

package model

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/serialize"
)

// MarshalJSON writes the record as serialize.JSON does without options: hidden fields are left out, loaded relations and
// computed values are in it, extras are not.
//
//go:noinline
func (r *Record[P]) MarshalJSON() ([]byte, error) { return refTo(r).json() }

// UnmarshalJSON sets those fields, by their names in JSON, that mass assignment may set, and ignores all other names, as
// encoding/json does. A value that does not fit is an ErrInvalidValue. serialize.Decode refuses what this ignores.
//
//go:noinline
func (r *Record[P]) UnmarshalJSON(data []byte) error { return refTo(r).decode(data) }

// ToObject returns the record as plain values by attribute name, with loaded relations and computed values, and extras
// under "extras". Hidden fields are left out. serialize.Object does the same for any record, with an error. As Lucid's
// toObject.
//
//go:noinline
func (r *Record[P]) ToObject() map[string]any { return refTo(r).object() }

func (r ref) object() map[string]any {
	out, err := serialize.Object(memory.Pointer(r.typ, r.owner))
	if err != nil {
		return map[string]any{}
	}
	return out
}

func (r ref) json() ([]byte, error) {
	out, err := serialize.JSON(memory.Pointer(r.typ, r.owner))
	return out, r.in("serialize", err)
}

// printed is the part of a record that prints it. Its methods have value receivers, and it has no noCopy marker, so that plain
// values of a model print like pointers to it.
type printed[P any] struct {
	slot meta.Slot[P]
}

// Format prints table and key, whatever the verb, so that no hidden value gets into a log.
//
//go:noinline
func (p printed[P]) Format(f fmt.State, _ rune) {
	_, _ = f.Write([]byte(text(p.slot.State, reflect.TypeFor[P]()))) // fmt ignores errors too
}

// LogValue is table and key, so that no hidden value gets into a log.
//
//go:noinline
func (p printed[P]) LogValue() slog.Value {
	return slog.StringValue(text(p.slot.State, reflect.TypeFor[P]()))
}

// text returns table and key: "users#42", "users#new".
func text(state memory.Ptr, pointer reflect.Type) string {
	m, err := meta.First(pointer.Elem())
	if err != nil {
		return pointer.Elem().Name()
	}
	s := memory.At[record.State](state)
	if s == nil || !s.Persisted() {
		return m.Table + "#new"
	}
	m = s.Model
	keys := make([]string, len(m.Keys))
	for n, c := range m.Keys {
		v, _ := s.Original(c)
		keys[n] = fmt.Sprint(v)
	}
	return m.Table + "#" + strings.Join(keys, ",")
}
