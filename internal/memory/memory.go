// SPDX-License-Identifier: MIT

// Package memory is the one place that turns offsets into typed memory. A record is a struct whose
// fields are known by offset once its type has been compiled; everything above reads and writes
// them through the few functions here, and imports no unsafe itself.
//
// Every [Ptr] points into an allocation of a typed Go value, so the garbage collector sees all
// pointers, and every store goes through a typed pointer, so write barriers are kept.
package memory

import (
	"reflect"
	"unsafe"
)

// Ptr is the address of a record, or of a field inside one.
type Ptr = unsafe.Pointer

// At views the memory at p as a V. The caller knows by the compiled facts that a V, or a type with
// the same layout as V, lives there.
func At[V any](p Ptr) *V { return (*V)(p) }

// Of returns the address of v.
func Of[V any](v *V) Ptr { return Ptr(v) }

// Add returns the address offset bytes behind p, which must lie inside the same allocation.
func Add(p Ptr, offset uintptr) Ptr { return unsafe.Add(p, offset) }

// OfAny returns the address held by a pointer in an interface; nil if it holds no pointer.
func OfAny(pointer any) Ptr {
	v := reflect.ValueOf(pointer)
	if v.Kind() != reflect.Pointer {
		return nil
	}
	return v.UnsafePointer()
}

// Value returns the addressable value of type t at p.
func Value(t reflect.Type, p Ptr) reflect.Value { return reflect.NewAt(t, p).Elem() }

// Pointer returns p as a *t in an interface.
func Pointer(t reflect.Type, p Ptr) any { return reflect.NewAt(t, p).Interface() }

// New allocates a zero value of type t.
func New(t reflect.Type) Ptr { return reflect.New(t).UnsafePointer() }

// Copy copies a value of type t from src to dst, as an assignment does.
func Copy(t reflect.Type, dst, src Ptr) {
	reflect.NewAt(t, dst).Elem().Set(reflect.NewAt(t, src).Elem())
}

// Clear sets the value of type t at p to zero.
func Clear(t reflect.Type, p Ptr) { reflect.NewAt(t, p).Elem().SetZero() }

// Same reports whether the n bytes at a and b are equal.
func Same(a, b Ptr, n uintptr) bool {
	return string(unsafe.Slice((*byte)(a), n)) == string(unsafe.Slice((*byte)(b), n))
}

// SameString reports whether the strings at a and b share their bytes; a quick yes before comparing.
func SameString(a, b Ptr) bool {
	x, y := (*string)(a), (*string)(b)
	return len(*x) == len(*y) && unsafe.StringData(*x) == unsafe.StringData(*y)
}

// Pointers views a list of addresses of records as a list of pointers to their type. It is never nil.
func Pointers[V any](list []Ptr) []*V {
	if list == nil {
		return []*V{}
	}
	return unsafe.Slice((**V)(unsafe.Pointer(unsafe.SliceData(list))), len(list))
}
