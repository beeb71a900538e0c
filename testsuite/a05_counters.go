// SPDX-License-Identifier: MIT

package testsuite

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
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

// counterPromises are those of row A5 about Increment and Decrement.
func counterPromises() []promise {
	return []promise{
		{
			name: "A5/IncrementCountsInTheDatabase",
			says: "Increment is one statement that adds to what the row holds and takes over the result",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a", Visits: 3, Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.exec(t, "UPDATE accounts SET visits = 10, age = 5")
				e.clock.add(time.Hour)
				a.Name = "pending"
				sent := e.sends(t, 1, func() { require.NoError(t, a.Increment(e.ctx, "visits", 2)) })
				require.NotContains(t, sent[0], "name")
				require.EqualValues(t, 12, a.Visits)
				require.Zero(t, a.Age, "other columns are not read")
				require.Equal(t, e.clock.now, a.UpdatedAt)
				require.Equal(t, model.Attrs{"Name": "pending"}, a.Dirty())
				require.NoError(t, a.Decrement(e.ctx, "Visits", 20))
				require.EqualValues(t, -8, a.Visits)
				a.Visits = 1000 // pending in the column itself
				require.NoError(t, a.Increment(e.ctx, "visits", 1))
				require.EqualValues(t, -7, a.Visits)
				require.Equal(t, model.Attrs{"Name": "pending"}, a.Dirty())
				row := e.row(t, "SELECT name, visits, age FROM accounts")
				require.EqualValues(t, -7, row["visits"])
				require.Equal(t, "n", row["name"])
				require.EqualValues(t, 5, row["age"])
			},
			twin: bending("UPDATE", "COALESCE(`visits`, 0) + ?", "3 + ?"),
		},
		{
			name: "A5/IncrementOfEveryKind",
			says: "integers, floats and NULL, which counts as zero, can be counted, with any number that fits",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &counter{})
				c := &counter{Name: "n", Amount: "1.50"}
				require.NoError(t, model.Create(e.ctx, e.db, c))
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
					e.sends(t, 1, func() {
						require.NoError(t, e.do("step", func() error { return c.Increment(e.ctx, step.column, step.by) }), step.column)
					})
				}
				require.EqualValues(t, 1, c.Small)
				require.EqualValues(t, 7, c.Plain)
				require.EqualValues(t, 8, *c.Many)
				require.InDelta(t, 2.5, c.Rate, 0)
				require.Empty(t, c.Dirty())
				fresh, err := c.Fresh(e.ctx)
				require.NoError(t, err)
				require.True(t, fresh.Equal(c))
				require.NoError(t, c.Decrement(e.ctx, "plain", 7))
				require.Zero(t, c.Plain)
			},
			twin: without("step"),
		},
		{
			name: "A5/IncrementRefuses",
			says: "what cannot be counted, and steps that do not fit, are errors that send nothing",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &counter{})
				c := &counter{Name: "n", Amount: "1.50"}
				require.NoError(t, model.Create(e.ctx, e.db, c))
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
					e.sends(t, 0, func() {
						err := e.do("step", func() error { return c.Increment(e.ctx, row.column, row.by) })
						require.ErrorIs(t, err, row.want, name)
					})
				}
				require.Empty(t, c.Dirty())
			},
			twin: succeeding("step"),
		},
		{
			name: "A5/IncrementStaysInItsType",
			says: "a sum that the field's type does not hold is an ErrInvalidValue, and neither row nor record changes",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &counter{})
				c := &counter{Name: "n", Small: 100, Plain: 3, Many: new(int64(math.MaxInt64 - 1)), Amount: "0"}
				require.NoError(t, model.Create(e.ctx, e.db, c))
				before := c.Attributes()
				for name, step := range map[string]func() error{
					"int8 up":     func() error { return c.Increment(e.ctx, "small", 28) },
					"int8 down":   func() error { return c.Decrement(e.ctx, "small", 229) },
					"int8 far":    func() error { return c.Increment(e.ctx, "small", 1000) },
					"uint16 up":   func() error { return c.Increment(e.ctx, "plain", 65533) },
					"uint16 down": func() error { return c.Decrement(e.ctx, "plain", 4) },
					"int64 up":    func() error { return c.Increment(e.ctx, "many", 2) },
				} {
					require.ErrorIs(t, e.do("step", step), model.ErrInvalidValue, name)
					require.Equal(t, before, c.Attributes(), name)
				}
				fresh, err := c.Fresh(e.ctx)
				require.NoError(t, err)
				require.True(t, c.Equal(fresh))
				require.NoError(t, c.Increment(e.ctx, "small", 27))
				require.NoError(t, c.Decrement(e.ctx, "small", 255))
				require.NoError(t, c.Increment(e.ctx, "plain", 65532))
				require.NoError(t, c.Decrement(e.ctx, "plain", 65535))
				require.NoError(t, c.Increment(e.ctx, "many", 1))
				require.EqualValues(t, math.MinInt8, c.Small)
				require.EqualValues(t, 0, c.Plain)
				require.EqualValues(t, math.MaxInt64, *c.Many)
				e.exec(t, "DELETE FROM counters")
				require.ErrorIs(t, c.Increment(e.ctx, "small", 1), model.ErrStale)
			},
			twin: bending("UPDATE", " <= CAST(?", " <= CAST(1000 + ?"),
		},
		{
			name: "A5/IncrementThatFails",
			says: "an Increment that the database refuses, or whose transaction is rolled back, leaves the record as it was",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &strict{}, &account{})
				s, a := &strict{Name: new("n"), Age: 1}, &account{Email: "a", Visits: 1}
				require.NoError(t, model.Create(e.ctx, e.db, s))
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.ErrorIs(t, e.do("step", func() error { return s.Decrement(e.ctx, "age", 2) }), model.ErrInvalidValue)
				require.Equal(t, 1, s.Age)
				require.Empty(t, s.Dirty())
				tx, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				require.NoError(t, a.Increment(model.WithDB(e.ctx, tx), "visits", 5))
				require.EqualValues(t, 6, a.Visits)
				require.NoError(t, tx.Rollback())
				require.EqualValues(t, 1, a.Visits)
				require.NoError(t, a.Increment(e.ctx, "visits", 5))
				require.EqualValues(t, 6, a.Visits)
			},
			twin: succeeding("step"),
		},
	}
}
