// SPDX-License-Identifier: MIT

package connection_test

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
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Every operation works with a pool of one connection, in a transaction and outside: none waits for itself.
func TestOneConnectionIsEnough(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		singleConnection(t, e)
		models := []any{&account{}, &note{}, &member{}}
		ctx, cancel := context.WithTimeout(e.Ctx, 20*time.Second)
		defer cancel()
		require.NoError(t, e.DB.Register(models...))
		require.NoError(t, e.DB.Migrate(ctx, models...))
		outside, err := told(ctx, e.DB)
		require.NoError(t, err, outside)
		e.RequireIdle(t)
		e.Migrate(t, &account{})
		var inside string
		other, past := newDatabase(t, e, models...)
		pool, err := past.DB()
		require.NoError(t, err)
		pool.SetMaxOpenConns(1)
		require.NoError(t, other.Transaction(ctx, func(ctx context.Context, tx *model.DB) (err error) {
			inside, err = told(ctx, other)
			return err
		}))
		require.Equal(t, withoutCommits(outside), withoutCommits(inside))
	})
}

// Hooks may query and write with their context, also with a pool of one connection, and so may the loop
// over Each.
func TestOneConnectionIsEnoughForHooks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{}, &account{})
		singleConnection(t, e)
		ctx, diary := diaried(e.Ctx)
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		diary.react = func(ctx context.Context, moment hooks.Moment, m *member) error {
			if _, err := model.Query[member](e.DB).Count(ctx); err != nil {
				return err
			}
			return model.Create(ctx, e.DB, &account{Email: fmt.Sprint(moment, m.Email, m.Points, time.Now().UnixNano())})
		}
		list := members("a", "b", "c")
		require.NoError(t, model.CreateMany(ctx, e.DB, list))
		for m, err := range model.Query[member](e.DB).OrderBy("id").Each(ctx) {
			require.NoError(t, err)
			m.Points++
			require.NoError(t, m.Save(ctx))
		}
		require.NoError(t, list[0].Delete(ctx))
		diary.react = func(context.Context, hooks.Moment, *member) error { return errReaction }
		require.Error(t, model.CreateMany(ctx, e.DB, members("d")))
		e.RequireIdle(t)
		require.EqualValues(t, 3*5+3*5+3, e.Count(t, "accounts"))
	})
}

func singleConnection(t testing.TB, e *harness.Env) {
	t.Helper()
	pool, err := e.Gorm.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
}

// withoutCommits leaves out what is noted after a commit, which inside a transaction comes later.
func withoutCommits(text string) []string {
	return slices.DeleteFunc(lines(text), func(line string) bool { return line == "  committed" })
}

// Transactions of several goroutines around records of one graph do not mix: each keeps or undoes what was
// done in it.
func TestConcurrentTransactionsDoNotMix(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &posting{})
		parent := someAccounts(t, e, 1)[0]
		var mu sync.Mutex
		var kept, undone []*posting
		require.NoError(t, raced(func(i int) error {
			mine := []*posting{{Team: "a", Person: int64(i)}, {Team: "b", Person: int64(i)}}
			err := model.DBOf(parent).Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
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
		require.EqualValues(t, racers, e.Count(t, "postings"))
		for _, p := range kept {
			equalsItsRow(t, e, p, p.ID)
		}
		for _, p := range undone {
			require.True(t, p.IsNew())
			require.Zero(t, p.ID)
		}
		require.False(t, parent.IsDirty())
		require.NoError(t, parent.Touch(e.Ctx))
	})
}

// Increments of one row from many goroutines, each with a record of its own, all count, in transactions
// too.
func TestConcurrentIncrementsAllCount(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		id := someAccounts(t, e, 1)[0].ID
		require.NoError(t, raced(func(i int) error {
			a, err := model.Query[account](e.DB).Find(e.Ctx, id)
			for n := 0; err == nil && n < 10; n++ {
				if i%2 == 0 {
					err = a.Increment(e.Ctx, "visits", 1)
					continue
				}
				err = e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error { return a.Increment(ctx, "visits", 1) })
			}
			return err
		}))
		require.EqualValues(t, racers*10, e.Rows(t, "SELECT visits FROM accounts")[0]["visits"])
	})
}

// Of concurrent saves of one version exactly one succeeds, the others are ErrStale, and no update is lost.
func TestConcurrentSavesOfAVersionAllowOne(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &note{})
		n := &note{Title: "x"}
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		for round := range rounds {
			var mu sync.Mutex
			won := 0
			list := make([]*note, racers)
			for i := range list {
				var err error
				list[i], err = n.Fresh(e.Ctx)
				require.NoError(t, err)
			}
			require.NoError(t, raced(func(i int) error {
				list[i].Title = fmt.Sprint(round, "/", i)
				err := list[i].Save(e.Ctx)
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
		require.EqualValues(t, rounds+1, e.Rows(t, "SELECT version FROM notes")[0]["version"])
	})
}

// Gorm of a transaction is gorm's handle of the same transaction: it sees rows that are not committed, and
// is undone with them.
func TestGormOfATransactionIsInIt(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
			var n int64
			require.NoError(t, tx.Gorm().Table("accounts").Count(&n).Error)
			require.EqualValues(t, 1, n)
			require.NoError(t, tx.Gorm().Exec("INSERT INTO accounts (email) VALUES ('b')").Error)
			count, err := model.Query[account](e.DB).Count(ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, count)
			require.NoError(t, tx.Transaction(ctx, func(_ context.Context, inner *model.DB) error {
				return inner.Gorm().Exec("INSERT INTO accounts (email) VALUES ('c')").Error
			}))
			return errReaction
		}), errReaction)
		require.Empty(t, emails(t, e))
		require.NoError(t, e.DB.Gorm().Exec("INSERT INTO accounts (email) VALUES ('d')").Error)
		require.Equal(t, []string{"d"}, emails(t, e))
	})
}

// Model.New refuses a gorm handle that is in a transaction with ErrUnsupported, also with a pool of one
// connection.
func TestNewRefusesATransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		singleConnection(t, e)
		for _, handle := range []*gorm.DB{e.Gorm, e.Gorm.Session(&gorm.Session{PrepareStmt: true})} {
			require.NoError(t, handle.Transaction(func(tx *gorm.DB) error {
				done := make(chan error, 1)
				go func() {
					done <- func() error {
						_, err := model.New(tx)
						return err
					}()
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
	})
}
