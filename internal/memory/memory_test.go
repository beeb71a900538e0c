// SPDX-License-Identifier: MIT

package memory_test

import (
	"fmt"
	"reflect"
	"runtime"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/memory"
)

type row struct {
	ID   int64
	Name string
	Tags []string
	Next *row
	Any  any
}

func TestAtAndAdd(t *testing.T) {
	t.Parallel()
	r := &row{ID: 7, Name: "ada"}
	p := memory.Of(r)
	require.Equal(t, int64(7), *memory.At[int64](p))
	name := memory.At[string](memory.Add(p, unsafe.Offsetof(r.Name)))
	*name = "ben"
	require.Equal(t, "ben", r.Name)
	require.Same(t, r, memory.At[row](p))
}

func TestOfAny(t *testing.T) {
	t.Parallel()
	r := &row{}
	require.Equal(t, memory.Of(r), memory.OfAny(r))
	for _, v := range []any{nil, (*row)(nil), row{}, 1, "x", []int{1}} {
		require.Nil(t, memory.OfAny(v), "%T holds no address", v)
	}
}

func TestValueAndPointer(t *testing.T) {
	t.Parallel()
	r := &row{Name: "ada"}
	p, typ := memory.Of(r), reflect.TypeFor[row]()
	memory.Value(typ, p).Field(1).SetString("ben")
	require.Equal(t, "ben", r.Name)
	require.Same(t, r, memory.Pointer(typ, p))
	require.Equal(t, row{}, *memory.At[row](memory.New(typ)), "New is a zero value")
}

func TestCopyIsAnAssignment(t *testing.T) {
	t.Parallel()
	src := &row{ID: 1, Name: "ada", Tags: []string{"x"}, Next: &row{ID: 2}}
	dst := &row{ID: 9, Any: 3}
	memory.Copy(reflect.TypeFor[row](), memory.Of(dst), memory.Of(src))
	require.Equal(t, src, dst)
	require.Same(t, src.Next, dst.Next, "the copy is shallow")
	dst.Name = "ben"
	require.Equal(t, "ada", src.Name)
}

func TestSame(t *testing.T) {
	t.Parallel()
	a, b := [8]byte{1, 2, 3}, [8]byte{1, 2, 4}
	require.True(t, memory.Same(memory.Of(&a), memory.Of(&b), 2))
	require.False(t, memory.Same(memory.Of(&a), memory.Of(&b), 3))
	require.True(t, memory.Same(memory.Of(&a), memory.Of(&b), 0), "no bytes differ")
}

func TestPointersAsTheirType(t *testing.T) {
	t.Parallel()
	r := &row{}
	require.Same(t, r, memory.As[*row](memory.Of(r)))
	require.Nil(t, memory.As[*row](nil))
	require.Equal(t, memory.Of(r), memory.Address(r))
	require.Nil(t, memory.Address((*row)(nil)))
}

func TestListsAsTheirType(t *testing.T) {
	t.Parallel()
	a, b := &row{ID: 1}, &row{ID: 2}
	list := []memory.Ptr{memory.Of(a), nil, memory.Of(b)}
	require.Equal(t, []*row{a, nil, b}, memory.List[*row](list))
	for _, none := range [][]memory.Ptr{nil, {}} {
		got := memory.List[*row](none)
		require.NotNil(t, got, "a list is never nil")
		require.Empty(t, got)
	}
}

// fill writes into a value that was handed out, and check looks whether another one was overwritten.
func fill(p memory.Ptr, i int) {
	r := memory.At[row](p)
	r.ID, r.Name, r.Any = int64(i), fmt.Sprint("row ", i), i
}

func check(t *testing.T, p memory.Ptr, i int) {
	t.Helper()
	want := row{ID: int64(i), Name: fmt.Sprint("row ", i), Any: i}
	require.Equal(t, want, *memory.At[row](p))
}

// TestArenaKeepsItsValues collects garbage between, which frees what nobody but the arena's pointers hold.
func TestArenaKeepsItsValues(t *testing.T) {
	t.Parallel()
	arena := memory.NewArena(reflect.TypeFor[[]row]())
	list := make([]memory.Ptr, 3000)
	for i := range list {
		list[i] = arena.Next()
		require.Equal(t, row{}, *memory.At[row](list[i]), "value %d is not zero", i)
		fill(list[i], i)
		if i%1000 == 0 {
			runtime.GC()
		}
	}
	runtime.GC()
	for i, p := range list {
		check(t, p, i)
	}
}

func TestArenaAllocatesOneValueForOneRow(t *testing.T) {
	arena := memory.NewArena(reflect.TypeFor[[][1 << 10]byte]())
	require.LessOrEqual(t, testing.AllocsPerRun(1, func() { arena.Next() }), 2.0)
	one := memory.NewArena(reflect.TypeFor[[]struct{}]())
	require.NotNil(t, one.Next(), "a type without size has addresses too")
	require.NotNil(t, one.Next())
}

func TestTwinsAreCopiesAfterFlush(t *testing.T) {
	t.Parallel()
	twins := memory.NewTwins(reflect.TypeFor[[]row](), true)
	values, copies := make([]memory.Ptr, 1000), make([]memory.Ptr, 1000)
	for i := range values {
		values[i], copies[i] = twins.Next()
		require.NotEqual(t, values[i], copies[i])
		fill(values[i], i)
	}
	twins.Flush()
	runtime.GC()
	for i := range values {
		check(t, copies[i], i)
		memory.At[row](values[i]).Name = "changed"
	}
	for i := range copies {
		check(t, copies[i], i)
	}
	twins.Flush()
	require.Equal(t, "changed", memory.At[row](copies[999]).Name, "Flush copies the last chunk again")
}

func TestTwinsWithoutCopies(t *testing.T) {
	t.Parallel()
	twins := memory.NewTwins(reflect.TypeFor[[]row](), false)
	for i := range 100 {
		p, twin := twins.Next()
		require.Nil(t, twin)
		fill(p, i)
	}
	twins.Flush()
}

func TestFlushBeforeTheFirstValue(t *testing.T) {
	t.Parallel()
	twins := memory.NewTwins(reflect.TypeFor[[]row](), true)
	require.NotPanics(t, twins.Flush)
}

// TestChunksGrowToALimit counts chunks: an allocation of values, and one of a slice's header at most.
func TestChunksGrowToALimit(t *testing.T) {
	small, large := reflect.TypeFor[[]int64](), reflect.TypeFor[[][1 << 10]byte]()
	arena := func(slice reflect.Type, n int) func() {
		return func() {
			a := memory.NewArena(slice)
			for range n {
				a.Next()
			}
		}
	}
	twins := func(slice reflect.Type, n int) func() {
		return func() {
			tw := memory.NewTwins(slice, false)
			for range n {
				tw.Next()
			}
		}
	}
	for _, row := range []struct {
		name   string
		run    func()
		chunks float64
	}{
		{"Arena/Small", arena(small, 1+16+64+256+1024), 5},
		{"Arena/Large", arena(large, 1+100*8), 101},
		{"Twins/Small", twins(small, 1+16+64+256+512), 5},
		{"Twins/Large", twins(large, 1+100*4), 101},
	} {
		got := testing.AllocsPerRun(3, row.run)
		if got < row.chunks || got > 2*row.chunks+1 {
			t.Errorf("%s: %v allocations for %v chunks", row.name, got, row.chunks)
		}
	}
}
