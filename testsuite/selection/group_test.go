// SPDX-License-Identifier: MIT

package selection_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// GroupBy selects the grouped columns and the aggregates, which arrive in Extras with their types.
func TestGroupBySelectsGroupsAndAggregates(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		var list []*account
		e.Sends(t, 1, func() {
			var err error
			list, err = model.Query[account](e.DB).GroupBy("age").
				Aggregate("count", "*").As("people").Aggregate("sum", "Visits").Aggregate("avg", "score").
				Aggregate("min", "name").Aggregate("max", "seen_at").As("last").Aggregate("countDistinct", "nick").As("nicks").
				OrderBy("people", relation.Desc).OrderBy("age").All(e.Ctx)
			require.NoError(t, err)
		})
		require.Len(t, list, 4)
		require.Equal(t, 30, list[0].Age)
		require.Equal(t, model.Extras{
			"people": int64(2), "sum_visits": int64(37), "avg_score": 0.25, "min_name": "ann",
			"last": time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), "nicks": int64(2),
		}, list[0].Extras())
		require.Equal(t, 20, list[1].Age)
		require.Nil(t, list[1].Extras()["last"])
		require.Equal(t, model.Attrs{"Age": 30}, list[0].Attributes())
	})
}

// Having knows columns, the aggregates that the query declares, and groups of conditions.
func TestHavingKnowsColumnsAndAggregates(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] {
			return model.Query[account](e.DB).GroupBy("age").Aggregate("count", "*").As("people").Aggregate("sum", "visits").OrderBy("age")
		}
		for _, c := range []struct {
			name string
			q    *model.Builder[account]
			want []int
		}{
			{"aggregate", q().Having("people", ">", 1), []int{30}},
			{"column", q().Having("age", "<", 40), []int{20, 30}},
			{"default name", q().Having("sum_visits", ">=", 37), []int{30, 50}},
			{"in", q().Having("people", "in", []int{1}), []int{20, 40, 50}},
			{"raw", q().Use(func(q *relation.Query) { q.HavingRaw("min(visits) > ?", 8) }), []int{20, 50}},
			{"two", q().Having("people", 1).Having("sum_visits", "<", 10), []int{20, 40}},
			{"group", q().Having(func(q *relation.Query) { q.Where("people", 2).OrWhere("age", 50) }), []int{30, 50}},
			{"with where", q().Where("active", true).Having("people", 1), []int{20}},
		} {
			list, err := c.q.All(e.Ctx)
			require.NoError(t, err, c.name)
			var ages []int
			for _, a := range list {
				ages = append(ages, a.Age)
			}
			require.Equal(t, c.want, ages, c.name)
			n, err := c.q.Count(e.Ctx)
			require.NoError(t, err, c.name)
			require.EqualValues(t, len(c.want), n, "%s: groups are counted", c.name)
			ok, err := c.q.Exists(e.Ctx)
			require.NoError(t, err, c.name)
			require.True(t, ok, c.name)
		}
		none, err := q().Having("people", ">", 9).Exists(e.Ctx)
		require.NoError(t, err)
		require.False(t, none)
	})
}

// Names of groups, aggregates and aliases are checked before anything is sent.
func TestNamesOfGroupsAreChecked(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		refuses(t, e, []refused{
			{"group", all(e, q().GroupBy("aeg")), model.ErrUnknownColumn, "did you mean"},
			{"having", all(e, q().GroupBy("age").Having("people", 1)), model.ErrUnknownColumn, "no column"},
			{"having value", all(e, q().GroupBy("age").Aggregate("count", "*").As("people").Having("people", "many")), model.ErrInvalidValue, "integer"},
			{"where on an aggregate", all(e, q().GroupBy("age").Aggregate("count", "*").As("people").Where("people", 1)), model.ErrUnknownColumn, "no column"},
			{"function", all(e, q().Aggregate("median", "age")), model.ErrUnsupported, "countDistinct"},
			{"injected function", all(e, q().Aggregate("count(*), sum", "age")), model.ErrUnsupported, "aggregate"},
			{"column", all(e, q().Aggregate("sum", "aeg")), model.ErrUnknownColumn, ""},
			{"star", all(e, q().Aggregate("sum", "*")), model.ErrUnknownColumn, "name a column"},
			{"alias", all(e, q().Aggregate("count", "*").As("a b")), model.ErrUnknownColumn, "no alias"},
			{"alias of a column", all(e, q().Aggregate("count", "*").As("name")), model.ErrUnknownColumn, "choose another"},
			{"alias twice", all(e, q().Aggregate("count", "*").As("n").Aggregate("max", "id").As("n")), model.ErrUnknownColumn, "twice"},
			{"alias of nothing", all(e, q().As("n")), model.ErrUnsupported, "without an Aggregate"},
			{"sum of text", all(e, q().Aggregate("sum", "name").As("n")), model.ErrUnsupported, "string"},
			{"min of a boolean", all(e, q().Aggregate("min", "active").As("n")), model.ErrUnsupported, "bool"},
		})
	})
}

// Aggregate without a group is one row over all rows of the query, NULL of none but for counts.
func TestAggregateWithoutAGroupIsOneRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		of := func(q *model.Builder[account]) model.Extras {
			one, err := q.Aggregate("count", "*").As("total").Aggregate("max", "age").As("oldest").Sole(e.Ctx)
			require.NoError(t, err)
			return one.Extras()
		}
		require.Equal(t, model.Extras{"total": int64(5), "oldest": 50}, of(model.Query[account](e.DB)))
		require.Equal(t, model.Extras{"total": int64(2), "oldest": 30}, of(model.Query[account](e.DB).Where("age", 30)))
		require.Equal(t, model.Extras{"total": int64(0), "oldest": nil}, of(model.Query[account](e.DB).Where("age", 99)))
	})
}

// Sum, Avg, Min and Max store a typed result: zero or nil of no rows, NULLs left out.
func TestSumAvgMinMaxAreTyped(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB).OrderBy("id") }
		var n int
		var big int64
		var f float64
		var s string
		var at time.Time
		none := new(1)
		e.Sends(t, 1, func() { require.NoError(t, q().Sum(e.Ctx, "age", &n)) })
		require.Equal(t, 170, n)
		require.NoError(t, q().Where("active", true).Sum(e.Ctx, "Visits", &big))
		require.EqualValues(t, 46, big)
		require.NoError(t, q().Sum(e.Ctx, "score", &f))
		require.InDelta(t, 7, f, 1e-9)
		e.Sends(t, 1, func() { require.NoError(t, q().Untyped().Avg(e.Ctx, "age", &f)) })
		require.InDelta(t, 34, f, 1e-9)
		require.NoError(t, q().Untyped().Min(e.Ctx, "name", &s))
		require.Equal(t, "ann", s)
		require.NoError(t, q().Untyped().Max(e.Ctx, "nick", &s))
		require.Equal(t, "dan", s)
		require.NoError(t, q().Untyped().Max(e.Ctx, "seen_at", &at))
		require.Equal(t, time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC), at)
		require.NoError(t, q().Where("age", 0).Untyped().Max(e.Ctx, "age", &none))
		require.Nil(t, none)
		require.NoError(t, q().Where("age", 0).Sum(e.Ctx, "age", &n))
		require.Zero(t, n)
		refuses(t, e, []refused{
			{"text", func() error { return q().Sum(e.Ctx, "name", &n) }, model.ErrUnsupported, "string"},
			{"unknown", func() error { return q().Untyped().Max(e.Ctx, "aeg", &n) }, model.ErrUnknownColumn, "did you mean"},
			{"limit", func() error { return q().Limit(2).Sum(e.Ctx, "age", &n) }, model.ErrUnsupported, "limit"},
			{"distinct", func() error { return q().Distinct().Sum(e.Ctx, "age", &n) }, model.ErrUnsupported, "Distinct"},
			{"groups", func() error { return q().GroupBy("active").Sum(e.Ctx, "age", &n) }, model.ErrUnsupported, "GroupBy"},
		})
		require.ErrorIs(t, q().Sum(e.Ctx, "age", n), model.ErrInvalidValue, "not a pointer")
	})
}

// Count needs no order, counts what limit and offset leave, and sends one statement.
func TestCountDropsTheOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] {
			return model.Query[account](e.DB).OrderBy("age").OrderByRaw("abs(visits)")
		}
		for want, q := range map[int64]*model.Builder[account]{
			5: q(), 2: q().Limit(2), 4: q().Offset(1), 3: q().Where("active", true), 1: q().Offset(1).Limit(1), 0: q().Limit(0),
		} {
			sent := e.Sends(t, 1, func() {
				n, err := q.Count(e.Ctx)
				require.NoError(t, err)
				require.Equal(t, want, n)
			})
			require.NotContains(t, sent[0], "ORDER BY")
		}
		list, err := q().All(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 5, list[0].ID, "Count left the order of the builder alone")
	})
}
