// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// onePoolPromises are about a pool of one connection, where a second one would be waited for in vain.
func onePoolPromises() []promise {
	return []promise{
		{
			name: "A12/OneConnection",
			says: "every operation works with a pool of one connection, in a transaction and outside: none waits for itself",
			check: func(t testing.TB, e *env) {
				singleConnection(t, e)
				models := []any{&account{}, &note{}, &member{}}
				ctx, cancel := context.WithTimeout(e.ctx, 20*time.Second)
				defer cancel()
				require.NoError(t, e.db.Register(models...))
				require.NoError(t, e.db.Migrate(ctx, models...))
				outside, err := told(ctx, e.db)
				require.NoError(t, err, outside)
				e.finish(t)
				e.migrate(t, &account{})
				var inside string
				other, past := e.newDatabase(t, models...)
				pool, err := past.DB()
				require.NoError(t, err)
				pool.SetMaxOpenConns(1)
				require.NoError(t, other.Transaction(ctx, func(ctx context.Context, tx *model.DB) (err error) {
					inside, err = told(ctx, other)
					return err
				}))
				require.Equal(t, see(e, "told", withoutCommits(outside)), withoutCommits(inside))
			},
			twin: func(e *env) { e.seen["told"] = func(any) any { return "" } },
		},
		{
			name: "A12/OneConnectionForHooks",
			says: "hooks may query and write with their context, also with a pool of one connection, and so may the loop over Each",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &member{}, &account{})
				singleConnection(t, e)
				ctx, diary := diaried(e.ctx)
				ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
				defer cancel()
				diary.react = func(ctx context.Context, moment hooks.Moment, m *member) error {
					if _, err := model.Query[member](e.db).Count(ctx); err != nil {
						return err
					}
					return model.Create(ctx, e.db, &account{Email: fmt.Sprint(moment, m.Email, m.Points, time.Now().UnixNano())})
				}
				list := members("a", "b", "c")
				require.NoError(t, e.do("create", func() error { return model.CreateMany(ctx, e.db, list) }))
				for m, err := range model.Query[member](e.db).OrderBy("id").Each(ctx) {
					require.NoError(t, err)
					m.Points++
					require.NoError(t, m.Save(ctx))
				}
				require.NoError(t, list[0].Delete(ctx))
				diary.react = func(context.Context, hooks.Moment, *member) error { return errReaction }
				require.Error(t, model.CreateMany(ctx, e.db, members("d")))
				e.finish(t)
				require.EqualValues(t, 3*5+3*5+3, e.count(t, "accounts"))
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					_ = e.gorm.Exec("INSERT INTO accounts (email) VALUES ('another row')").Error
					return run()
				}
			},
		},
	}
}

func singleConnection(t testing.TB, e *env) {
	t.Helper()
	pool, err := e.gorm.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
}

// withoutCommits leaves out what is noted after a commit, which inside a transaction comes later.
func withoutCommits(text string) []string {
	return slices.DeleteFunc(lines(text), func(line string) bool { return line == "  committed" })
}

// concurrentPromises are about several transactions at a time.
func concurrentPromises() []promise {
	return []promise{
		{
			name: "A12/SameGraph",
			says: "transactions of several goroutines around records of one graph do not mix: each keeps or undoes what was done in it",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &posting{})
				parent := someAccounts(t, e, 1)[0]
				var mu sync.Mutex
				var kept, undone []*posting
				require.NoError(t, raced(func(i int) error {
					mine := []*posting{{Team: "a", Person: int64(i)}, {Team: "b", Person: int64(i)}}
					err := e.do("transaction", func() error {
						return model.DBOf(parent).Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
							for _, p := range mine {
								role := strconv.FormatInt(parent.ID, 10)
								p.Role = &role
								if err := p.Save(ctx); err != nil && i%4 < 2 {
									return err
								} else if err != nil {
									if err := model.Create(ctx, tx, p); err != nil {
										return err
									}
								}
							}
							if i%2 == 1 {
								return errReaction
							}
							return nil
						})
					})
					mu.Lock()
					defer mu.Unlock()
					if i%2 == 1 {
						undone = append(undone, mine...)
						if err != errReaction { //nolint:errorlint // the very same.
							return fmt.Errorf("racer %d: %w", i, err)
						}
						return nil
					}
					kept = append(kept, mine...)
					return err
				}))
				require.EqualValues(t, racers, e.count(t, "postings"))
				for _, p := range kept {
					equalsItsRow(t, e, p, p.ID)
				}
				for _, p := range undone {
					require.True(t, p.IsNew())
					require.Zero(t, p.ID)
				}
				require.False(t, parent.IsDirty())
				require.NoError(t, parent.Touch(e.ctx))
			},
			twin: func(e *env) {
				e.op["transaction"] = func(run func() error) error {
					_ = run()
					return nil
				}
			},
		},
		{
			name: "A12/IncrementsCount",
			says: "increments of one row from many goroutines, each with a record of its own, all count, in transactions too",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				id := someAccounts(t, e, 1)[0].ID
				require.NoError(t, raced(func(i int) error {
					a, err := model.Query[account](e.db).Find(e.ctx, id)
					for n := 0; err == nil && n < 10; n++ {
						if i%2 == 0 {
							err = e.do("write", func() error { return a.Increment(e.ctx, "visits", 1) })
							continue
						}
						err = e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error { return a.Increment(ctx, "visits", 1) })
					}
					return err
				}))
				require.EqualValues(t, racers*10, e.rows(t, "SELECT visits FROM accounts")[0]["visits"])
			},
			twin: func(e *env) { e.op["write"] = func(func() error) error { return nil } },
		},
		{
			name: "A12/VersionsCount",
			says: "of concurrent saves of one version exactly one succeeds, the others are ErrStale, and no update is lost",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &note{})
				n := &note{Title: "x"}
				require.NoError(t, model.Create(e.ctx, e.db, n))
				for round := range rounds {
					var mu sync.Mutex
					won := 0
					list := make([]*note, racers)
					for i := range list {
						var err error
						list[i], err = n.Fresh(e.ctx)
						require.NoError(t, err)
					}
					require.NoError(t, raced(func(i int) error {
						list[i].Title = fmt.Sprint(round, "/", i)
						err := e.do("write", func() error { return list[i].Save(e.ctx) })
						mu.Lock()
						defer mu.Unlock()
						if err == nil {
							won++
							return nil
						}
						if !list[i].IsDirty("title") {
							return fmt.Errorf("the record of %d says that it was saved", i)
						}
						return onlyStale(err)
					}))
					require.Equal(t, 1, won)
				}
				require.EqualValues(t, rounds+1, e.rows(t, "SELECT version FROM notes")[0]["version"])
			},
			twin: func(e *env) { e.op["write"] = func(func() error) error { return nil } },
		},
	}
}

// gormPromises are about gorm's handles of transactions.
func gormPromises() []promise {
	return []promise{
		{
			name: "A12/GormInTransaction",
			says: "Gorm of a transaction is gorm's handle of the same transaction: it sees rows that are not committed, and is undone with them",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.ErrorIs(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
					var n int64
					require.NoError(t, tx.Gorm().Table("accounts").Count(&n).Error)
					require.EqualValues(t, 1, n)
					require.NoError(t, tx.Gorm().Exec("INSERT INTO accounts (email) VALUES ('b')").Error)
					count, err := model.Query[account](e.db).Count(ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, count)
					require.NoError(t, tx.Transaction(ctx, func(_ context.Context, inner *model.DB) error {
						return inner.Gorm().Exec("INSERT INTO accounts (email) VALUES ('c')").Error
					}))
					return errReaction
				}), errReaction)
				require.Empty(t, emails(t, e))
				require.NoError(t, e.db.Gorm().Exec("INSERT INTO accounts (email) VALUES ('d')").Error)
				require.Equal(t, []string{"d"}, emails(t, e))
			},
			twin: commits,
		},
		{
			name: "A12/NewInTransaction",
			says: "model.New refuses a gorm handle that is in a transaction with ErrUnsupported, also with a pool of one connection",
			check: func(t testing.TB, e *env) {
				singleConnection(t, e)
				for _, handle := range []*gorm.DB{e.gorm, e.gorm.Session(&gorm.Session{PrepareStmt: true})} {
					require.NoError(t, handle.Transaction(func(tx *gorm.DB) error {
						done := make(chan error, 1)
						go func() {
							done <- e.do("new", func() error {
								_, err := model.New(tx)
								return err
							})
						}()
						select {
						case err := <-done:
							require.ErrorIs(t, err, model.ErrUnsupported)
						case <-time.After(5 * time.Second):
							require.Fail(t, "model.New waits for a connection")
						}
						return nil
					}))
				}
			},
			twin: func(e *env) { e.op["new"] = func(func() error) error { return nil } },
		},
	}
}
