// SPDX-License-Identifier: MIT

package key_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/model"
)

// widths has a field of every kind of key.
type widths struct {
	model.BaseModel[widths]

	ID   int64
	I8   int8
	I16  int16
	I32  int32
	U8   uint8
	U16  uint16
	U32  uint32
	U64  uint64
	Int  int
	Ptr  *int32
	Text string
	Nick *string
	At   time.Time
	Data []byte
}

// TestIntegersMatchWhateverTheirWidth adds int64 keys and finds them by fields of every other type.
func TestIntegersMatchWhateverTheirWidth(t *testing.T) {
	t.Parallel()
	id := columnOf[widths](t, "ID")
	row := &widths{I8: -8, I16: -300, I32: -70000, U8: 200, U16: 60000, U32: 4e9, U64: math.MaxInt64, Int: 7, Ptr: new(int32(9))}
	for n, name := range []string{"I8", "I16", "I32", "U8", "U16", "U32", "U64", "Int", "Ptr"} {
		c := columnOf[widths](t, name)
		v, err := c.Bind(c.At(memory.Of(row)))
		require.NoError(t, err)
		x := key.NewIndex(id, c, 2)
		x.AddBound(int64(5))
		number, fresh := x.AddBound(v)
		require.Equal(t, int32(1), number, name)
		require.True(t, fresh, name)
		found, err := x.Find(c.At(memory.Of(row)), c)
		require.NoError(t, err)
		require.Equal(t, int32(1), found, name)
		found, err = x.Find(c.At(memory.Of(&widths{Ptr: new(int32(5)), ID: int64(n)})), c)
		require.NoError(t, err)
		if name == "Ptr" {
			require.Equal(t, int32(0), found)
		} else {
			require.Equal(t, key.None, found, "%s: zero was not added", name)
		}
	}
	c := columnOf[widths](t, "U64")
	_, err := key.NewIndex(id, c, 1).Find(c.At(memory.Of(&widths{U64: math.MaxInt64 + 1})), c)
	require.ErrorIs(t, err, errs.ErrInvalidValue, "no row can have it")
	require.ErrorContains(t, err, "widths.U64")
}

func TestEqualKeysShareANumber(t *testing.T) {
	t.Parallel()
	nick, at, day := new("ä"), time.Unix(1e9, 0), time.Unix(2e9, 0)
	for name, pair := range map[string][2]*widths{
		"Int":  {{Int: 7}, {Int: 8}},
		"Text": {{Text: "a"}, {Text: "A"}},
		"Nick": {{Nick: nick}, {Nick: new("")}},
		"At":   {{At: at}, {At: day}},
		"Data": {{Data: []byte{0}}, {Data: []byte{0, 0}}},
	} {
		c := columnOf[widths](t, name)
		x := key.NewIndex(c, c, 0)
		for i, want := range []struct {
			row   int
			fresh bool
		}{{0, true}, {1, true}, {0, false}, {1, false}} {
			n, fresh, err := x.Add(c.At(memory.Of(pair[want.row])))
			require.NoError(t, err)
			require.Equal(t, int32(want.row), n, "%s %d", name, i)
			require.Equal(t, want.fresh, fresh, "%s %d", name, i)
		}
		require.Equal(t, 2, x.Len(), name)
		for i, row := range pair {
			v, err := c.Bind(c.At(memory.Of(row)))
			require.NoError(t, err)
			require.Equal(t, v, x.Values()[i], "%s: the bound value", name)
			require.Equal(t, int32(i), x.FindBound(v), name)
			n, fresh := x.AddBound(v)
			require.Equal(t, int32(i), n, name)
			require.False(t, fresh, name)
		}
	}
}

func TestNULLHasNoNumber(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Ptr", "Nick", "Data"} {
		c := columnOf[widths](t, name)
		x := key.NewIndex(c, c, 0)
		n, fresh, err := x.Add(c.At(memory.Of(&widths{})))
		require.NoError(t, err, name)
		require.Equal(t, key.None, n, name)
		require.False(t, fresh, name)
		require.Zero(t, x.Len(), name)
		n, err = x.Find(c.At(memory.Of(&widths{})), c)
		require.NoError(t, err, name)
		require.Equal(t, key.None, n, name)
		require.Equal(t, key.None, x.FindBound(nil), name)
		require.Equal(t, key.None, x.Class(key.None), name)
	}
}

func TestTuplesTellRecordsApartByAllColumns(t *testing.T) {
	t.Parallel()
	columns := []*meta.Column{columnOf[widths](t, "Int"), columnOf[widths](t, "Nick")}
	x := key.NewTuples(columns, 4)
	for _, row := range []*widths{{Int: 1, Nick: new("a")}, {Int: 1, Nick: new("b")}, {Int: 2, Nick: new("a")}, {Int: 1, Nick: new("a")}, {Int: 1}} {
		require.NoError(t, x.Add(memory.Of(row)))
	}
	require.Equal(t, x.Of(0), x.Of(3))
	distinct := map[string]bool{}
	for i := range 5 {
		distinct[x.Of(i)] = true
	}
	require.Len(t, distinct, 4)
	require.Equal(t, []any{int64(1), int64(2)}, x.Values(0))
	require.Equal(t, []any{"a", "b"}, x.Values(1), "NULL is no value")

	rows := []memory.Ptr{memory.Of(&widths{Int: 2, Nick: new("a")}), memory.Of(&widths{Int: 1, Nick: new("b")})}
	texts, err := x.Resolve(context.Background(), nil, rows, key.ByValues) // each key is one that was added, so nothing is asked
	require.NoError(t, err)
	require.Equal(t, []string{x.Of(2), x.Of(1)}, texts)
}
