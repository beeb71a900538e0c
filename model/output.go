// SPDX-License-Identifier: MIT

package model

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/serialize"
)

// Serialize returns the record as plain values by serialized name; see package serialize.
//
//go:noinline
func (b *BaseModel[T]) Serialize(opts ...serialize.Options) (map[string]any, error) {
	return b.ref().serialize(b.self(), opts)
}

// ToObject returns the record as plain values by attribute name, with computed values, and extras
// under "extras". Hidden fields are left out.
//
//go:noinline
func (b *BaseModel[T]) ToObject() map[string]any {
	return b.ref().object()
}

// MarshalJSON writes the record as package serialize does.
//
//go:noinline
func (b *BaseModel[T]) MarshalJSON() ([]byte, error) {
	return b.ref().json(b.self())
}

// UnmarshalJSON sets the fields that mass assignment may set by serialized name, and ignores all
// others, as encoding/json ignores unknown keys. serialize.Decode is the strict form.
//
//go:noinline
func (b *BaseModel[T]) UnmarshalJSON(data []byte) error { return b.ref().decode(data) }

func (r ref) serialize(rec any, opts []serialize.Options) (map[string]any, error) {
	out, err := serialize.Map(rec, opts...)
	return out, r.in("serialize", err)
}

func (r ref) object() map[string]any {
	if s := r.known(); s != nil {
		return serialize.Object(door.Key{}, s)
	}
	return map[string]any{}
}

func (r ref) json(rec any) ([]byte, error) {
	out, err := serialize.JSON(rec)
	return out, r.in("serialize", err)
}

// identity is the part of a base model that prints it. Its methods have value receivers, and it has
// no noCopy marker, so that plain values of a model print like pointers to it.
type identity[T any] struct {
	st *record.State
}

// Format prints table and key, whatever the verb, so that no hidden value gets into a log.
func (i identity[T]) Format(f fmt.State, _ rune) {
	_, _ = f.Write([]byte(text(i.st, reflect.TypeFor[T]())))
} // fmt ignores errors too

// LogValue is table and key, so that no hidden value gets into a log.
func (i identity[T]) LogValue() slog.Value { return slog.StringValue(text(i.st, reflect.TypeFor[T]())) }

// text returns table and key: "users#42", "users#new".
func text(s *record.State, t reflect.Type) string {
	m, err := meta.First(t)
	if err != nil {
		return t.Name()
	}
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
