// SPDX-License-Identifier: MIT

package records_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// counter has columns that can be counted, and some that cannot.
type counter struct {
	model.BaseModel[counter]

	ID     int64
	Name   string
	Small  int8
	Plain  uint16
	Many   *int64
	Rate   float64
	Amount string `gorm:"type:decimal(10,2)"`
	Flag   bool
	At     time.Time
}

// Increment is one statement that adds to what the row holds and takes over the result.
func TestIncrementCountsInTheDatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a", Visits: 3, Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Exec(t, "UPDATE accounts SET visits = 10, age = 5")
		e.Clock.Add(time.Hour)
		a.Name = "pending"
		sent := e.Sends(t, 1, func() { require.NoError(t, a.Increment(e.Ctx, "visits", 2)) })
		require.NotContains(t, sent[0], "name")
		require.EqualValues(t, 12, a.Visits)
		require.Zero(t, a.Age, "other columns are not read")
		require.Equal(t, e.Clock.Now(), a.UpdatedAt)
		require.Equal(t, model.Attrs{"Name": "pending"}, a.Dirty())
		require.NoError(t, a.Decrement(e.Ctx, "Visits", 20))
		require.EqualValues(t, -8, a.Visits)
		a.Visits = 1000 // pending in the column itself
		require.NoError(t, a.Increment(e.Ctx, "visits", 1))
		require.EqualValues(t, -7, a.Visits)
		require.Equal(t, model.Attrs{"Name": "pending"}, a.Dirty())
		row := e.Row(t, "SELECT name, visits, age FROM accounts")
		require.EqualValues(t, -7, row["visits"])
		require.Equal(t, "n", row["name"])
		require.EqualValues(t, 5, row["age"])
	})
}

// Integers, floats and NULL, which counts as zero, can be counted, with any number that fits.
func TestIncrementCountsEveryKindOfNumber(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &counter{})
		c := &counter{Name: "n", Amount: "1.50"}
		require.NoError(t, model.Create(e.Ctx, e.DB, c))
		for _, step := range []struct {
			column string
			by     any
		}{
			{"small", 2},
			{"small", int64(-1)},
			{"plain", uint8(7)},
			{"many", 5},
			{"many", "3"},
			{"rate", 1.5},
			{"rate", 1},
			{"Small", 0},
		} {
			e.Sends(t, 1, func() {
				require.NoError(t, c.Increment(e.Ctx, step.column, step.by), step.column)
			})
		}
		require.EqualValues(t, 1, c.Small)
		require.EqualValues(t, 7, c.Plain)
		require.EqualValues(t, 8, *c.Many)
		require.InDelta(t, 2.5, c.Rate, 0)
		require.Empty(t, c.Dirty())
		fresh, err := c.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, fresh.Equal(c))
		require.NoError(t, c.Decrement(e.Ctx, "plain", 7))
		require.Zero(t, c.Plain)
	})
}

// What cannot be counted, and steps that do not fit, are errors that send nothing.
func TestIncrementRefusesWhatCannotBeCounted(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &counter{})
		c := &counter{Name: "n", Amount: "1.50"}
		require.NoError(t, model.Create(e.Ctx, e.DB, c))
		for name, row := range map[string]struct {
			column string
			by     any
			want   error
		}{
			"unknown":       {"smal", 1, model.ErrUnknownColumn},
			"empty":         {"", 1, model.ErrUnknownColumn},
			"text":          {"name", 1, model.ErrUnsupported},
			"bool":          {"flag", 1, model.ErrUnsupported},
			"time":          {"at", 1, model.ErrUnsupported},
			"nil":           {"small", nil, model.ErrInvalidValue},
			"fraction":      {"small", 1.5, model.ErrInvalidValue},
			"fraction text": {"many", "1.5", model.ErrInvalidValue},
			"text step":     {"small", "x", model.ErrInvalidValue},
			"list":          {"small", []int{1}, model.ErrInvalidValue},
			"decimal text":  {"amount", "1.5", model.ErrUnsupported},
			"too large":     {"many", uint64(1 << 63), model.ErrInvalidValue},
			"sql":           {"small", "1); DROP TABLE counters", model.ErrInvalidValue},
		} {
			e.Sends(t, 0, func() {
				err := c.Increment(e.Ctx, row.column, row.by)
				require.ErrorIs(t, err, row.want, name)
			})
		}
		require.Empty(t, c.Dirty())
	})
}

// A sum that the field's type does not hold is an ErrInvalidValue, and neither row nor record changes.
func TestIncrementRefusesASumThatDoesNotFit(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &counter{})
		c := &counter{Name: "n", Small: 100, Plain: 3, Many: new(int64(math.MaxInt64 - 1)), Amount: "0"}
		require.NoError(t, model.Create(e.Ctx, e.DB, c))
		before := c.Attributes()
		for name, step := range map[string]func() error{
			"int8 up":     func() error { return c.Increment(e.Ctx, "small", 28) },
			"int8 down":   func() error { return c.Decrement(e.Ctx, "small", 229) },
			"int8 far":    func() error { return c.Increment(e.Ctx, "small", 1000) },
			"uint16 up":   func() error { return c.Increment(e.Ctx, "plain", 65533) },
			"uint16 down": func() error { return c.Decrement(e.Ctx, "plain", 4) },
			"int64 up":    func() error { return c.Increment(e.Ctx, "many", 2) },
		} {
			require.ErrorIs(t, step(), model.ErrInvalidValue, name)
			require.Equal(t, before, c.Attributes(), name)
		}
		fresh, err := c.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, c.Equal(fresh))
		require.NoError(t, c.Increment(e.Ctx, "small", 27))
		require.NoError(t, c.Decrement(e.Ctx, "small", 255))
		require.NoError(t, c.Increment(e.Ctx, "plain", 65532))
		require.NoError(t, c.Decrement(e.Ctx, "plain", 65535))
		require.NoError(t, c.Increment(e.Ctx, "many", 1))
		require.EqualValues(t, math.MinInt8, c.Small)
		require.EqualValues(t, 0, c.Plain)
		require.EqualValues(t, math.MaxInt64, *c.Many)
		e.Exec(t, "DELETE FROM counters")
		require.ErrorIs(t, c.Increment(e.Ctx, "small", 1), model.ErrStale)
	})
}

// An Increment that the database refuses, or whose transaction is rolled back, leaves the record as it was.
func TestFailedIncrementLeavesTheRecordAsItWas(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &strict{}, &account{})
		s, a := &strict{Name: new("n"), Age: 1}, &account{Email: "a", Visits: 1}
		require.NoError(t, model.Create(e.Ctx, e.DB, s))
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.ErrorIs(t, s.Decrement(e.Ctx, "age", 2), model.ErrInvalidValue)
		require.Equal(t, 1, s.Age)
		require.Empty(t, s.Dirty())
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, a.Increment(model.WithDB(e.Ctx, tx), "visits", 5))
		require.EqualValues(t, 6, a.Visits)
		require.NoError(t, tx.Rollback())
		require.EqualValues(t, 1, a.Visits)
		require.NoError(t, a.Increment(e.Ctx, "visits", 5))
		require.EqualValues(t, 6, a.Visits)
	})
}
