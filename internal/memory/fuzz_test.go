// SPDX-License-Identifier: MIT

package memory_test

import (
	"bytes"
	"reflect"
	"testing"
	"unsafe"

	"github.com/kindred-orm/kindred/internal/memory"
)

// cell has fields of different sizes, a pointer among them.
type cell struct {
	Flag bool
	N    uint16
	Text string
	Next *cell
	Data []byte
}

// FuzzFields writes the fields of values that an arena and twins hand out by their offsets, and reads them through Go's own selectors.
// Run it with -race or -gcflags=all=-d=checkptr, which find an address outside of its allocation.
func FuzzFields(f *testing.F) {
	f.Add([]byte("a record"), uint16(3))
	f.Add([]byte{}, uint16(0))
	f.Add([]byte{0, 255}, uint16(700))
	f.Fuzz(func(t *testing.T, data []byte, n uint16) {
		count := int(n % 1024)
		arena := memory.NewArena(reflect.TypeFor[[]cell]())
		twins := memory.NewTwins(reflect.TypeFor[[]cell](), true)
		var last *cell
		list, copies := []memory.Ptr{}, []memory.Ptr{}
		for i := range count {
			value, twin := twins.Next()
			for _, p := range []memory.Ptr{arena.Next(), value} {
				*memory.At[bool](p) = i%2 == 1
				*memory.At[uint16](memory.Add(p, unsafe.Offsetof(cell{}.N))) = uint16(i)
				*memory.At[string](memory.Add(p, unsafe.Offsetof(cell{}.Text))) = string(data)
				*memory.At[*cell](memory.Add(p, unsafe.Offsetof(cell{}.Next))) = last
				*memory.At[[]byte](memory.Add(p, unsafe.Offsetof(cell{}.Data))) = data
			}
			last = memory.At[cell](value)
			list, copies = append(list, value), append(copies, twin)
		}
		twins.Flush()
		for i, c := range memory.List[*cell](list) {
			twin := memory.As[*cell](copies[i])
			if c.Flag != (i%2 == 1) || c.N != uint16(i) || c.Text != string(data) || !bytes.Equal(c.Data, data) {
				t.Fatalf("value %d = %+v", i, c)
			}
			if !reflect.DeepEqual(c, twin) {
				t.Fatalf("twin %d = %+v; want %+v", i, twin, c)
			}
			if !memory.Same(memory.Of(c), copies[i], unsafe.Sizeof(cell{})) {
				t.Fatalf("twin %d has other bytes", i)
			}
		}
	})
}
