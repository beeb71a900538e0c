// SPDX-License-Identifier: MIT

package testsuite

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
)

// bulkPromises are those of row A17.
func bulkPromises() []promise {
	return []promise{
		{
			name: "A17/Pluck",
			says: "Pluck stores one column in a slice of any fitting type; NULL is the zero value of its elements, or nil",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				q := func() *model.Builder[account] { return model.Query[account](e.db).OrderBy("id") }
				var names []string
				e.sends(t, 1, func() { require.NoError(t, q().Pluck(e.ctx, "Name", &names)) })
				require.Equal(t, []string{"ann", "bob", "cyd", "dan", "eve"}, names)
				var nicks []string
				require.NoError(t, q().Pluck(e.ctx, "nick", &nicks))
				require.Equal(t, []string{"annie", "", "100%", "dan", ""}, see(e, "nicks", nicks))
				var pointers []*string
				require.NoError(t, q().Pluck(e.ctx, "nick", &pointers))
				require.Equal(t, []*string{new("annie"), nil, new("100%"), new("dan"), nil}, pointers)
				var nulls []sql.NullString
				require.NoError(t, q().Limit(2).Pluck(e.ctx, "nick", &nulls))
				require.Equal(t, []sql.NullString{{String: "annie", Valid: true}, {}}, nulls)
				var times []time.Time
				require.NoError(t, q().Limit(3).Pluck(e.ctx, "seen_at", &times))
				require.Equal(t, time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), times[1])
				require.True(t, times[2].IsZero())
				type years int16
				var ages []years
				require.NoError(t, q().Where("age", ">", 30).Pluck(e.ctx, "accounts.age", &ages))
				require.Equal(t, []years{40, 50}, ages)
				var anything []any
				require.NoError(t, q().Limit(2).Pluck(e.ctx, "nick", &anything))
				require.Equal(t, []any{"annie", nil}, anything)
				var titles []string
				require.NoError(t, q().Join("query_posts", "query_posts.account_id", "=", "accounts.id").
					OrderBy("query_posts.words").Pluck(e.ctx, "query_posts.title", &titles))
				require.Equal(t, []string{"one", "two", "three", "four"}, titles)
				none := []string{"left over"}
				require.NoError(t, q().Where("age", 0).Pluck(e.ctx, "name", &none))
				require.NotNil(t, none)
				require.Empty(t, none)
			},
			twin: bent("SELECT `accounts`.`nick`", "`accounts`.`nick`", "coalesce(`accounts`.`nick`, 'none')"),
		},
		{
			name: "A17/PluckDestinations",
			says: "Pluck refuses a destination that is no pointer to a slice, and values that do not fit it, which stays as it was",
			check: func(t testing.TB, e *env) {
				seedPeople(t, e)
				q := func() *model.Builder[account] { return model.Query[account](e.db) }
				var n int
				list := []int8{7}
				refuses(t, e, []refused{
					{"nil", func() error { return q().Pluck(e.ctx, "age", nil) }, model.ErrInvalidValue, "a pointer to a slice"},
					{"slice", func() error { return q().Pluck(e.ctx, "age", list) }, model.ErrInvalidValue, "a pointer to a slice"},
					{"number", func() error { return q().Pluck(e.ctx, "age", &n) }, model.ErrInvalidValue, "a pointer to a slice"},
					{"nil pointer", func() error { return q().Pluck(e.ctx, "age", (*[]int)(nil)) }, model.ErrInvalidValue, "a pointer to a slice"},
				})
				require.NoError(t, e.gorm.Exec("UPDATE accounts SET age = 1000 WHERE id = 3").Error)
				require.ErrorIs(t, q().Pluck(e.ctx, "age", &list), model.ErrInvalidValue)
				require.Equal(t, []int8{7}, list)
				var words []int
				require.ErrorIs(t, q().Pluck(e.ctx, "name", &words), model.ErrInvalidValue)
				var maps []map[string]int
				require.ErrorIs(t, q().Pluck(e.ctx, "name", &maps), model.ErrInvalidValue)
			},
			twin: lenient("refused"),
		},
		{
			name: "A17/BulkUpdate",
			says: "Update writes to all rows of the query with one statement, stamps them, counts the version up and returns how many",
			check: func(t testing.TB, e *env) {
				seedPeople(t, e)
				e.migrate(t, &note{})
				require.NoError(t, model.Insert(e.ctx, e.db, []*note{{Title: "a"}, {Title: "b"}, {Title: "c"}}))
				e.clock.add(time.Hour)
				sent := e.sends(t, 1, func() {
					n, err := model.Query[account](e.db).Where("age", 30).OrWhere("age", 40).
						Update(e.ctx, model.Attrs{"Name": "x", "visits": "5", "nick": nil, "SeenAt": e.clock.now, "password": "secret"})
					require.NoError(t, err)
					require.EqualValues(t, 3, n)
				})
				require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
				list, err := model.Query[account](e.db).OrderBy("id").All(e.ctx)
				require.NoError(t, err)
				for i, changed := range []bool{true, true, true, false, false} {
					require.Equal(t, changed, list[i].Name == "x" && list[i].Visits == 5 && list[i].Nick == nil && list[i].Password == "secret")
					require.Equal(t, changed, list[i].UpdatedAt.Equal(e.clock.now))
					require.False(t, list[i].CreatedAt.Equal(e.clock.now))
				}
				n, err := model.Query[note](e.db).Where("title", "<", "c").Update(e.ctx, model.Attrs{"title": "z"})
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				notes, err := model.Query[note](e.db).OrderBy("id").All(e.ctx)
				require.NoError(t, err)
				require.Equal(t, []int64{2, 2, 1}, []int64{notes[0].Version, notes[1].Version, notes[2].Version})
				given := e.clock.now.Add(time.Minute)
				_, err = model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKey(1) }).Update(e.ctx, model.Attrs{"updated_at": given, "age": 1})
				require.NoError(t, err)
				one, err := model.Query[account](e.db).Find(e.ctx, 1)
				require.NoError(t, err)
				require.Equal(t, given, one.UpdatedAt, "a timestamp that is given is kept")
			},
			twin: bent("UPDATE", " WHERE ", " WHERE 1 = 1 OR "),
		},
		{
			name: "A17/BulkUpdateValues",
			says: "Update checks names and values before anything is sent, and sends nothing for no values",
			check: func(t testing.TB, e *env) {
				seedPeople(t, e)
				q := func() *model.Builder[account] { return model.Query[account](e.db).Where("id", 1) }
				update := func(values model.Attrs) func() error {
					return func() error { _, err := q().Update(e.ctx, values); return err }
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
				e.sends(t, 0, func() {
					n, err := q().Update(e.ctx, nil)
					require.NoError(t, err)
					require.Zero(t, n)
				})
				n, err := q().Where("name", "nobody").Update(e.ctx, model.Attrs{"age": 1})
				require.NoError(t, err)
				require.Zero(t, n)
				_, err = q().Update(e.ctx, model.Attrs{"email": "bob@example.com"})
				require.ErrorIs(t, err, model.ErrDuplicate)
			},
			twin: chatty("refused"),
		},
		{
			name: "A17/BulkIncrement",
			says: "Increment and Decrement count in the database, NULL from 0, and stamp the rows",
			check: func(t testing.TB, e *env) {
				seedTallies(t, e)
				seedPeople(t, e)
				e.clock.add(time.Hour)
				sent := e.sends(t, 1, func() {
					n, err := model.Query[account](e.db).Where("active", true).Increment(e.ctx, "visits", 10)
					require.NoError(t, err)
					require.EqualValues(t, 3, n)
				})
				require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
				n, err := model.Query[account](e.db).Where("id", 2).Untyped().Decrement(e.ctx, "Visits", "5")
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				_, err = model.Query[account](e.db).Where("id", 2).Increment(e.ctx, "score", 0.5)
				require.NoError(t, err)
				var visits []int64
				require.NoError(t, model.Query[account](e.db).OrderBy("id").Pluck(e.ctx, "visits", &visits))
				require.Equal(t, []int64{40, -1, 17, 50, 19}, visits)
				bob, err := model.Query[account](e.db).Find(e.ctx, 2)
				require.NoError(t, err)
				require.InDelta(t, 3.0, bob.Score, 1e-9)
				require.Equal(t, e.clock.now, bob.UpdatedAt)
				_, err = model.Query[tally](e.db).Where("id", 1).Increment(e.ctx, "mark", 3)
				require.NoError(t, err)
				first, err := model.Query[tally](e.db).Find(e.ctx, 1)
				require.NoError(t, err)
				require.Equal(t, new(3), first.Mark)
				refuses(t, e, []refused{
					{"text", func() error {
						_, err := model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.ctx, "name", 1)
						return err
					}, model.ErrUnsupported, "incremented"},
					{"fraction", func() error {
						_, err := model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.ctx, "age", 1.5)
						return err
					}, model.ErrInvalidValue, "Age"},
					{"nil", func() error {
						_, err := model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.ctx, "age", nil)
						return err
					}, model.ErrInvalidValue, "Age"},
					{"NaN", func() error {
						_, err := model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.ctx, "score", math.NaN())
						return err
					}, model.ErrInvalidValue, "Score"},
					{"key", func() error {
						_, err := model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKey(1) }).Increment(e.ctx, "id", 1)
						return err
					}, model.ErrGuarded, "ID"},
					{"unknown", func() error {
						_, err := model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKey(1) }).Untyped().Decrement(e.ctx, "agee", 1)
						return err
					}, model.ErrUnknownColumn, "did you mean"},
				})
			},
			twin: bent("UPDATE", "COALESCE(", "1 + COALESCE("),
		},
		{
			name: "A17/BulkDelete",
			says: "Delete removes the rows of the query with one statement, or marks them where the model has soft deletes",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				sent := e.sends(t, 1, func() {
					n, err := model.Query[account](e.db).Where("age", 30).Delete(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
				})
				require.True(t, strings.HasPrefix(sent[0], "DELETE "), sent[0])
				require.EqualValues(t, 3, e.count(t, "accounts"))
				sent = e.sends(t, 1, func() {
					n, err := model.Query[queryPost](e.db).Where("words", ">", 20).Delete(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 3, n, "the post that was deleted before is not among them")
				})
				require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
				require.EqualValues(t, 6, e.count(t, "query_posts"))
				require.Equal(t, []int64{1, 2}, keysOf(t, e, model.Query[queryPost](e.db).OrderBy("id")))
				n, err := model.Query[queryPost](e.db).Where("words", ">", 20).Delete(e.ctx)
				require.NoError(t, err)
				require.Zero(t, n)
			},
			twin: bent("UPDATE", " AND `query_posts`.`deleted_at` IS NULL", ""),
		},
		{
			name: "A17/BulkRestoreAndForceDelete",
			says: "Restore takes marks of deletion away, ForceDelete removes rows for good; both see what the query sees",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				q := func() *model.Builder[queryPost] { return model.Query[queryPost](e.db) }
				n, err := q().Where("words", ">", 30).Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				e.sends(t, 1, func() {
					n, err := q().Where("words", ">=", 50).Restore(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
				})
				require.Equal(t, []int64{1, 2, 3, 5, 6}, keysOf(t, e, q().OrderBy("id")))
				n, err = q().Where("words", "<", 50).Restore(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n, "rows that are not deleted are not counted")
				_, err = q().Where("id", "in", []int{1, 2}).Delete(e.ctx)
				require.NoError(t, err)
				sent := e.sends(t, 1, func() {
					n, err := q().Where("words", "<", 35).ForceDelete(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 1, n, "without WithTrashed")
				})
				require.True(t, strings.HasPrefix(sent[0], "DELETE "), sent[0])
				n, err = q().OnlyTrashed().WhereNotNull("id").ForceDelete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				n, err = q().WithTrashed().AllRows().ForceDelete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 3, n)
				refuses(t, e, []refused{
					{"no soft deletes", func() error { _, err := model.Query[account](e.db).AllRows().Restore(e.ctx); return err }, model.ErrUnsupported, "soft deletes"},
					{"with trashed", all(e, model.Query[account](e.db).WithTrashed()), model.ErrUnsupported, "soft deletes"},
				})
			},
			twin: bent("DELETE", " AND `query_posts`.`deleted_at` IS NULL", ""),
		},
		{
			name: "A17/MissingWhere",
			says: "A bulk write without a condition is refused, unless AllRows is called, and nothing is sent",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				writes := func(q func() *model.Builder[queryPost]) map[string]func() error {
					return map[string]func() error{
						"update":       func() error { _, err := q().Update(e.ctx, model.Attrs{"words": 1}); return err },
						"increment":    func() error { _, err := q().Increment(e.ctx, "words", 1); return err },
						"decrement":    func() error { _, err := q().Untyped().Decrement(e.ctx, "words", 1); return err },
						"delete":       func() error { _, err := q().Delete(e.ctx); return err },
						"restore":      func() error { _, err := q().Restore(e.ctx); return err },
						"force delete": func() error { _, err := q().ForceDelete(e.ctx); return err },
					}
				}
				for name, q := range map[string]func() *model.Builder[queryPost]{
					"nothing":      func() *model.Builder[queryPost] { return model.Query[queryPost](e.db) },
					"order":        func() *model.Builder[queryPost] { return model.Query[queryPost](e.db).OrderBy("id") },
					"selection":    func() *model.Builder[queryPost] { return model.Query[queryPost](e.db).Select("id") },
					"with trashed": func() *model.Builder[queryPost] { return model.Query[queryPost](e.db).WithTrashed() },
					"only trashed": func() *model.Builder[queryPost] { return model.Query[queryPost](e.db).OnlyTrashed() },
					"offset":       func() *model.Builder[queryPost] { return model.Query[queryPost](e.db).Offset(1) },
					"join": func() *model.Builder[queryPost] {
						return model.Query[queryPost](e.db).Use(func(q *relation.Query) { q.LeftJoin("accounts", "accounts.id", "=", "query_posts.account_id") })
					},
					"when": func() *model.Builder[queryPost] {
						return model.Query[queryPost](e.db).When(false, func(q *model.Builder[queryPost]) { q.Where("id", 1) })
					},
				} {
					for op, run := range writes(q) {
						refuses(t, e, []refused{{name + ", " + op, run, model.ErrMissingWhere, "AllRows"}})
					}
				}
				for op, run := range writes(func() *model.Builder[queryPost] { return model.Query[queryPost](e.db).AllRows() }) {
					require.NoError(t, run(), op)
				}
			},
			twin: lenient("refused"),
		},
		{
			name: "A17/BulkWithLimitsAndJoins",
			says: "A bulk write honours limits, offsets, orders and joins of the query on every database",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				q := func() *model.Builder[account] { return model.Query[account](e.db) }
				n, err := q().OrderBy("age", relation.Desc).Limit(2).Update(e.ctx, model.Attrs{"name": "old"})
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				inOrder(t, e, "update with a limit", q().Where("name", "old").OrderBy("id"), 2, 4)
				n, err = q().Join("query_posts", "query_posts.account_id", "=", "accounts.id").Where("query_posts.words", "<", 30).
					Increment(e.ctx, "visits", 100)
				require.NoError(t, err)
				require.EqualValues(t, 1, n, "a row with two partners is written once")
				inOrder(t, e, "increment with a join", q().Where("visits", ">", 100).OrderBy("id"), 1)
				n, err = q().OrderBy("id").Where("id", ">", 1).Limit(1).Offset(1).Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				inOrder(t, e, "delete with limit and offset", q().OrderBy("id"), 1, 2, 4, 5)
				n, err = q().Use(func(q *relation.Query) {
					q.WhereNotExists(model.Query[queryPost](e.db).Untyped().WhereColumn("account_id", "=", "accounts.id"))
				}).Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				inOrder(t, e, "delete with a sub-query", q().OrderBy("id"), 1, 2)
				n, err = q().Limit(0).Delete(e.ctx)
				require.NoError(t, err)
				require.Zero(t, n)
				refuses(t, e, []refused{
					{"group", func() error { _, err := q().GroupBy("age").Where("id", 1).Delete(e.ctx); return err }, model.ErrUnsupported, "groups"},
					{"distinct", func() error { _, err := q().Distinct().Where("id", 1).Delete(e.ctx); return err }, model.ErrUnsupported, "duplicates"},
					{"lock", func() error { _, err := q().LockForUpdate().Where("id", 1).Delete(e.ctx); return err }, model.ErrUnsupported, "locks"},
				})
			},
			twin: bent("UPDATE", " LIMIT ?", " LIMIT 1 + ?"),
		},
		{
			name: "A17/BulkRunsNoHooks",
			says: "Bulk writes, Insert and Upsert run no hooks of records, and counts, sums and plucks none at all",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e, "a", "b", "c")
				q := func() *model.Builder[hooked] { return model.Query[hooked](e.db).Where("visits", ">=", 0) }
				var list []string
				var sum int
				for name, run := range map[string]func() error{
					"update":       func() error { _, err := q().Update(e.ctx, model.Attrs{"kind": "x"}); return err },
					"increment":    func() error { _, err := q().Increment(e.ctx, "visits", 1); return err },
					"delete":       func() error { _, err := q().Delete(e.ctx); return err },
					"restore":      func() error { _, err := q().Restore(e.ctx); return err },
					"force delete": func() error { _, err := q().Where("name", "c").ForceDelete(e.ctx); return err },
					"insert":       func() error { return model.Insert(e.ctx, e.db, []*hooked{{Name: "new"}}) },
					"upsert":       func() error { return model.Upsert(e.ctx, e.db, []*hooked{{Name: "a", Kind: "u"}}, []string{"name"}) },
					"count":        func() error { _, err := q().Count(e.ctx); return err },
					"exists":       func() error { _, err := q().Exists(e.ctx); return err },
					"sum":          func() error { return q().Sum(e.ctx, "visits", &sum) },
					"pluck":        func() error { return q().Pluck(e.ctx, "name", &list) },
				} {
					require.NoError(t, e.do("bulk", run), name)
					require.Empty(t, j.take(), name)
				}
			},
			twin: func(e *env) {
				e.op["bulk"] = func(run func() error) error {
					return firstError(run(), model.Create(e.ctx, e.db, &hooked{Name: "twin"}))
				}
			},
		},
		{
			name: "A17/BulkInTransaction",
			says: "Bulk writes join the transaction in the context, and a refused one leaves it usable",
			check: func(t testing.TB, e *env) {
				seedPeople(t, e)
				err := e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
					require.NoError(t, e.do("delete", func() error {
						_, err := model.Query[account](e.db).Where("id", 1).Delete(ctx)
						return err
					}))
					_, err := model.Query[account](e.db).Where("id", 2).Update(ctx, model.Attrs{"email": "eve@example.net"})
					require.ErrorIs(t, err, model.ErrDuplicate)
					n, err := model.Query[account](e.db).Count(ctx)
					require.NoError(t, err)
					require.EqualValues(t, 4, n)
					return context.Canceled
				})
				require.ErrorIs(t, err, context.Canceled)
				require.EqualValues(t, 5, e.count(t, "accounts"))
			},
			twin: leftOut("delete"),
		},
	}
}
