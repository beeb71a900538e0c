// SPDX-License-Identifier: MIT

package selection_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// inOrder asserts the keys of a query in their order.
func inOrder(t testing.TB, e *harness.Env, name string, q *model.Builder[account], want ...int64) {
	t.Helper()
	require.Equal(t, append([]int64{}, want...), keysOf(t, e, q), name)
}

// OrderBy sorts by columns, upwards unless told otherwise; calls add up, Reorder starts anew.
func TestOrderByAddsUp(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		inOrder(t, e, "up", q().OrderBy("Name"), 1, 2, 3, 4, 5)
		inOrder(t, e, "asc", q().OrderBy("score", relation.Asc), 3, 5, 1, 2, 4)
		inOrder(t, e, "desc", q().OrderBy("score", relation.Desc), 4, 2, 1, 5, 3)
		inOrder(t, e, "two", q().OrderBy("active").OrderBy("age", relation.Desc).OrderBy("name", relation.Desc), 4, 2, 3, 1, 5)
		inOrder(t, e, "reorder", q().OrderBy("name").Use(func(q *relation.Query) { q.Reorder() }).OrderBy("id", relation.Desc), 5, 4, 3, 2, 1)
		inOrder(t, e, "raw", q().OrderByRaw("abs(age - ?) DESC, id", 30), 4, 2, 5, 1, 3)
		inOrder(t, e, "joined", q().Join("query_posts", "query_posts.account_id", "=", "accounts.id").
			OrderBy("query_posts.words", relation.Desc), 3, 2, 1, 1)
	})
}

// Latest and Oldest sort by the timestamp of creation, or a column that is named.
func TestLatestAndOldestSortByCreation(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &queryPost{})
		for _, name := range []string{"x", "y", "z"} {
			require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: name, Name: name, Age: len(name) * 10}))
			e.Clock.Add(time.Hour)
		}
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		inOrder(t, e, "latest", q().Latest(), 3, 2, 1)
		inOrder(t, e, "oldest", q().Use(func(q *relation.Query) { q.Oldest() }), 1, 2, 3)
		inOrder(t, e, "latest by", q().Latest("name"), 3, 2, 1)
		inOrder(t, e, "oldest by", q().Use(func(q *relation.Query) { q.Oldest("email") }), 1, 2, 3)
		refuses(t, e, []refused{
			{"no timestamp", all(e, model.Query[queryPost](e.DB).Latest()), model.ErrUnknownColumn, "no timestamp of creation"},
			{"unknown", all(e, q().Use(func(q *relation.Query) { q.Oldest("craeted_at") })), model.ErrUnknownColumn, "did you mean"},
		})
	})
}

// Directions are relation.Asc and relation.Desc, and sort columns are names, never SQL.
func TestOrderTakesNamesNeverSQL(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		refuses(t, e, []refused{
			{"direction", all(e, q().OrderBy("age", "up")), model.ErrUnsupported, "relation.Asc"},
			{"injected direction", all(e, q().OrderBy("age", "desc; DROP TABLE accounts")), model.ErrUnsupported, "direction"},
			{"two directions", all(e, q().OrderBy("age", relation.Asc, relation.Desc)), model.ErrUnsupported, "2 directions"},
			{"column", all(e, q().OrderBy("agee")), model.ErrUnknownColumn, "did you mean"},
			{"SQL", all(e, q().OrderBy("age desc")), model.ErrUnknownColumn, "no column"},
			{"injected column", all(e, q().OrderBy("(SELECT 1)")), model.ErrUnknownColumn, "no column"},
			{"empty", all(e, q().OrderBy("")), model.ErrUnknownColumn, "no column"},
			{"undeclared alias", all(e, q().OrderBy("people")), model.ErrUnknownColumn, "no column"},
		})
	})
}

// Limit, Offset and ForPage cut the result; an offset needs no limit, and a page below 1 is the first.
func TestLimitAndOffsetCutTheResult(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB).OrderBy("id") }
		inOrder(t, e, "limit", q().Limit(2), 1, 2)
		inOrder(t, e, "none", q().Limit(0))
		inOrder(t, e, "more than there are", q().Limit(50), 1, 2, 3, 4, 5)
		inOrder(t, e, "offset", q().Offset(3), 4, 5)
		inOrder(t, e, "both", q().Limit(2).Offset(1), 2, 3)
		inOrder(t, e, "behind the end", q().Limit(2).Offset(9))
		inOrder(t, e, "the last call counts", q().Limit(1).Limit(3), 1, 2, 3)
		inOrder(t, e, "page", q().Use(func(q *relation.Query) { q.ForPage(2, 2) }), 3, 4)
		inOrder(t, e, "page 0", q().Use(func(q *relation.Query) { q.ForPage(0, 2) }), 1, 2)
		inOrder(t, e, "page -3", q().Use(func(q *relation.Query) { q.ForPage(-3, 2) }), 1, 2)
		inOrder(t, e, "last page", q().Use(func(q *relation.Query) { q.ForPage(3, 2) }), 5)
		first, err := q().Offset(3).First(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 4, first.ID)
		_, err = q().Limit(0).First(e.Ctx)
		require.ErrorIs(t, err, model.ErrNotFound)
		refuses(t, e, []refused{
			{"limit", all(e, q().Limit(-1)), model.ErrInvalidValue, "-1"},
			{"offset", all(e, q().Offset(-1)), model.ErrInvalidValue, "-1"},
			{"count", func() error { _, err := q().Limit(-1).Count(e.Ctx); return err }, model.ErrInvalidValue, "-1"},
			{"each", func() error { return eachError(q().Limit(-2).Each(e.Ctx)) }, model.ErrInvalidValue, "-2"},
			{"rows per page", all(e, q().Use(func(q *relation.Query) { q.ForPage(1, 0) })), model.ErrInvalidValue, "0 rows"},
			{"overflow", all(e, q().Use(func(q *relation.Query) { q.ForPage(math.MaxInt, 1000) })), model.ErrInvalidValue, "beyond"},
		})
	})
}

// LockForUpdate and LockForShare work in a transaction on every database.
func TestLocksWorkInATransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			for _, q := range []*model.Builder[account]{
				model.Query[account](tx).LockForUpdate(), model.Query[account](tx).Use(func(q *relation.Query) { q.LockForShare() }),
				model.Query[account](tx).Use(func(q *relation.Query) { q.LeftJoin("query_posts", "query_posts.account_id", "=", "accounts.id") }).LockForUpdate(),
			} {
				one, err := q.Where("accounts.id", 2).First(ctx)
				if err := err; err != nil {
					return err
				}
				require.EqualValues(t, 2, one.ID)
				n, err := q.Count(ctx)
				require.NoError(t, err)
				require.Positive(t, n)
			}
			return nil
		}))
		for _, q := range []*model.Builder[account]{
			model.Query[account](e.DB).LockForUpdate().SkipLocked(), model.Query[account](e.DB).Use(func(q *relation.Query) { q.LockForShare().NoWait() }),
		} {
			list, err := q.All(e.Ctx)
			if !errors.Is(err, model.ErrUnsupported) {
				require.NoError(t, err)
				require.Len(t, list, 5)
			}
		}
		refuses(t, e, []refused{
			{"skip", all(e, model.Query[account](e.DB).SkipLocked()), model.ErrUnsupported, "LockForUpdate"},
			{"no wait", all(e, model.Query[account](e.DB).Use(func(q *relation.Query) { q.NoWait() })), model.ErrUnsupported, "LockForUpdate"},
		})
	})
}

// A locked row is skipped by SkipLocked and refused by NoWait, and shared locks do not exclude each other.
func TestLockedRowIsSkippedOrRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		holder, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		_, err = model.Query[account](holder).LockForUpdate().Find(e.Ctx, 2)
		require.NoError(t, err)
		_, err = model.Query[account](holder).Use(func(q *relation.Query) { q.LockForShare() }).Find(e.Ctx, 3)
		require.NoError(t, err)
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			q := func() *model.Builder[account] { return model.Query[account](tx).OrderBy("id") }
			list, err := q().LockForUpdate().SkipLocked().All(ctx)
			require.NoError(t, err)
			require.Equal(t, []int64{1, 4, 5}, recordKeys(t, list))
			list, err = q().Use(func(q *relation.Query) { q.LockForShare() }).SkipLocked().All(ctx)
			require.NoError(t, err)
			require.Equal(t, []int64{1, 3, 4, 5}, recordKeys(t, list))
			return nil
		}))
		_, err = model.Query[account](e.DB).LockForUpdate().Use(func(q *relation.Query) { q.NoWait() }).Find(e.Ctx, 2)
		require.Error(t, err)
		_, err = model.Query[account](e.DB).Find(e.Ctx, 2)
		require.NoError(t, err, "readers do not wait")
		require.NoError(t, holder.Rollback())
		_, err = model.Query[account](e.DB).LockForUpdate().Use(func(q *relation.Query) { q.NoWait() }).Find(e.Ctx, 2)
		require.NoError(t, err)
	}, harness.RowLocks)
}

// A clone and its builder go on without changing each other.
func TestCloneAndBuilderDoNotShare(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		base := model.Query[account](e.DB).Where("age", ">=", 30)
		cloned := base.Clone().Where("active", true).OrderBy("id", relation.Desc).Limit(1)
		base.Where("age", "<=", 40).OrderBy("id")
		other := base.Clone().WhereNull("nick")
		inOrder(t, e, "base", base, 1, 2, 3)
		inOrder(t, e, "clone", cloned, 3)
		inOrder(t, e, "second clone", other, 2)

		// Both go on from lists with room behind them.
		root := model.Query[account](e.DB)
		for range 3 {
			root.Where("age", ">", 0).OrderBy("id")
		}
		a, b := root.Clone().Where("name", "ann"), root.Clone().Where("name", "bob")
		root.Where("name", "cyd")
		inOrder(t, e, "a", a, 1)
		inOrder(t, e, "b", b, 2)
		inOrder(t, e, "root", root, 3)
		c := model.Query[account](e.DB).Aggregate("count", "*").As("n")
		d := c.Clone().As("m")
		one, err := c.Sole(e.Ctx)
		require.NoError(t, err)
		require.True(t, one.Extras().Has("n"))
		one, err = d.Sole(e.Ctx)
		require.NoError(t, err)
		require.True(t, one.Extras().Has("m"))
	})
}

// ToSQL returns the SELECT with its values, scopes and soft deletes included, and sends nothing.
func TestToSQLSendsNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		seedPages(t, e)
		q := model.Query[queryPost](e.DB).Where("words", "12").WhereIn("id", []int{1, 2}).WhereRaw("title = ?", "x").Limit(3)
		e.Sends(t, 0, func() {
			require.NoError(t, func() error {
				sql, args, err := q.ToSQL()
				require.NotContains(t, sql, "12", "values are bound")
				require.Contains(t, sql, "deleted_at")
				if e.Database.Has(harness.BoundLists) {
					require.Len(t, args, 4)
				} else {
					require.Len(t, args, 5)
				}
				require.Equal(t, int64(12), args[0], "values are cast")
				return err
			}())
			sql, args, err := model.Query[scopedPage](e.DB).ToSQL()
			require.NoError(t, err)
			require.Contains(t, sql, "owner_id")
			require.Contains(t, args, "live")
			_, _, err = q.Clone().Where("tilte", 1).ToSQL()
			require.ErrorIs(t, err, model.ErrUnknownColumn)
			_, _, err = model.Query[account](nil).ToSQL()
			require.ErrorIs(t, err, model.ErrUnbound)
		})
	})
}

// eachError ranges over an iterator for its error.
func eachError[T any](each func(yield func(T, error) bool)) error {
	var failed error
	each(func(_ T, err error) bool {
		failed = err
		return err == nil
	})
	return failed
}
