// SPDX-License-Identifier: MIT

package bulk_test

import (
	"context"
	"database/sql"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Pluck stores one column in a slice of any fitting type; NULL is the zero value of its elements, or nil.
func TestPluckStoresOneColumn(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB).OrderBy("id") }
		var names []string
		e.Sends(t, 1, func() { require.NoError(t, q().Pluck(e.Ctx, "Name", &names)) })
		require.Equal(t, []string{"ann", "bob", "cyd", "dan", "eve"}, names)
		var nicks []string
		require.NoError(t, q().Pluck(e.Ctx, "nick", &nicks))
		require.Equal(t, []string{"annie", "", "100%", "dan", ""}, nicks)
		var pointers []*string
		require.NoError(t, q().Pluck(e.Ctx, "nick", &pointers))
		require.Equal(t, []*string{new("annie"), nil, new("100%"), new("dan"), nil}, pointers)
		var nulls []sql.NullString
		require.NoError(t, q().Limit(2).Pluck(e.Ctx, "nick", &nulls))
		require.Equal(t, []sql.NullString{{String: "annie", Valid: true}, {}}, nulls)
		var times []time.Time
		require.NoError(t, q().Limit(3).Pluck(e.Ctx, "seen_at", &times))
		require.Equal(t, time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), times[1])
		require.True(t, times[2].IsZero())
		type years int16
		var ages []years
		require.NoError(t, q().Where("age", ">", 30).Pluck(e.Ctx, "accounts.age", &ages))
		require.Equal(t, []years{40, 50}, ages)
		var anything []any
		require.NoError(t, q().Limit(2).Pluck(e.Ctx, "nick", &anything))
		require.Equal(t, []any{"annie", nil}, anything)
		var titles []string
		require.NoError(t, q().Join("query_posts", "query_posts.account_id", "=", "accounts.id").
			OrderBy("query_posts.words").Pluck(e.Ctx, "query_posts.title", &titles))
		require.Equal(t, []string{"one", "two", "three", "four"}, titles)
		none := []string{"left over"}
		require.NoError(t, q().Where("age", 0).Pluck(e.Ctx, "name", &none))
		require.NotNil(t, none)
		require.Empty(t, none)
	})
}

// Pluck refuses a destination that is no pointer to a slice, and values that do not fit it, which stays as
// it was.
func TestPluckRefusesBadDestinations(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		var n int
		list := []int8{7}
		refuses(t, e, []refused{
			{"nil", func() error { return q().Pluck(e.Ctx, "age", nil) }, model.ErrInvalidValue, "a pointer to a slice"},
			{"slice", func() error { return q().Pluck(e.Ctx, "age", list) }, model.ErrInvalidValue, "a pointer to a slice"},
			{"number", func() error { return q().Pluck(e.Ctx, "age", &n) }, model.ErrInvalidValue, "a pointer to a slice"},
			{"nil pointer", func() error { return q().Pluck(e.Ctx, "age", (*[]int)(nil)) }, model.ErrInvalidValue, "a pointer to a slice"},
		})
		require.NoError(t, e.Gorm.Exec("UPDATE accounts SET age = 1000 WHERE id = 3").Error)
		require.ErrorIs(t, q().Pluck(e.Ctx, "age", &list), model.ErrInvalidValue)
		require.Equal(t, []int8{7}, list)
		var words []int
		require.ErrorIs(t, q().Pluck(e.Ctx, "name", &words), model.ErrInvalidValue)
		var maps []map[string]int
		require.ErrorIs(t, q().Pluck(e.Ctx, "name", &maps), model.ErrInvalidValue)
	})
}

// Update writes to all rows of the query with one statement, stamps them, counts the version up and returns
// how many.
func TestUpdateWritesAllRowsWithOneStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		e.Migrate(t, &note{})
		require.NoError(t, model.Insert(e.Ctx, e.DB, []*note{{Title: "a"}, {Title: "b"}, {Title: "c"}}))
		e.Clock.Add(time.Hour)
		sent := e.Sends(t, 1, func() {
			n, err := model.Query[account](e.DB).Where("age", 30).OrWhere("age", 40).
				Update(e.Ctx, model.Attrs{"Name": "x", "visits": "5", "nick": nil, "SeenAt": e.Clock.Now(), "password": "secret"})
			require.NoError(t, err)
			require.EqualValues(t, 3, n)
		})
		require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
		list, err := model.Query[account](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		for i, changed := range []bool{true, true, true, false, false} {
			require.Equal(t, changed, list[i].Name == "x" && list[i].Visits == 5 && list[i].Nick == nil && list[i].Password == "secret")
			require.Equal(t, changed, list[i].UpdatedAt.Equal(e.Clock.Now()))
			require.False(t, list[i].CreatedAt.Equal(e.Clock.Now()))
		}
		n, err := model.Query[note](e.DB).Where("title", "<", "c").Update(e.Ctx, model.Attrs{"title": "z"})
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		notes, err := model.Query[note](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []int64{2, 2, 1}, []int64{notes[0].Version, notes[1].Version, notes[2].Version})
		given := e.Clock.Now().Add(time.Minute)
		_, err = model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey(1) }).Update(e.Ctx, model.Attrs{"updated_at": given, "age": 1})
		require.NoError(t, err)
		one, err := model.Query[account](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		require.Equal(t, given, one.UpdatedAt, "a timestamp that is given is kept")
	})
}

// Update checks names and values before anything is sent, and sends nothing for no values.
func TestUpdateChecksNamesAndValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB).Where("id", 1) }
		update := func(values model.Attrs) func() error {
			return func() error { _, err := q().Update(e.Ctx, values); return err }
		}
		refuses(t, e, []refused{
			{"unknown", update(model.Attrs{"nmae": "x"}), model.ErrUnknownAttribute, "did you mean"},
			{"injected", update(model.Attrs{"name = 'x' --": "x"}), model.ErrUnknownAttribute, ""},
			{"other table", update(model.Attrs{"query_posts.title": "x"}), model.ErrUnknownAttribute, ""},
			{"value", update(model.Attrs{"age": "old"}), model.ErrInvalidValue, "account.Age"},
			{"fraction", update(model.Attrs{"age": 1.5}), model.ErrInvalidValue, "account.Age"},
			{"nil", update(model.Attrs{"name": nil}), model.ErrInvalidValue, "not nullable"},
			{"list", update(model.Attrs{"name": []string{"x"}}), model.ErrInvalidValue, "account.Name"},
			{"two names", update(model.Attrs{"name": "x", "Name": "y"}), model.ErrInvalidValue, "twice"},
		})
		e.Sends(t, 0, func() {
			n, err := q().Update(e.Ctx, nil)
			require.NoError(t, err)
			require.Zero(t, n)
		})
		n, err := q().Where("name", "nobody").Update(e.Ctx, model.Attrs{"age": 1})
		require.NoError(t, err)
		require.Zero(t, n)
		_, err = q().Update(e.Ctx, model.Attrs{"email": "bob@example.com"})
		require.ErrorIs(t, err, model.ErrDuplicate)
	})
}

// Increment and Decrement count in the database, NULL from 0, and stamp the rows.
func TestIncrementCountsInTheDatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		seedPeople(t, e)
		e.Clock.Add(time.Hour)
		sent := e.Sends(t, 1, func() {
			n, err := model.Query[account](e.DB).Where("active", true).Increment(e.Ctx, "visits", 10)
			require.NoError(t, err)
			require.EqualValues(t, 3, n)
		})
		require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
		n, err := model.Query[account](e.DB).Where("id", 2).Untyped().Decrement(e.Ctx, "Visits", "5")
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		_, err = model.Query[account](e.DB).Where("id", 2).Increment(e.Ctx, "score", 0.5)
		require.NoError(t, err)
		var visits []int64
		require.NoError(t, model.Query[account](e.DB).OrderBy("id").Pluck(e.Ctx, "visits", &visits))
		require.Equal(t, []int64{40, -1, 17, 50, 19}, visits)
		bob, err := model.Query[account](e.DB).Find(e.Ctx, 2)
		require.NoError(t, err)
		require.InDelta(t, 3.0, bob.Score, 1e-9)
		require.Equal(t, e.Clock.Now(), bob.UpdatedAt)
		_, err = model.Query[tally](e.DB).Where("id", 1).Increment(e.Ctx, "mark", 3)
		require.NoError(t, err)
		first, err := model.Query[tally](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		require.Equal(t, new(3), first.Mark)
		refuses(t, e, []refused{
			{"text", func() error {
				_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.Ctx, "name", 1)
				return err
			}, model.ErrUnsupported, "incremented"},
			{"fraction", func() error {
				_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.Ctx, "age", 1.5)
				return err
			}, model.ErrInvalidValue, "Age"},
			{"nil", func() error {
				_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.Ctx, "age", nil)
				return err
			}, model.ErrInvalidValue, "Age"},
			{"NaN", func() error {
				_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.Ctx, "score", math.NaN())
				return err
			}, model.ErrInvalidValue, "Score"},
			{"key", func() error {
				_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.Ctx, "id", 1)
				return err
			}, model.ErrGuarded, "ID"},
			{"unknown", func() error {
				_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey(1) }).Untyped().Decrement(e.Ctx, "agee", 1)
				return err
			}, model.ErrUnknownColumn, "did you mean"},
		})
	})
}

// Delete removes the rows of the query with one statement, or marks them where the model has soft deletes.
func TestDeleteRemovesOrMarksRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		sent := e.Sends(t, 1, func() {
			n, err := model.Query[account](e.DB).Where("age", 30).Delete(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
		})
		require.True(t, strings.HasPrefix(sent[0], "DELETE "), sent[0])
		require.EqualValues(t, 3, e.Count(t, "accounts"))
		sent = e.Sends(t, 1, func() {
			n, err := model.Query[queryPost](e.DB).Where("words", ">", 20).Delete(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 3, n, "the post that was deleted before is not among them")
		})
		require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
		require.EqualValues(t, 6, e.Count(t, "query_posts"))
		require.Equal(t, []int64{1, 2}, keysOf(t, e, model.Query[queryPost](e.DB).OrderBy("id")))
		n, err := model.Query[queryPost](e.DB).Where("words", ">", 20).Delete(e.Ctx)
		require.NoError(t, err)
		require.Zero(t, n)
	})
}

// Restore takes marks of deletion away, ForceDelete removes rows for good; both see what the query sees.
func TestRestoreAndForceDeleteSeeWhatTheQuerySees(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB) }
		n, err := q().Where("words", ">", 30).Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		e.Sends(t, 1, func() {
			n, err := q().Where("words", ">=", 50).Restore(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
		})
		require.Equal(t, []int64{1, 2, 3, 5, 6}, keysOf(t, e, q().OrderBy("id")))
		n, err = q().Where("words", "<", 50).Restore(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n, "rows that are not deleted are not counted")
		_, err = q().Where("id", "in", []int{1, 2}).Delete(e.Ctx)
		require.NoError(t, err)
		sent := e.Sends(t, 1, func() {
			n, err := q().Where("words", "<", 35).ForceDelete(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, n, "without WithTrashed")
		})
		require.True(t, strings.HasPrefix(sent[0], "DELETE "), sent[0])
		n, err = q().OnlyTrashed().WhereNotNull("id").ForceDelete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		n, err = q().WithTrashed().AllRows().ForceDelete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
		refuses(t, e, []refused{
			{"no soft deletes", func() error { _, err := model.Query[account](e.DB).AllRows().Restore(e.Ctx); return err }, model.ErrUnsupported, "soft deletes"},
			{"with trashed", all(e, model.Query[account](e.DB).WithTrashed()), model.ErrUnsupported, "soft deletes"},
		})
	})
}

// A bulk write without a condition is refused, unless AllRows is called, and nothing is sent.
func TestBulkWriteWithoutAConditionIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		writes := func(q func() *model.Builder[queryPost]) map[string]func() error {
			return map[string]func() error{
				"update":       func() error { _, err := q().Update(e.Ctx, model.Attrs{"words": 1}); return err },
				"increment":    func() error { _, err := q().Increment(e.Ctx, "words", 1); return err },
				"decrement":    func() error { _, err := q().Untyped().Decrement(e.Ctx, "words", 1); return err },
				"delete":       func() error { _, err := q().Delete(e.Ctx); return err },
				"restore":      func() error { _, err := q().Restore(e.Ctx); return err },
				"force delete": func() error { _, err := q().ForceDelete(e.Ctx); return err },
			}
		}
		for name, q := range map[string]func() *model.Builder[queryPost]{
			"nothing":      func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB) },
			"order":        func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB).OrderBy("id") },
			"selection":    func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB).Select("id") },
			"with trashed": func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB).WithTrashed() },
			"only trashed": func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB).OnlyTrashed() },
			"offset":       func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB).Offset(1) },
			"join": func() *model.Builder[queryPost] {
				return model.Query[queryPost](e.DB).Use(func(q *relation.Query) { q.LeftJoin("accounts", "accounts.id", "=", "query_posts.account_id") })
			},
			"when": func() *model.Builder[queryPost] {
				return model.Query[queryPost](e.DB).When(false, func(q *model.Builder[queryPost]) { q.Where("id", 1) })
			},
		} {
			for op, run := range writes(q) {
				refuses(t, e, []refused{{name + ", " + op, run, model.ErrMissingWhere, "AllRows"}})
			}
		}
		for op, run := range writes(func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB).AllRows() }) {
			require.NoError(t, run(), op)
		}
	})
}

// A bulk write honours limits, offsets, orders and joins of the query on every database.
func TestBulkWriteHonoursLimitsAndJoins(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		n, err := q().OrderBy("age", relation.Desc).Limit(2).Update(e.Ctx, model.Attrs{"name": "old"})
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		inOrder(t, e, "update with a limit", q().Where("name", "old").OrderBy("id"), 2, 4)
		n, err = q().Join("query_posts", "query_posts.account_id", "=", "accounts.id").Where("query_posts.words", "<", 30).
			Increment(e.Ctx, "visits", 100)
		require.NoError(t, err)
		require.EqualValues(t, 1, n, "a row with two partners is written once")
		inOrder(t, e, "increment with a join", q().Where("visits", ">", 100).OrderBy("id"), 1)
		n, err = q().OrderBy("id").Where("id", ">", 1).Limit(1).Offset(1).Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		inOrder(t, e, "delete with limit and offset", q().OrderBy("id"), 1, 2, 4, 5)
		n, err = q().Use(func(q *relation.Query) {
			q.WhereNotExists(model.Query[queryPost](e.DB).Untyped().WhereColumn("account_id", "=", "accounts.id"))
		}).Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		inOrder(t, e, "delete with a sub-query", q().OrderBy("id"), 1, 2)
		n, err = q().Limit(0).Delete(e.Ctx)
		require.NoError(t, err)
		require.Zero(t, n)
		refuses(t, e, []refused{
			{"group", func() error { _, err := q().GroupBy("age").Where("id", 1).Delete(e.Ctx); return err }, model.ErrUnsupported, "groups"},
			{"distinct", func() error { _, err := q().Distinct().Where("id", 1).Delete(e.Ctx); return err }, model.ErrUnsupported, "duplicates"},
			{"lock", func() error { _, err := q().LockForUpdate().Where("id", 1).Delete(e.Ctx); return err }, model.ErrUnsupported, "locks"},
		})
	})
}

// Bulk writes, Insert and Upsert run no hooks of records, and counts, sums and plucks none at all.
func TestBulkWritesRunNoHooks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b", "c")
		q := func() *model.Builder[hooked] { return model.Query[hooked](e.DB).Where("visits", ">=", 0) }
		var list []string
		var sum int
		for name, run := range map[string]func() error{
			"update":       func() error { _, err := q().Update(e.Ctx, model.Attrs{"kind": "x"}); return err },
			"increment":    func() error { _, err := q().Increment(e.Ctx, "visits", 1); return err },
			"delete":       func() error { _, err := q().Delete(e.Ctx); return err },
			"restore":      func() error { _, err := q().Restore(e.Ctx); return err },
			"force delete": func() error { _, err := q().Where("name", "c").ForceDelete(e.Ctx); return err },
			"insert":       func() error { return model.Insert(e.Ctx, e.DB, []*hooked{{Name: "new"}}) },
			"upsert":       func() error { return model.Upsert(e.Ctx, e.DB, []*hooked{{Name: "a", Kind: "u"}}, []string{"name"}) },
			"count":        func() error { _, err := q().Count(e.Ctx); return err },
			"exists":       func() error { _, err := q().Exists(e.Ctx); return err },
			"sum":          func() error { return q().Sum(e.Ctx, "visits", &sum) },
			"pluck":        func() error { return q().Pluck(e.Ctx, "name", &list) },
		} {
			require.NoError(t, run(), name)
			require.Empty(t, j.take(), name)
		}
	})
}

// Bulk writes join the transaction in the context, and a refused one leaves it usable.
func TestBulkWritesJoinTheTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, func() error {
				_, err := model.Query[account](e.DB).Where("id", 1).Delete(ctx)
				return err
			}())
			_, err := model.Query[account](e.DB).Where("id", 2).Update(ctx, model.Attrs{"email": "eve@example.net"})
			require.ErrorIs(t, err, model.ErrDuplicate)
			n, err := model.Query[account](e.DB).Count(ctx)
			require.NoError(t, err)
			require.EqualValues(t, 4, n)
			return context.Canceled
		})
		require.ErrorIs(t, err, context.Canceled)
		require.EqualValues(t, 5, e.Count(t, "accounts"))
	})
}
