// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// trashedReaderPromises are about what queries see of soft deleted rows.
func trashedReaderPromises() []promise {
	return []promise{
		{
			name: "A13/InvisibleToReaders",
			says: "soft deleted rows are invisible to every way of reading: records, numbers, pages, lists, groups, streams",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				readFlyers(t, e, func() *model.Builder[flyer] { return flyers(e) }, alive)
				for _, id := range []int64{2, 4} {
					for name, err := range map[string]error{
						"Find":   second(flyers(e).Find(e.ctx, id)),
						"FindBy": second(flyers(e).FindBy(e.ctx, "id", id)),
						"First":  second(flyers(e).Where("id", id).First(e.ctx)),
						"Sole":   second(flyers(e).Where("id", id).Sole(e.ctx)),
					} {
						require.ErrorIs(t, err, model.ErrNotFound, name)
					}
				}
			},
			twin: func(e *env) { e.sql = seesAll },
		},
		{
			name: "A13/WithTrashed",
			says: "WithTrashed makes soft deleted rows visible to every way of reading, next to the others",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				readFlyers(t, e, func() *model.Builder[flyer] { return flyers(e).WithTrashed() }, alive+trashed)
				f, err := flyers(e).WithTrashed().Find(e.ctx, 2)
				require.NoError(t, err)
				require.True(t, f.Trashed())
				require.False(t, f.IsDeleted())
				f, err = flyers(e).WithTrashed().Find(e.ctx, 1)
				require.NoError(t, err)
				require.False(t, f.Trashed())
			},
			twin: func(e *env) {
				e.sql = bends("FROM `flyers`", "FROM (SELECT * FROM flyers WHERE deleted_at IS NULL) AS `flyers`")
			},
		},
		{
			name: "A13/OnlyTrashed",
			says: "OnlyTrashed makes every way of reading see the soft deleted rows alone",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				readFlyers(t, e, func() *model.Builder[flyer] { return flyers(e).OnlyTrashed() }, trashed)
				f, err := flyers(e).OnlyTrashed().Find(e.ctx, 2)
				require.NoError(t, err)
				require.True(t, f.Trashed())
				_, err = flyers(e).OnlyTrashed().Find(e.ctx, 1)
				require.ErrorIs(t, err, model.ErrNotFound)
			},
			twin: func(e *env) { e.sql = bends("`flyers`.`deleted_at` IS NOT NULL", "1 = 1") },
		},
		{
			name: "A13/LastWordCounts",
			says: "of WithTrashed and OnlyTrashed the last call counts, and a clone has its own",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				q := flyers(e)
				with := q.Clone().OnlyTrashed().WithTrashed()
				only := with.Clone().OnlyTrashed()
				for want, q := range map[int64]*model.Builder[flyer]{alive: q, alive + trashed: with, trashed: only} {
					var sum int64
					e.sends(t, 1, func() { require.NoError(t, q.Sum(e.ctx, "copies", &sum)) })
					require.Equal(t, want, sum)
				}
			},
			twin: func(e *env) { e.sql = bends("`flyers`.`deleted_at` IS NOT NULL", "1 = 1") },
		},
		{
			name: "A13/SubQueries",
			says: "a sub-query sees soft deleted rows only if it asks for them itself, whatever the query around it asks for",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				for i := range 5 {
					require.NoError(t, model.Create(e.ctx, e.db, &account{Email: strings.Repeat("x", i+1), Age: 1 << i}))
				}
				ages := func(q *model.Builder[account]) int64 {
					var sum int64
					e.sends(t, 1, func() { require.NoError(t, q.Sum(e.ctx, "age", &sum)) })
					return sum
				}
				copies := func(q *model.Builder[flyer]) *relation.Query { return q.Select("copies").Untyped() }
				exists := func(q *model.Builder[flyer]) *relation.Query {
					return q.Use(func(q *relation.Query) { q.WhereColumn("flyers.copies", "=", "accounts.age") }).Untyped()
				}
				accounts := func() *model.Builder[account] { return model.Query[account](e.db) }
				require.EqualValues(t, alive, ages(accounts().WhereIn("age", copies(flyers(e)))))
				require.EqualValues(t, trashed, ages(accounts().WhereNotIn("age", copies(flyers(e)))))
				require.EqualValues(t, alive+trashed, ages(accounts().WhereIn("age", copies(flyers(e).WithTrashed()))))
				require.EqualValues(t, trashed, ages(accounts().WhereIn("age", copies(flyers(e).OnlyTrashed()))))
				require.EqualValues(t, alive, ages(accounts().Use(func(q *relation.Query) { q.WhereExists(exists(flyers(e))) })))
				require.EqualValues(t, trashed, ages(accounts().Use(func(q *relation.Query) { q.WhereNotExists(exists(flyers(e))) })))
				require.EqualValues(t, trashed, ages(accounts().Use(func(q *relation.Query) { q.WhereExists(exists(flyers(e).OnlyTrashed())) })))
				require.EqualValues(t, alive, ages(accounts().WhereRaw("age IN ?", copies(flyers(e)))))
				var sum int64
				require.NoError(t, flyers(e).WithTrashed().WhereIn("copies", copies(flyers(e))).Sum(e.ctx, "copies", &sum))
				require.EqualValues(t, alive, sum, "the query around it sees all, the sub-query does not")
				require.NoError(t, flyers(e).WhereIn("copies", copies(flyers(e).WithTrashed())).Sum(e.ctx, "copies", &sum))
				require.EqualValues(t, alive, sum, "the sub-query sees all, the query around it does not")
			},
			twin: func(e *env) { e.sql = seesAll },
		},
		{
			name: "A13/Joins",
			says: "soft deleted rows of a joined table are no partners, unless the query asks for trashed rows",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				for i := range 5 {
					require.NoError(t, model.Create(e.ctx, e.db, &account{Email: strings.Repeat("x", i+1), Age: 1 << i}))
				}
				var sum int64
				require.NoError(t, model.Query[account](e.db).Join("flyers", "flyers.copies", "=", "accounts.age").Sum(e.ctx, "age", &sum))
				require.EqualValues(t, alive, sum)
				n, err := model.Query[account](e.db).Use(func(q *relation.Query) { q.LeftJoin("flyers", "flyers.copies", "=", "accounts.age") }).WhereNull("flyers.id").Count(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				require.NoError(t, flyers(e).Join("accounts", "accounts.age", "=", "flyers.copies").Sum(e.ctx, "copies", &sum))
				require.EqualValues(t, alive, sum)
				require.NoError(t, flyers(e).WithTrashed().Join("accounts", "accounts.age", "=", "flyers.copies").Sum(e.ctx, "copies", &sum))
				require.EqualValues(t, alive+trashed, sum)
			},
			twin: func(e *env) { e.sql = seesAll },
		},
		{
			name: "A13/NoSoftDeletes",
			says: "WithTrashed, OnlyTrashed and Restore of a model without soft deletes are ErrUnsupported, and send nothing",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := someAccounts(t, e, 1)[0]
				for name, call := range map[string]func() error{
					"WithTrashed":        func() error { return second(model.Query[account](e.db).WithTrashed().All(e.ctx)) },
					"OnlyTrashed":        func() error { return second(model.Query[account](e.db).OnlyTrashed().Count(e.ctx)) },
					"Restore":            func() error { return a.Restore(e.ctx) },
					"Restore of a query": func() error { return second(model.Query[account](e.db).AllRows().Restore(e.ctx)) },
				} {
					e.sends(t, 0, func() { require.ErrorIs(t, e.do("find", call), model.ErrUnsupported, name) })
				}
				require.False(t, a.Trashed())
				require.NoError(t, a.ForceDelete(e.ctx))
				require.True(t, a.IsDeleted())
			},
			twin: findsByText,
		},
	}
}

// readFlyers reads flyers in every way that there is, and asserts which were seen.
func readFlyers(t testing.TB, e *env, q func() *model.Builder[flyer], want int64) {
	t.Helper()
	rows := map[int64]int{alive: 3, trashed: 2, alive + trashed: 5}[want]
	ways := readers(q)
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		e.sent.Reset()
		sum, err := ways[name](e.ctx, rows)
		require.NoError(t, err, name)
		require.Equal(t, want, sum, name)
		if name != "Paginate" && name != "CursorPaginate" && name != "Chunk" {
			require.Len(t, e.sent.Statements(), 1, name)
		}
	}
}

// readers are ways of reading flyers, each of which returns the sum of the copies that it saw; rows is
// how many rows there should be.
func readers(q func() *model.Builder[flyer]) map[string]func(ctx context.Context, rows int) (int64, error) {
	of := func(list []*flyer, err error) (sum int64, _ error) {
		for _, f := range list {
			sum += int64(f.Copies)
		}
		return sum, err
	}
	type reader = func(ctx context.Context, rows int) (int64, error)
	return map[string]reader{
		"All": func(ctx context.Context, _ int) (int64, error) { return of(q().All(ctx)) },
		"Query.All": func(ctx context.Context, _ int) (int64, error) {
			var list []*flyer
			err := q().Untyped().All(ctx, &list)
			return of(list, err)
		},
		"FindMany": func(ctx context.Context, _ int) (int64, error) { return of(q().FindMany(ctx, 1, 2, 3, 4, 5)) },
		"WhereKey": func(ctx context.Context, _ int) (int64, error) {
			return of(q().Use(func(q *relation.Query) { q.WhereKey(1, 2, 3, 4, 5) }).All(ctx))
		},
		"Distinct":  func(ctx context.Context, _ int) (int64, error) { return of(q().Distinct().All(ctx)) },
		"SelectRaw": func(ctx context.Context, _ int) (int64, error) { return of(q().SelectRaw("*").All(ctx)) },
		"ReadOnly": func(ctx context.Context, _ int) (int64, error) {
			return of(q().Use(func(q *relation.Query) { q.ReadOnly() }).Limit(9).All(ctx))
		},
		"Apply": func(ctx context.Context, _ int) (int64, error) {
			return of(q().Apply(func(g *gorm.DB) *gorm.DB { return g.Where("copies > 0").Or("copies > 1") }).All(ctx))
		},
		"Sum": func(ctx context.Context, _ int) (sum int64, err error) {
			err = q().Sum(ctx, "copies", &sum)
			return sum, err
		},
		"Avg": func(ctx context.Context, rows int) (int64, error) {
			var average float64
			err := q().Untyped().Avg(ctx, "copies", &average)
			return int64(average*float64(rows) + 0.5), err
		},
		"Max": func(ctx context.Context, rows int) (int64, error) {
			var highest int64
			err := q().Untyped().Max(ctx, "copies", &highest)
			return expected(highest == map[int]int64{3: 4, 2: 16, 5: 16}[rows], rows), err
		},
		"Min": func(ctx context.Context, rows int) (int64, error) {
			var least int64
			err := q().Untyped().Min(ctx, "copies", &least)
			return expected(least == map[int]int64{3: 1, 2: 8, 5: 1}[rows], rows), err
		},
		"Count": func(ctx context.Context, rows int) (int64, error) {
			n, err := q().Count(ctx)
			return expected(n == int64(rows), rows), err
		},
		"Exists": func(ctx context.Context, rows int) (int64, error) {
			ok, err := q().Offset(rows - 1).Exists(ctx)
			return expected(ok, rows), err
		},
		"Pluck": func(ctx context.Context, _ int) (sum int64, _ error) {
			var list []int64
			err := q().Pluck(ctx, "copies", &list)
			for _, n := range list {
				sum += n
			}
			return sum, err
		},
		"Paginate": func(ctx context.Context, rows int) (int64, error) {
			page, err := q().Paginate(ctx, 1, 50)
			if err != nil || page.Meta.Total != int64(rows) {
				return -1, err
			}
			return of(page.Data, nil)
		},
		"CursorPaginate": func(ctx context.Context, _ int) (sum int64, _ error) {
			for cursor, first := "", true; first || cursor != ""; first = false {
				page, err := q().OrderBy("copies", relation.Desc).CursorPaginate(ctx, cursor, 1)
				if err != nil {
					return 0, err
				}
				n, _ := of(page.Data, nil)
				sum, cursor = sum+n, page.NextCursor
			}
			return sum, nil
		},
		"Each": func(ctx context.Context, _ int) (sum int64, _ error) {
			for f, err := range q().Each(ctx) {
				if err != nil {
					return 0, err
				}
				sum += int64(f.Copies)
			}
			return sum, nil
		},
		"Chunk": func(ctx context.Context, _ int) (sum int64, _ error) {
			for list, err := range q().Chunk(ctx, 1) {
				if err != nil {
					return 0, err
				}
				n, _ := of(list, nil)
				sum += n
			}
			return sum, nil
		},
		"GroupBy": func(ctx context.Context, _ int) (sum int64, _ error) {
			list, err := q().GroupBy("series").Aggregate("sum", "copies").As("total").Having("total", ">", 0).All(ctx)
			for _, f := range list {
				sum += f.Extras().Int64("total")
			}
			return sum, err
		},
	}
}

// expected is the sum of as many rows as were expected, if they were there.
func expected(ok bool, rows int) int64 {
	if !ok {
		return -1
	}
	return map[int]int64{3: alive, 2: trashed, 5: alive + trashed}[rows]
}

// seesAll makes SELECT statements see soft deleted rows, for twins.
func seesAll(sql string) string {
	if !strings.HasPrefix(sql, "SELECT ") {
		return sql
	}
	return strings.ReplaceAll(sql, "`flyers`.`deleted_at` IS NULL", "1 = 1")
}

// second returns the error of a call.
func second(_ any, err error) error { return err }
