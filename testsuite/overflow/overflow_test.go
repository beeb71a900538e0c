// SPDX-License-Identifier: MIT

// Package overflow_test holds the promises about numbers past what a column or a type of Go holds.
package overflow_test

import (
	"database/sql"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type meter struct {
	model.BaseModel[meter]
	ID       int64
	Tiny     int8
	Small    int16
	Whole    int32
	Big      int64
	Byte     uint8
	Natural  uint32
	Huge     uint64
	Single   float32
	Double   float64
	Optional *int16
	Null     sql.NullInt32
}

// edge is a column that holds its greatest, or least, number in one row.
type edge struct {
	column string
	value  any
	step   any // down or up, past the edge
	down   bool
}

func edges() []edge {
	return []edge{
		{"tiny", math.MaxInt8, 1, false},
		{"tiny", math.MinInt8, 1, true},
		{"tiny", 0, 200, false},
		{"small", math.MaxInt16, 1, false},
		{"small", math.MinInt16, 1, true},
		{"small", 0, 70_000, false},
		{"whole", math.MaxInt32, 1, false},
		{"whole", math.MinInt32, 1, true},
		{"whole", 0, int64(math.MaxUint32), false},
		{"big", math.MaxInt64, 1, false},
		{"big", math.MinInt64, 1, true},
		{"big", -2, math.MaxInt64, true},
		{"byte", math.MaxUint8, 1, false},
		{"byte", 0, 1, true},
		{"natural", math.MaxUint32, 1, false},
		{"natural", 0, 1, true},
		{"huge", math.MaxInt64, 1, false},
		{"huge", 0, 1, true},
		{"single", math.MaxFloat32, math.MaxFloat32, false},
		{"single", -math.MaxFloat32, math.MaxFloat32, true},
		{"double", math.MaxFloat64, math.MaxFloat64, false},
		{"double", -math.MaxFloat64, math.MaxFloat64, true},
		{"optional", math.MaxInt16, 1, false},
		{"optional", math.MinInt16, 1, true},
	}
}

func TestBulkStepsPastTheEdgeWriteNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &meter{})
		a, b := &meter{}, &meter{}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*meter{a, b}))
		for _, x := range edges() {
			set := func(r *meter, v any) {
				_, err := model.Query[meter](e.DB).Where("id", r.ID).Update(e.Ctx, model.Attrs{x.column: v})
				require.NoError(t, err, x)
			}
			set(a, 0)
			set(b, x.value)
			step := model.Query[meter](e.DB).AllRows().Increment
			if x.down {
				step = model.Query[meter](e.DB).AllRows().Untyped().Decrement
			}
			n, err := step(e.Ctx, x.column, x.step)
			require.ErrorIs(t, err, model.ErrInvalidValue, x)
			require.Zero(t, n)
			requireHeld(t, e, x.column, 0, x.value)
			require.ErrorIs(t, one(e, b, x), model.ErrInvalidValue, x)
			requireHeld(t, e, x.column, 0, x.value)
			set(b, 0)
		}
	})
}

// one is the same step of a record.
func one(e *harness.Env, r *meter, x edge) error {
	fresh, err := model.Query[meter](e.DB).Find(e.Ctx, r.ID)
	if err != nil {
		return err
	}
	if x.down {
		return fresh.Decrement(e.Ctx, x.column, x.step)
	}
	return fresh.Increment(e.Ctx, x.column, x.step)
}

// requireHeld requires that the rows hold two values, and that they can be read.
func requireHeld(t *testing.T, e *harness.Env, column string, values ...any) {
	t.Helper()
	list, err := model.Query[meter](e.DB).OrderBy("id").All(e.Ctx)
	require.NoError(t, err)
	for i, v := range values {
		n, err := model.Query[meter](e.DB).Where("id", list[i].ID).Where(column, v).Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n, "%s is not %v", column, v)
	}
}

func TestBulkStepsUpToTheEdgeAreTaken(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &meter{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &meter{Tiny: -128, Whole: math.MinInt32, Big: math.MinInt64, Single: 1}))
		for column, by := range map[string]any{
			"tiny": 255, "whole": int64(math.MaxUint32), "big": int64(math.MaxInt64), "natural": int64(math.MaxUint32), "single": 2.5,
			"optional": 7,
		} {
			e.Sends(t, 1, func() {
				n, err := model.Query[meter](e.DB).AllRows().Increment(e.Ctx, column, by)
				require.NoError(t, err, column)
				require.EqualValues(t, 1, n)
			})
		}
		r, err := model.Query[meter](e.DB).Sole(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 127, r.Tiny)
		require.EqualValues(t, math.MaxInt32, r.Whole)
		require.EqualValues(t, -1, r.Big)
		require.EqualValues(t, uint32(math.MaxUint32), r.Natural)
		require.InDelta(t, 3.5, r.Single, 0)
		require.EqualValues(t, 7, *r.Optional)
	})
}

func TestSumsWiderThanTheColumnArriveWhole(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &meter{})
		row := func() *meter {
			return &meter{
				Tiny: 127, Small: math.MaxInt16, Whole: math.MaxInt32, Byte: 255, Natural: math.MaxUint32,
				Null: sql.NullInt32{Int32: math.MaxInt32, Valid: true},
			}
		}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*meter{row(), row()}))
		for column, want := range map[string]int64{
			"tiny": 254, "small": 2 * math.MaxInt16, "whole": 2 * math.MaxInt32, "byte": 510, "natural": 2 * math.MaxUint32,
			"null": 2 * math.MaxInt32,
		} {
			var n int64
			require.NoError(t, model.Query[meter](e.DB).Sum(e.Ctx, column, &n), column)
			require.Equal(t, want, n, column)
			var sum any
			require.NoError(t, model.Query[meter](e.DB).Sum(e.Ctx, column, &sum), column)
			require.Equal(t, want, sum, column)
			groups, err := model.Query[meter](e.DB).Select("null").GroupBy("null").Aggregate("sum", column).As("total").All(e.Ctx)
			require.NoError(t, err, column)
			require.Equal(t, want, groups[0].Extras().Int64("total"), column)
		}
		var tiny int8
		require.ErrorIs(t, model.Query[meter](e.DB).Sum(e.Ctx, "tiny", &tiny), model.ErrInvalidValue)
		require.Zero(t, tiny)
	})
}

func TestASumPast64BitsIsWholeOrAnError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &meter{})
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*meter{{Big: math.MaxInt64}, {Big: math.MaxInt64}}))
		var n int64
		require.ErrorIs(t, model.Query[meter](e.DB).Sum(e.Ctx, "big", &n), model.ErrInvalidValue)
		require.Zero(t, n)
		var text string
		if err := model.Query[meter](e.DB).Sum(e.Ctx, "big", &text); err != nil {
			require.ErrorIs(t, err, model.ErrInvalidValue) // SQLite has no wider integers
		} else {
			require.Equal(t, "18446744073709551614", text)
		}
	})
}
