// SPDX-License-Identifier: MIT

package softdelete_test

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
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Soft deleted rows are invisible to every way of reading: records, numbers, pages, lists, groups, streams.
func TestSoftDeletedRowsAreInvisible(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		readFlyers(t, e, func() *model.Builder[flyer] { return flyers(e) }, copiesAlive)
		for _, id := range []int64{2, 4} {
			for name, err := range map[string]error{
				"Find":   harness.Err(flyers(e).Find(e.Ctx, id)),
				"FindBy": harness.Err(flyers(e).FindBy(e.Ctx, "id", id)),
				"First":  harness.Err(flyers(e).Where("id", id).First(e.Ctx)),
				"Sole":   harness.Err(flyers(e).Where("id", id).Sole(e.Ctx)),
			} {
				require.ErrorIs(t, err, model.ErrNotFound, name)
			}
		}
	})
}

// WithTrashed makes soft deleted rows visible to every way of reading, next to the others.
func TestWithTrashedShowsSoftDeletedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		readFlyers(t, e, func() *model.Builder[flyer] { return flyers(e).WithTrashed() }, copiesAlive+copiesTrashed)
		f, err := flyers(e).WithTrashed().Find(e.Ctx, 2)
		require.NoError(t, err)
		require.True(t, f.Trashed())
		require.False(t, f.IsDeleted())
		f, err = flyers(e).WithTrashed().Find(e.Ctx, 1)
		require.NoError(t, err)
		require.False(t, f.Trashed())
	})
}

// OnlyTrashed makes every way of reading see the soft deleted rows alone.
func TestOnlyTrashedShowsSoftDeletedRowsAlone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		readFlyers(t, e, func() *model.Builder[flyer] { return flyers(e).OnlyTrashed() }, copiesTrashed)
		f, err := flyers(e).OnlyTrashed().Find(e.Ctx, 2)
		require.NoError(t, err)
		require.True(t, f.Trashed())
		_, err = flyers(e).OnlyTrashed().Find(e.Ctx, 1)
		require.ErrorIs(t, err, model.ErrNotFound)
	})
}

// Of WithTrashed and OnlyTrashed the last call counts, and a clone has its own.
func TestLastTrashedCallCounts(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		q := flyers(e)
		with := q.Clone().OnlyTrashed().WithTrashed()
		only := with.Clone().OnlyTrashed()
		for want, q := range map[int64]*model.Builder[flyer]{copiesAlive: q, copiesAlive + copiesTrashed: with, copiesTrashed: only} {
			var sum int64
			e.Sends(t, 1, func() { require.NoError(t, q.Sum(e.Ctx, "copies", &sum)) })
			require.Equal(t, want, sum)
		}
	})
}

// A sub-query sees soft deleted rows only if it asks for them itself, whatever the query around it asks
// for.
func TestSubqueriesDecideForThemselves(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		for i := range 5 {
			require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: strings.Repeat("x", i+1), Age: 1 << i}))
		}
		ages := func(q *model.Builder[account]) int64 {
			var sum int64
			e.Sends(t, 1, func() { require.NoError(t, q.Sum(e.Ctx, "age", &sum)) })
			return sum
		}
		copies := func(q *model.Builder[flyer]) *relation.Query { return q.Select("copies").Untyped() }
		exists := func(q *model.Builder[flyer]) *relation.Query {
			return q.Use(func(q *relation.Query) { q.WhereColumn("flyers.copies", "=", "accounts.age") }).Untyped()
		}
		accounts := func() *model.Builder[account] { return model.Query[account](e.DB) }
		require.EqualValues(t, copiesAlive, ages(accounts().WhereIn("age", copies(flyers(e)))))
		require.EqualValues(t, copiesTrashed, ages(accounts().WhereNotIn("age", copies(flyers(e)))))
		require.EqualValues(t, copiesAlive+copiesTrashed, ages(accounts().WhereIn("age", copies(flyers(e).WithTrashed()))))
		require.EqualValues(t, copiesTrashed, ages(accounts().WhereIn("age", copies(flyers(e).OnlyTrashed()))))
		require.EqualValues(t, copiesAlive, ages(accounts().Use(func(q *relation.Query) { q.WhereExists(exists(flyers(e))) })))
		require.EqualValues(t, copiesTrashed, ages(accounts().Use(func(q *relation.Query) { q.WhereNotExists(exists(flyers(e))) })))
		require.EqualValues(t, copiesTrashed, ages(accounts().Use(func(q *relation.Query) { q.WhereExists(exists(flyers(e).OnlyTrashed())) })))
		require.EqualValues(t, copiesAlive, ages(accounts().WhereRaw("age IN ?", copies(flyers(e)))))
		var sum int64
		require.NoError(t, flyers(e).WithTrashed().WhereIn("copies", copies(flyers(e))).Sum(e.Ctx, "copies", &sum))
		require.EqualValues(t, copiesAlive, sum, "the query around it sees all, the sub-query does not")
		require.NoError(t, flyers(e).WhereIn("copies", copies(flyers(e).WithTrashed())).Sum(e.Ctx, "copies", &sum))
		require.EqualValues(t, copiesAlive, sum, "the sub-query sees all, the query around it does not")
	})
}

// Soft deleted rows of a joined table are no partners, unless the query asks for trashed rows.
func TestSoftDeletedRowsAreNoPartnersOfAJoin(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		for i := range 5 {
			require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: strings.Repeat("x", i+1), Age: 1 << i}))
		}
		var sum int64
		require.NoError(t, model.Query[account](e.DB).Join("flyers", "flyers.copies", "=", "accounts.age").Sum(e.Ctx, "age", &sum))
		require.EqualValues(t, copiesAlive, sum)
		n, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.LeftJoin("flyers", "flyers.copies", "=", "accounts.age") }).WhereNull("flyers.id").Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		require.NoError(t, flyers(e).Join("accounts", "accounts.age", "=", "flyers.copies").Sum(e.Ctx, "copies", &sum))
		require.EqualValues(t, copiesAlive, sum)
		require.NoError(t, flyers(e).WithTrashed().Join("accounts", "accounts.age", "=", "flyers.copies").Sum(e.Ctx, "copies", &sum))
		require.EqualValues(t, copiesAlive+copiesTrashed, sum)
	})
}

// WithTrashed, OnlyTrashed and Restore of a model without soft deletes are ErrUnsupported, and send
// nothing.
func TestModelWithoutSoftDeletesRefusesWithTrashed(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := someAccounts(t, e, 1)[0]
		for name, call := range map[string]func() error{
			"WithTrashed":        func() error { return harness.Err(model.Query[account](e.DB).WithTrashed().All(e.Ctx)) },
			"OnlyTrashed":        func() error { return harness.Err(model.Query[account](e.DB).OnlyTrashed().Count(e.Ctx)) },
			"Restore":            func() error { return a.Restore(e.Ctx) },
			"Restore of a query": func() error { return harness.Err(model.Query[account](e.DB).AllRows().Restore(e.Ctx)) },
		} {
			e.Sends(t, 0, func() { require.ErrorIs(t, call(), model.ErrUnsupported, name) })
		}
		require.False(t, a.Trashed())
		require.NoError(t, a.ForceDelete(e.Ctx))
		require.True(t, a.IsDeleted())
	})
}

// readFlyers reads flyers in every way that there is, and asserts which were seen.
func readFlyers(t testing.TB, e *harness.Env, q func() *model.Builder[flyer], want int64) {
	t.Helper()
	rows := map[int64]int{copiesAlive: 3, copiesTrashed: 2, copiesAlive + copiesTrashed: 5}[want]
	ways := readers(q)
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		e.Sent.Reset()
		sum, err := ways[name](e.Ctx, rows)
		require.NoError(t, err, name)
		require.Equal(t, want, sum, name)
		if name != "Paginate" && name != "CursorPaginate" && name != "Chunk" {
			require.Len(t, e.Sent.Statements(), 1, name)
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
	return map[int]int64{3: copiesAlive, 2: copiesTrashed, 5: copiesAlive + copiesTrashed}[rows]
}
