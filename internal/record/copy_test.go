// SPDX-License-Identifier: MIT

package record

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// A copy of a state names its fields one by one, because a reader may be setting one of them. None may be forgotten.
func TestCopiesForgetNoField(t *testing.T) {
	t.Parallel()
	var r Rest
	fill(t, reflect.TypeFor[Rest](), memory.Of(&r))
	requireFull(t, reflect.TypeFor[Rest](), memory.Of(r.clone()))

	s := State{Model: &meta.Model{}, Handle: &tx.Handle{}, rest: &r}
	fill(t, reflect.TypeFor[State](), memory.Of(&s))
	other := memory.New(reflect.TypeFor[int64]())
	requireFull(t, reflect.TypeFor[State](), memory.Of(s.Copied(other)))
}

// fill sets the fields of a struct that are zero.
func fill(t *testing.T, of reflect.Type, at memory.Ptr) {
	t.Helper()
	for f := range of.Fields() {
		v := memory.Value(f.Type, memory.Add(at, f.Offset))
		switch f.Type.Kind() {
		case reflect.Struct:
			fill(t, f.Type, memory.Add(at, f.Offset))
		case reflect.Slice:
			v.Set(reflect.MakeSlice(f.Type, 1, 1))
		case reflect.Map:
			v.Set(reflect.MakeMap(f.Type))
		case reflect.Pointer:
			if v.IsNil() {
				v.Set(reflect.New(f.Type.Elem()))
			}
			if v.Elem().Kind() == reflect.Map {
				v.Elem().Set(reflect.MakeMap(f.Type.Elem()))
			}
		case reflect.UnsafePointer:
			v.SetPointer(memory.New(reflect.TypeFor[int64]()))
		case reflect.Uint8, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
			v.SetUint(1)
		default:
			require.Fail(t, "a kind of field that fill does not know", f.Name)
		}
	}
}

func requireFull(t *testing.T, of reflect.Type, at memory.Ptr) {
	t.Helper()
	for f := range of.Fields() {
		require.False(t, memory.Value(f.Type, memory.Add(at, f.Offset)).IsZero(), "%s.%s is forgotten", of, f.Name)
		if f.Type.Kind() == reflect.Struct {
			requireFull(t, f.Type, memory.Add(at, f.Offset))
		}
	}
}
