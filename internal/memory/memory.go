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
	"sync/atomic"
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

// Same reports whether the n bytes at a and b are equal.
func Same(a, b Ptr, n uintptr) bool {
	return string(unsafe.Slice((*byte)(a), n)) == string(unsafe.Slice((*byte)(b), n))
}

// Load reads a pointer that another goroutine may publish.
func Load[V any](slot **V) *V { return (*V)(atomic.LoadPointer((*Ptr)(Ptr(slot)))) }

// Publish sets a pointer to v, if it still is old, and returns the one that it has then: that of the goroutine which came first. The
// content of v is complete before others can see it.
func Publish[V any](slot **V, old, v *V) *V {
	if atomic.CompareAndSwapPointer((*Ptr)(Ptr(slot)), Ptr(old), Ptr(v)) {
		return v
	}
	return Load(slot)
}

// As views an address as a P, which is a pointer type.
func As[P any](p Ptr) P { return *(*P)(unsafe.Pointer(&p)) }

// Address returns the address that a P, which is a pointer type, holds.
func Address[P any](p P) Ptr { return *(*Ptr)(unsafe.Pointer(&p)) }

// List views a list of addresses as a list of P, which is a pointer type. It is never nil.
func List[P any](list []Ptr) []P {
	if list == nil {
		return []P{}
	}
	return unsafe.Slice((*P)(unsafe.Pointer(unsafe.SliceData(list))), len(list))
}
