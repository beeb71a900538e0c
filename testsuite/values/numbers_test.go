// SPDX-License-Identifier: MIT

package values_test

import (
	"database/sql"
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// numberEdges are numbers at the edge of their type.
func numberEdges() []edge {
	out := []edge{
		{"int8 low", "Int8", func(k *kinds) { k.Int8 = math.MinInt8 }, math.MinInt8},
		{"int8 high", "Int8", func(k *kinds) { k.Int8 = math.MaxInt8 }, int8(math.MaxInt8)},
		{"int16", "Int16", func(k *kinds) { k.Int16 = math.MinInt16 }, "-32768"},
		{"int32", "Int32", func(k *kinds) { k.Int32 = math.MaxInt32 }, math.MaxInt32},
		{"uint8", "Uint8", func(k *kinds) { k.Uint8 = math.MaxUint8 }, 255},
		{"uint16", "Uint16", func(k *kinds) { k.Uint16 = math.MaxUint16 }, uint16(math.MaxUint16)},
		{"uint32", "Uint32", func(k *kinds) { k.Uint32 = math.MaxUint32 }, uint32(math.MaxUint32)},
		{"uint64", "Uint64", func(k *kinds) { k.Uint64 = math.MaxInt64 }, uint64(math.MaxInt64)},
		{"uint", "Uint", func(k *kinds) { k.Uint = math.MaxInt64 }, "9223372036854775807"},
		{"bool", "Bool", func(k *kinds) { k.Bool = false }, false},
		{"float32", "Float32", func(k *kinds) { k.Float32 = 0.1 }, float32(0.1)},
		{"float32 large", "Float32", func(k *kinds) { k.Float32 = math.MaxFloat32 }, float32(math.MaxFloat32)},
		{"duration", "Dur", func(k *kinds) { k.Dur = math.MinInt64 }, int64(math.MinInt64)},
	}
	for _, n := range []int64{
		math.MinInt64, math.MinInt64 + 1, -1 << 53, -1<<53 - 1, -1, 0, 1, 1<<31 - 1, 1 << 32, 1<<53 - 1, 1<<53 + 1, math.MaxInt64 - 1, math.MaxInt64,
	} {
		out = append(out,
			edge{strconv.FormatInt(n, 10), "Int64", func(k *kinds) { k.Int64 = n }, n},
			edge{strconv.FormatInt(n, 10), "PInt", func(k *kinds) { k.PInt = &n }, strconv.FormatInt(n, 10)},
			edge{strconv.FormatInt(n, 10), "NInt", func(k *kinds) { k.NInt = sql.NullInt64{Int64: n, Valid: true} }, n},
			edge{strconv.FormatInt(n, 10), "NGen", func(k *kinds) { k.NGen = sql.Null[int64]{V: n, Valid: true} }, n},
		)
	}
	for _, f := range []float64{
		0, math.Copysign(0, -1), 0.1, 0.1 + 0.2, -1.0 / 3, 1e15, 1e16, 123456789012345678, 1e21, 1e-7, 5e-324, math.MaxFloat64, -math.MaxFloat64,
		math.SmallestNonzeroFloat64, math.Nextafter(1, 2), 2.2250738585072014e-308, math.Pi * 1e100,
	} {
		out = append(out,
			edge{fmt.Sprint(f), "Float64", func(k *kinds) { k.Float64 = f }, f},
			edge{fmt.Sprint(f), "PFloat", func(k *kinds) { k.PFloat = &f }, f},
			edge{fmt.Sprint(f), "NFloat", func(k *kinds) { k.NFloat = sql.NullFloat64{Float64: f, Valid: true} }, f},
		)
	}
	return out
}

// Integers of 64 bits and floats come back exactly, by whatever write, and are found by themselves.
func TestNumbersRoundTrip(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		keptEverywhere(t, e, numberEdges())
	})
}

// NaN, infinity and integers above 63 bits are an ErrInvalidValue that names the field, before anything is
// sent.
func TestNumbersThatNoDatabaseHoldsAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		var list []edge
		for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			list = append(list,
				edge{fmt.Sprint(f), "Float64", func(k *kinds) { k.Float64 = f }, nil},
				edge{fmt.Sprint(f), "Float32", func(k *kinds) { k.Float32 = float32(f) }, nil},
				edge{fmt.Sprint(f), "PFloat", func(k *kinds) { k.PFloat = &f }, nil},
				edge{fmt.Sprint(f), "NFloat", func(k *kinds) { k.NFloat = sql.NullFloat64{Float64: f, Valid: true} }, nil})
		}
		for _, n := range []uint64{1 << 63, math.MaxUint64} {
			list = append(list,
				edge{strconv.FormatUint(n, 10), "Uint64", func(k *kinds) { k.Uint64 = n }, nil},
				edge{strconv.FormatUint(n, 10), "Uint", func(k *kinds) { k.Uint = uint(n) }, nil})
		}
		refusedEverywhere(t, e, list)
	})
}

// A number in the row that the field's type does not hold is an error of the query, and never another
// number.
func TestNumberThatDoesNotFitIsAnError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.DB.Register(&narrow{}))
		e.Exec(t, "CREATE TABLE narrows (id bigint PRIMARY KEY, int8 bigint, uint8 bigint, int32 bigint, uint32 bigint, small bigint)")
		for i, row := range []struct {
			column string
			value  int64
		}{{"int8", 128}, {"int8", -129}, {"uint8", -1}, {"uint8", 256}, {"int32", 1 << 31}, {"uint32", -5}, {"uint32", 1 << 32}, {"small", 1000}} {
			require.NoError(t, e.Gorm.Exec("INSERT INTO narrows (id, "+row.column+") VALUES (?, ?)", i, row.value).Error)
			require.ErrorContains(t, find[narrow](e, i), "does not fit", row.column)
		}
		e.Exec(t, "INSERT INTO narrows VALUES (100, -128, 255, -1, 5, 127)")
		n, err := model.Query[narrow](e.DB).Find(e.Ctx, 100)
		require.NoError(t, err)
		require.EqualValues(t, []int64{-128, 255, -1, 5, 127}, []int64{int64(n.Int8), int64(n.Uint8), int64(n.Int32), int64(n.Uint32), int64(*n.Small)})
	})
}

// The database sorts integers and floats as Go does.
func TestNumbersSortAsInGo(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		var list []*kinds
		for _, x := range numberEdges() {
			k := someKinds()
			x.set(k)
			list = append(list, k)
		}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		byInt, err := model.Query[kinds](e.DB).OrderBy("int64").All(e.Ctx)
		require.NoError(t, err)
		byFloat, err := model.Query[kinds](e.DB).OrderBy("float64").All(e.Ctx)
		require.NoError(t, err)
		for i := range byInt[1:] {
			require.LessOrEqual(t, byInt[i].Int64, byInt[i+1].Int64)
			require.LessOrEqual(t, byFloat[i].Float64, byFloat[i+1].Float64)
		}
	})
}

// narrow has fields that are narrower than their columns.
type narrow struct {
	model.BaseModel[narrow]

	ID     int64
	Int8   int8
	Uint8  uint8
	Int32  int32
	Uint32 uint32
	Small  *int8
}
