// SPDX-License-Identifier: MIT

package paging_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// seedTallyRows makes n rows; half of them have no mark.
func seedTallyRows(t testing.TB, e *harness.Env, n int) {
	t.Helper()
	e.Migrate(t, &tally{})
	list := make([]*tally, n)
	for i := range list {
		list[i] = &tally{Kind: string(rune('a' + i%3)), Score: i % 7}
		if i%2 == 0 {
			list[i].Mark = new(i % 5)
		}
	}
	require.NoError(t, model.Insert(e.Ctx, e.DB, list))
	e.Sent.Reset()
}

// iterateAlone lets the database have a single connection.
func iterateAlone(t testing.TB, e *harness.Env) {
	t.Helper()
	pool, err := e.Gorm.DB()
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

// Each yields the records in order, batch by batch, and loads no batch that the loop does not reach.
func TestEachLoadsBatchByBatch(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 1100)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB) }
		e.Sends(t, 3, func() { require.Equal(t, keysBetween(1, 1100), eachKeys(t, q().Each(e.Ctx))) })
		e.Sends(t, 1, func() {
			seen := 0
			for r, err := range q().Each(e.Ctx) {
				require.NoError(t, err)
				require.False(t, r.IsDirty())
				if seen++; seen == 500 {
					break
				}
			}
		})
		e.Sends(t, 2, func() {
			seen := 0
			for _, err := range q().Each(e.Ctx) {
				require.NoError(t, err)
				if seen++; seen == 501 {
					break
				}
			}
		})
		e.Sends(t, 0, func() { _ = q().Each(e.Ctx) })
		e.Sends(t, 1, func() { require.Empty(t, eachKeys(t, q().Where("kind", "x").Each(e.Ctx))) })
	})
}

// Each keeps the order of the query, whether it has a keyset or not, and its limit and offset are totals.
func TestEachKeepsTheOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 1100)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB) }
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
			list, err := q().All(e.Ctx)
			require.NoError(t, err, name)
			for _, r := range list {
				want = append(want, r.Kind+r.Extras().String("nr"))
			}
			for r, err := range q().Each(e.Ctx) {
				require.NoError(t, err, name)
				got = append(got, r.Kind+r.Extras().String("nr"))
			}
			require.Equal(t, want, got, name)
			if name != "without the key" {
				require.Equal(t, keysOf(t, e, q()), eachKeys(t, q().Each(e.Ctx)), name)
			}
		}
		e.Sends(t, 2, func() { eachKeys(t, q().OrderBy("id").Limit(1000).Each(e.Ctx)) })
	})
}

// The body of an Each may query, write and open transactions with a single connection.
func TestEachHoldsNoConnection(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 700)
		iterateAlone(t, e)
		for _, q := range []*model.Builder[tally]{
			model.Query[tally](e.DB), model.Query[tally](e.DB).OrderBy("mark"), model.Query[tally](e.DB).OrderBy("score", relation.Desc),
		} {
			seen := 0
			for r, err := range q.Each(e.Ctx) {
				require.NoError(t, err)
				seen++
				if seen%100 != 0 {
					continue
				}
				require.NoError(t, func() error {
					r.Kind = "z"
					if err := r.Save(e.Ctx); err != nil {
						return err
					}
					return e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
						_, err := model.Query[tally](e.DB).Find(ctx, r.ID)
						return err
					})
				}())
			}
			require.Equal(t, 700, seen)
		}
		n, err := model.Query[tally](e.DB).Where("kind", "z").Count(e.Ctx)
		require.NoError(t, err)
		require.Positive(t, n)
	})
}

// A break, a return or a panic in the body leaves no open rows and no used connection behind.
func TestBreakClosesEverything(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 600)
		iterateAlone(t, e)
		orders := map[string]func() *model.Builder[tally]{
			"keyset":   func() *model.Builder[tally] { return model.Query[tally](e.DB) },
			"buffered": func() *model.Builder[tally] { return model.Query[tally](e.DB).OrderBy("mark") },
		}
		for name, q := range orders {
			for _, err := range q().Each(e.Ctx) {
				require.NoError(t, err)
				break
			}
			e.RequireIdle(t)
			require.PanicsWithValue(t, "in the body", func() {
				for _, err := range q().Each(e.Ctx) {
					require.NoError(t, err)
					require.NoError(t, func() error { panic("in the body") }())
				}
			}, name)
			e.RequireIdle(t)
			require.Len(t, eachKeys(t, q().Each(e.Ctx)), 600, name)
		}
	})
}

// In a transaction Each sees what the transaction wrote, in any order, and the body may write, break and
// roll savepoints back.
func TestEachSeesItsTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 1100)
		iterateAlone(t, e)
		for name, of := range map[string]func(q *model.Builder[tally]) *model.Builder[tally]{
			"keyset":   func(q *model.Builder[tally]) *model.Builder[tally] { return q.OrderBy("id") },
			"nullable": func(q *model.Builder[tally]) *model.Builder[tally] { return q.OrderBy("mark").OrderBy("id") },
			"raw":      func(q *model.Builder[tally]) *model.Builder[tally] { return q.OrderByRaw("-id") },
		} {
			err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				added := &tally{Kind: "new", Mark: new(1)}
				require.NoError(t, model.Create(ctx, tx, added))
				q := func() *model.Builder[tally] { return of(model.Query[tally](e.DB)) }
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
			e.RequireIdle(t)
		}
		require.EqualValues(t, 1100, e.Count(t, "tallies"))
	})
}

// An error is yielded once, with a nil record, and ends the loop; a cancelled context is one.
func TestEachYieldsAnErrorOnce(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 1100)
		yields := 0
		for r, err := range model.Query[tally](e.DB).Where("kinf", "a").Each(e.Ctx) {
			require.Nil(t, r)
			require.ErrorIs(t, err, model.ErrUnknownColumn)
			yields++
		}
		require.Equal(t, 1, yields)
		ctx, cancel := context.WithCancel(e.Ctx)
		defer cancel()
		seen, failures := 0, 0
		for _, err := range model.Query[tally](e.DB).Each(ctx) {
			if err != nil {
				require.ErrorIs(t, err, context.Canceled)
				failures++
				continue
			}
			if seen++; seen == 10 {
				cancel()
			}
		}
		require.Equal(t, 1, failures)
		require.Equal(t, 500, seen, "what was loaded is still yielded")
	})
}

// Chunk yields lists of n records by keyset, one statement each, and its limit and offset are totals.
func TestChunkYieldsListsByKeyset(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 25)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB) }
		sizes := func(q *model.Builder[tally], n int) []int {
			var out []int
			var keys []int64
			want := keysOf(t, e, q.Clone().OrderBy("id"))
			e.Sent.Reset()
			for list, err := range q.Chunk(e.Ctx, n) {
				require.NoError(t, err)
				out = append(out, len(list))
				keys = append(keys, recordKeys(t, list)...)
			}
			require.Equal(t, want, append([]int64{}, keys...))
			return out
		}
		require.Equal(t, []int{10, 10, 5}, sizes(q(), 10))
		require.Len(t, e.Sent.Statements(), 3)
		require.Equal(t, []int{5, 5, 5, 5, 5}, sizes(q(), 5))
		require.Equal(t, []int{25}, sizes(q(), 100))
		require.Equal(t, []int{10, 2}, sizes(q().Limit(12), 10))
		require.Len(t, e.Sent.Statements(), 2)
		require.Equal(t, []int{10, 1}, sizes(q().Limit(11).Offset(14), 10))
		require.Equal(t, []int{3}, sizes(q().Offset(22), 10))
		require.Empty(t, sizes(q().Where("kind", "x"), 10))
		require.Equal(t, []int{4, 2}, sizes(q().OrderBy("score", relation.Desc).OrderBy("id").Where("score", 6).OrWhere("score", 5), 4))
	})
}

// Changing the filtered column, deleting rows or moving them behind inside the loop skips no row.
func TestChunkSkipsNoRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 60)
		seen := 0
		for list, err := range model.Query[tally](e.DB).Where("kind", "in", []string{"a", "b"}).Chunk(e.Ctx, 7) {
			require.NoError(t, err)
			for _, r := range list {
				seen++
				r.Kind = "done"
				require.NoError(t, r.Save(e.Ctx))
			}
		}
		require.Equal(t, 40, seen)
		require.Len(t, e.Rows(t, "SELECT id FROM tallies WHERE kind = 'done'"), 40)
		seen = 0
		for list, err := range model.Query[tally](e.DB).Where("kind", "done").Chunk(e.Ctx, 7) {
			require.NoError(t, err)
			for _, r := range list {
				seen++
				require.NoError(t, r.Delete(e.Ctx))
			}
		}
		require.Equal(t, 40, seen)
		require.EqualValues(t, 20, e.Count(t, "tallies"))
	})
}

// An order without a keyset, a list length below 1 and a selection without the key are refused before
// anything is sent.
func TestChunkRefusesOrdersWithoutAKeyset(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		seedTallyRows(t, e, 5)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB) }
		chunk := func(q *model.Builder[tally]) func() error {
			return func() error { return eachError(q.Chunk(e.Ctx, 2)) }
		}
		refuses(t, e, []refused{
			{"raw", chunk(q().OrderByRaw("id")), model.ErrUnsupported, "raw SQL"},
			{"group", chunk(q().GroupBy("kind")), model.ErrUnsupported, "groups"},
			{"no key", chunk(q().Select("kind")), model.ErrUnsupported, "select it too"},
			{"unknown", chunk(q().OrderBy("scroe")), model.ErrUnknownColumn, "did you mean"},
			{"joined", func() error {
				return eachError(model.Query[account](e.DB).Join("query_posts", "query_posts.account_id", "=", "accounts.id").
					OrderBy("query_posts.words").Chunk(e.Ctx, 2))
			}, model.ErrUnsupported, "joins"},
			{"length", func() error { return eachError(q().Chunk(e.Ctx, 0)) }, model.ErrInvalidValue, "0 records"},
		})
	})
}

// Chunk and Each read the position of the last record before the body of the loop may change it.
func TestPositionIsReadBeforeTheBodyChangesTheRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallyRows(t, e, 1100)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB).OrderBy("score").OrderBy("id") }
		want := keysOf(t, e, q())
		var got []int64
		spoil := func(r *tally) {
			got = append(got, r.ID)
			r.ID, r.Score = -r.ID, 100-r.Score
		}
		e.Sends(t, 3, func() {
			for list, err := range q().Chunk(e.Ctx, 500) {
				require.NoError(t, err)
				for _, r := range list {
					spoil(r)
				}
			}
		})
		require.Equal(t, want, got)
		got = nil
		e.Sends(t, 3, func() {
			for r, err := range q().Each(e.Ctx) {
				require.NoError(t, err)
				spoil(r)
			}
		})
		require.Equal(t, want, got)
	})
}
