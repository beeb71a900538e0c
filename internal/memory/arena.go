// SPDX-License-Identifier: MIT

package memory

import "reflect"

// chunkBytes bounds a chunk of an [Arena], and with it what one retained record keeps alive.
const chunkBytes = 8 << 10

// Arena hands out zero values of one type from chunks that never move. It grows its chunks from
// one value up to [chunkBytes], so a query for one row allocates one row.
type Arena struct {
	slice reflect.Type
	size  uintptr
	next  Ptr
	left  int
	chunk int
}

// NewArena returns an arena for values of type t, of whose slice type the caller keeps a copy.
func NewArena(slice reflect.Type) Arena {
	return Arena{slice: slice, size: slice.Elem().Size()}
}

// Next returns the address of a zero value.
func (a *Arena) Next() Ptr {
	if a.left == 0 {
		a.grow()
	}
	p := a.next
	a.left--
	if a.left > 0 {
		a.next = Add(p, a.size)
	}
	return p
}

func (a *Arena) grow() {
	limit := max(1, chunkBytes/int(max(a.size, 1)))
	n := max(1, min(a.chunk, limit))
	a.chunk = max(n*4, 16)
	a.next = reflect.MakeSlice(a.slice, n, n).UnsafePointer()
	a.left = n
}

// Twins hands out pairs of values of one type: one to fill, and a shallow copy of it, which is made
// for a whole chunk at a time once Flush is called or the chunk is full.
type Twins struct {
	slice       reflect.Type
	size        uintptr
	first, copy reflect.Value
	at, copyAt  Ptr
	used, n     int
	single      bool
}

// NewTwins returns a maker of pairs; without copies it makes single values.
func NewTwins(slice reflect.Type, copies bool) Twins {
	return Twins{slice: slice, size: slice.Elem().Size(), single: !copies}
}

// Next returns the addresses of a zero value and of its copy to be, which is nil without copies.
func (t *Twins) Next() (value, twin Ptr) {
	if t.used == t.n {
		t.Flush()
		limit := max(1, chunkBytes/2/int(max(t.size, 1)))
		switch t.n {
		case 0:
			t.n = 1
		default:
			t.n = min(max(t.n*4, 16), limit)
		}
		t.used = 0
		t.first = reflect.MakeSlice(t.slice, t.n, t.n)
		t.at = t.first.UnsafePointer()
		if !t.single {
			t.copy = reflect.MakeSlice(t.slice, t.n, t.n)
			t.copyAt = t.copy.UnsafePointer()
		}
	}
	offset := uintptr(t.used) * t.size
	t.used++
	if t.single {
		return Add(t.at, offset), nil
	}
	return Add(t.at, offset), Add(t.copyAt, offset)
}

// Flush makes the copies of the values handed out so far.
func (t *Twins) Flush() {
	if t.single || t.used == 0 {
		return
	}
	reflect.Copy(t.copy.Slice(0, t.used), t.first.Slice(0, t.used))
}
