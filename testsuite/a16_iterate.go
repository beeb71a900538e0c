// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// seedTallyRows makes n rows; half of them have no mark.
func seedTallyRows(t testing.TB, e *env, n int) {
	t.Helper()
	e.migrate(t, &tally{})
	list := make([]*tally, n)
	for i := range list {
		list[i] = &tally{Kind: string(rune('a' + i%3)), Score: i % 7}
		if i%2 == 0 {
			list[i].Mark = new(i % 5)
		}
	}
	require.NoError(t, model.Insert(e.ctx, e.db, list))
	e.sent.Reset()
}

// iterateAlone lets the database have a single connection.
func iterateAlone(t testing.TB, e *env) {
	t.Helper()
	pool, err := e.gorm.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
}

// eachKeys ranges over Each and returns the keys.
func eachKeys(t testing.TB, each func(yield func(*tally, error) bool)) []int64 {
	t.Helper()
	keys := []int64{}
	for r, err := range each {
		require.NoError(t, err)
		keys = append(keys, r.ID)
	}
	return keys
}

// iteratePromises are those of row A16.
func iteratePromises() []promise {
	return []promise{
		{
			name: "A16/EachStreams",
			says: "Each yields the records in order, batch by batch, and loads no batch that the loop does not reach",
			check: func(t testing.TB, e *env) {
				seedTallyRows(t, e, 1100)
				q := func() *model.Builder[tally] { return model.Query[tally](e.db) }
				e.sends(t, 3, func() { require.Equal(t, keysBetween(1, 1100), eachKeys(t, q().Each(e.ctx))) })
				e.sends(t, 1, func() {
					seen := 0
					for r, err := range q().Each(e.ctx) {
						require.NoError(t, err)
						require.False(t, r.IsDirty())
						if seen++; seen == 500 {
							break
						}
					}
				})
				e.sends(t, 2, func() {
					seen := 0
					for _, err := range q().Each(e.ctx) {
						require.NoError(t, err)
						if seen++; seen == 501 {
							break
						}
					}
				})
				e.sends(t, 0, func() { _ = q().Each(e.ctx) })
				e.sends(t, 1, func() { require.Empty(t, eachKeys(t, q().Where("kind", "x").Each(e.ctx))) })
			},
			twin: bent("SELECT", "`tallies`.`id` > ?", "`tallies`.`id` > 1 + ?"),
		},
		{
			name: "A16/EachInAnyOrder",
			says: "Each keeps the order of the query, whether it has a keyset or not, and its limit and offset are totals",
			check: func(t testing.TB, e *env) {
				seedTallyRows(t, e, 1100)
				q := func() *model.Builder[tally] { return model.Query[tally](e.db) }
				for name, q := range map[string]func() *model.Builder[tally]{
					"key down":         func() *model.Builder[tally] { return q().OrderBy("id", relation.Desc) },
					"mixed":            func() *model.Builder[tally] { return q().OrderBy("kind", relation.Desc).OrderBy("score").OrderBy("id") },
					"nullable":         func() *model.Builder[tally] { return q().OrderBy("mark").OrderBy("id") },
					"raw":              func() *model.Builder[tally] { return q().OrderByRaw("score * 2 DESC, id") },
					"limit":            func() *model.Builder[tally] { return q().OrderBy("id").Limit(777) },
					"limit and offset": func() *model.Builder[tally] { return q().OrderBy("id").Limit(600).Offset(450) },
					"full batches":     func() *model.Builder[tally] { return q().OrderBy("id").Limit(1000) },
					"offset":           func() *model.Builder[tally] { return q().OrderBy("id").Offset(1050) },
					"without the key":  func() *model.Builder[tally] { return q().Select("kind", "id as nr").OrderBy("id") },
					"no rows":          func() *model.Builder[tally] { return q().OrderBy("id").Limit(0) },
				} {
					var want, got []string
					list, err := q().All(e.ctx)
					require.NoError(t, err, name)
					for _, r := range list {
						want = append(want, r.Kind+r.Extras().String("nr"))
					}
					for r, err := range q().Each(e.ctx) {
						require.NoError(t, err, name)
						got = append(got, r.Kind+r.Extras().String("nr"))
					}
					require.Equal(t, want, got, name)
					if name != "without the key" {
						require.Equal(t, keysOf(t, e, q()), eachKeys(t, q().Each(e.ctx)), name)
					}
				}
				e.sends(t, 2, func() { eachKeys(t, q().OrderBy("id").Limit(1000).Each(e.ctx)) })
			},
			twin: bent("SELECT", "`tallies`.`score` > ?", "`tallies`.`score` >= ?"),
		},
		{
			name: "A16/EachHoldsNothing",
			says: "The body of an Each may query, write and open transactions with a single connection",
			check: func(t testing.TB, e *env) {
				seedTallyRows(t, e, 700)
				iterateAlone(t, e)
				for _, q := range []*model.Builder[tally]{
					model.Query[tally](e.db), model.Query[tally](e.db).OrderBy("mark"), model.Query[tally](e.db).OrderBy("score", relation.Desc),
				} {
					seen := 0
					for r, err := range q.Each(e.ctx) {
						require.NoError(t, err)
						seen++
						if seen%100 != 0 {
							continue
						}
						require.NoError(t, e.do("body", func() error {
							r.Kind = "z"
							if err := r.Save(e.ctx); err != nil {
								return err
							}
							return e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
								_, err := model.Query[tally](e.db).Find(ctx, r.ID)
								return err
							})
						}))
					}
					require.Equal(t, 700, seen)
				}
				n, err := model.Query[tally](e.db).Where("kind", "z").Count(e.ctx)
				require.NoError(t, err)
				require.Positive(t, n)
			},
			twin: leftOut("body"),
		},
		{
			name: "A16/BreakClosesEverything",
			says: "A break, a return or a panic in the body leaves no open rows and no used connection behind",
			check: func(t testing.TB, e *env) {
				seedTallyRows(t, e, 600)
				iterateAlone(t, e)
				orders := map[string]func() *model.Builder[tally]{
					"keyset":   func() *model.Builder[tally] { return model.Query[tally](e.db) },
					"buffered": func() *model.Builder[tally] { return model.Query[tally](e.db).OrderBy("mark") },
				}
				for name, q := range orders {
					for _, err := range q().Each(e.ctx) {
						require.NoError(t, err)
						break
					}
					e.finish(t)
					require.PanicsWithValue(t, "in the body", func() {
						for _, err := range q().Each(e.ctx) {
							require.NoError(t, err)
							require.NoError(t, e.do("panic", func() error { panic("in the body") }))
						}
					}, name)
					e.finish(t)
					require.Len(t, eachKeys(t, q().Each(e.ctx)), 600, name)
				}
			},
			twin: func(e *env) { e.op["panic"] = func(func() error) error { return nil } },
		},
		{
			name: "A16/EachInTransaction",
			says: "In a transaction Each sees what the transaction wrote, in any order, and the body may write, break and roll savepoints back",
			check: func(t testing.TB, e *env) {
				seedTallyRows(t, e, 1100)
				iterateAlone(t, e)
				for name, of := range map[string]func(q *model.Builder[tally]) *model.Builder[tally]{
					"keyset":   func(q *model.Builder[tally]) *model.Builder[tally] { return q.OrderBy("id") },
					"nullable": func(q *model.Builder[tally]) *model.Builder[tally] { return q.OrderBy("mark").OrderBy("id") },
					"raw":      func(q *model.Builder[tally]) *model.Builder[tally] { return q.OrderByRaw("-id") },
				} {
					err := e.db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
						added := &tally{Kind: "new", Mark: new(1)}
						require.NoError(t, e.do("create", func() error { return model.Create(ctx, tx, added) }))
						q := func() *model.Builder[tally] { return of(model.Query[tally](e.db)) }
						want, err := q().All(ctx)
						require.NoError(t, err)
						require.Len(t, want, 1101, name)
						var got []int64
						for r, err := range q().Each(ctx) {
							require.NoError(t, err, name)
							got = append(got, r.ID)
							if r.ID%200 == 0 {
								require.NoError(t, r.Increment(ctx, "score", 1))
								require.ErrorIs(t, tx.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
									require.NoError(t, r.Delete(ctx))
									return context.Canceled
								}), context.Canceled)
							}
						}
						require.Equal(t, recordKeys(t, want), got, name)
						for _, err := range q().Each(ctx) {
							require.NoError(t, err)
							break
						}
						require.PanicsWithValue(t, name, func() {
							for _, err := range q().Each(ctx) {
								require.NoError(t, err)
								panic(name)
							}
						})
						for _, err := range q().Each(ctx) { // two loops at a time
							require.NoError(t, err)
							require.Len(t, eachKeys(t, q().Each(ctx)), 1101)
							break
						}
						return added.Delete(ctx)
					})
					require.NoError(t, err, name)
					e.finish(t)
				}
				require.EqualValues(t, 1100, e.count(t, "tallies"))
			},
			twin: leftOut("create"),
		},
		{
			name: "A16/EachErrors",
			says: "An error is yielded once, with a nil record, and ends the loop; a cancelled context is one",
			check: func(t testing.TB, e *env) {
				seedTallyRows(t, e, 1100)
				yields := 0
				for r, err := range model.Query[tally](e.db).Where("kinf", "a").Each(e.ctx) {
					require.Nil(t, r)
					require.ErrorIs(t, err, model.ErrUnknownColumn)
					yields++
				}
				require.Equal(t, 1, yields)
				ctx, cancel := context.WithCancel(e.ctx)
				defer cancel()
				seen, failures := 0, 0
				for _, err := range model.Query[tally](e.db).Each(ctx) {
					if err != nil {
						require.ErrorIs(t, err, context.Canceled)
						failures++
						continue
					}
					if seen++; seen == 10 {
						require.NoError(t, e.do("cancel", func() error { cancel(); return nil }))
					}
				}
				require.Equal(t, 1, failures)
				require.Equal(t, 500, seen, "what was loaded is still yielded")
			},
			twin: leftOut("cancel"),
		},
		{
			name: "A16/Chunk",
			says: "Chunk yields lists of n records by keyset, one statement each, and its limit and offset are totals",
			check: func(t testing.TB, e *env) {
				seedTallyRows(t, e, 25)
				q := func() *model.Builder[tally] { return model.Query[tally](e.db) }
				sizes := func(q *model.Builder[tally], n int) []int {
					var out []int
					var keys []int64
					want := keysOf(t, e, q.Clone().OrderBy("id"))
					e.sent.Reset()
					for list, err := range q.Chunk(e.ctx, n) {
						require.NoError(t, err)
						out = append(out, len(list))
						keys = append(keys, recordKeys(t, list)...)
					}
					require.Equal(t, want, append([]int64{}, keys...))
					return out
				}
				require.Equal(t, []int{10, 10, 5}, sizes(q(), 10))
				require.Len(t, e.sent.Statements(), 3)
				require.Equal(t, []int{5, 5, 5, 5, 5}, sizes(q(), 5))
				require.Equal(t, []int{25}, sizes(q(), 100))
				require.Equal(t, []int{10, 2}, sizes(q().Limit(12), 10))
				require.Len(t, e.sent.Statements(), 2)
				require.Equal(t, []int{10, 1}, sizes(q().Limit(11).Offset(14), 10))
				require.Equal(t, []int{3}, sizes(q().Offset(22), 10))
				require.Empty(t, sizes(q().Where("kind", "x"), 10))
				require.Equal(t, []int{4, 2}, sizes(q().OrderBy("score", relation.Desc).OrderBy("id").Where("score", 6).OrWhere("score", 5), 4))
			},
			twin: bent("SELECT", "`tallies`.`id` > ?", "`tallies`.`id` >= ?"),
		},
		{
			name: "A16/ChunkSkipsNone",
			says: "Changing the filtered column, deleting rows or moving them behind inside the loop skips no row",
			check: func(t testing.TB, e *env) {
				seedTallyRows(t, e, 60)
				seen := 0
				for list, err := range model.Query[tally](e.db).Where("kind", "in", []string{"a", "b"}).Chunk(e.ctx, 7) {
					require.NoError(t, err)
					for _, r := range list {
						seen++
						r.Kind = "done"
						require.NoError(t, e.do("save", func() error { return r.Save(e.ctx) }))
					}
				}
				require.Equal(t, 40, seen)
				require.Len(t, e.rows(t, "SELECT id FROM tallies WHERE kind = 'done'"), 40)
				seen = 0
				for list, err := range model.Query[tally](e.db).Where("kind", "done").Chunk(e.ctx, 7) {
					require.NoError(t, err)
					for _, r := range list {
						seen++
						require.NoError(t, r.Delete(e.ctx))
					}
				}
				require.Equal(t, 40, seen)
				require.EqualValues(t, 20, e.count(t, "tallies"))
			},
			twin: bent("UPDATE", "WHERE `id` = ?", "WHERE `id` = ? + 1"),
		},
		{
			name: "A16/ChunkOrders",
			says: "An order without a keyset, a list length below 1 and a selection without the key are refused before anything is sent",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				seedTallyRows(t, e, 5)
				q := func() *model.Builder[tally] { return model.Query[tally](e.db) }
				chunk := func(q *model.Builder[tally]) func() error {
					return func() error { return eachError(q.Chunk(e.ctx, 2)) }
				}
				refuses(t, e, []refused{
					{"nullable", chunk(q().OrderBy("mark")), model.ErrUnsupported, "may be NULL"},
					{"raw", chunk(q().OrderByRaw("id")), model.ErrUnsupported, "raw SQL"},
					{"group", chunk(q().GroupBy("kind")), model.ErrUnsupported, "groups"},
					{"no key", chunk(q().Select("kind")), model.ErrUnsupported, "select it too"},
					{"unknown", chunk(q().OrderBy("scroe")), model.ErrUnknownColumn, "did you mean"},
					{"joined", func() error {
						return eachError(model.Query[account](e.db).Join("query_posts", "query_posts.account_id", "=", "accounts.id").
							OrderBy("query_posts.words").Chunk(e.ctx, 2))
					}, model.ErrUnsupported, "joins"},
					{"length", func() error { return eachError(q().Chunk(e.ctx, 0)) }, model.ErrInvalidValue, "0 records"},
				})
			},
			twin: lenient("refused"),
		},
	}
}

// leftOut has an operation do nothing and succeed.
func leftOut(op string) func(*env) {
	return func(e *env) { e.op[op] = func(func() error) error { return nil } }
}
