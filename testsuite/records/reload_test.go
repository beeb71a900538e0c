// SPDX-License-Identifier: MIT

package records_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// reloadHook has a Found hook that changes and may refuse the record.
type reloadHook struct {
	model.BaseModel[reloadHook]

	ID     int64
	Name   string
	Looked int `gorm:"-"`
}

// Found refuses rows of a certain name.
func (r *reloadHook) Found(context.Context) error {
	r.Looked++
	if r.Name == "refused" {
		r.Name = "changed by a hook that fails"
		return errHook
	}
	return nil
}

// Refresh is one statement that replaces all columns by those of the row, and drops pending changes.
func TestRefreshReplacesAllColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a", Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Exec(t, "UPDATE accounts SET name = 'by others', age = 9, nick = 'x'")
		a.Name, a.Visits, a.ID = "mine", 77, 12345
		e.Sends(t, 1, func() { require.NoError(t, a.Refresh(e.Ctx)) })
		require.Equal(t, "by others", a.Name)
		require.Equal(t, 9, a.Age)
		require.Equal(t, "x", *a.Nick)
		require.Zero(t, a.Visits)
		require.NotEqual(t, 12345, a.ID)
		require.Empty(t, a.Dirty())
		require.Equal(t, a.Attributes(), a.Original())
		e.Exec(t, "UPDATE accounts SET nick = NULL")
		require.NoError(t, a.Refresh(e.Ctx))
		require.Nil(t, a.Nick)
	})
}

// Refresh and Fresh see a soft deleted row, by whomever it was deleted, and Refresh sees that it was
// restored.
func TestRefreshSeesTrashedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &note{})
		n := &note{Title: "t"}
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		require.NoError(t, e.Gorm.Exec("UPDATE notes SET deleted_at = ?", e.Clock.Now()).Error)
		require.NoError(t, n.Refresh(e.Ctx))
		require.True(t, n.Trashed())
		fresh, err := n.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, fresh.Trashed())
		e.Exec(t, "UPDATE notes SET deleted_at = NULL")
		require.NoError(t, n.Refresh(e.Ctx))
		require.False(t, n.Trashed())
	})
}

// A Refresh that a Found hook refuses, or that finds no row, leaves the record as it was.
func TestFailedRefreshLeavesTheRecordAsItWas(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &reloadHook{})
		r := &reloadHook{Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, r))
		e.Exec(t, "UPDATE reload_hooks SET name = 'refused'")
		r.Name = "pending"
		require.ErrorIs(t, r.Refresh(e.Ctx), errHook)
		require.Equal(t, "pending", r.Name)
		require.Equal(t, model.Attrs{"Name": "pending"}, r.Dirty())
		require.Equal(t, "n", r.Original()["Name"])
		_, err := r.Fresh(e.Ctx)
		require.ErrorIs(t, err, errHook)
		require.NoError(t, r.Refresh(hooks.Without(e.Ctx)))
		require.Equal(t, "refused", r.Name)
		e.Exec(t, "DELETE FROM reload_hooks")
		r.Name = "pending"
		require.ErrorIs(t, r.Refresh(e.Ctx), model.ErrNotFound)
		require.Equal(t, model.Attrs{"Name": "pending"}, r.Dirty())
	})
}

// A Refresh reads through the transaction, and a rollback takes back what it read, but for what was
// assigned since.
func TestRefreshReadsThroughTheTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a", Name: "committed"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		undone := errors.New("undone")
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			same, err := model.Query[account](e.DB).Find(ctx, a.ID)
			require.NoError(t, err)
			same.Name, same.Age = "never committed", 5
			require.NoError(t, same.Save(ctx))
			require.NoError(t, a.Refresh(ctx))
			require.Equal(t, "never committed", a.Name)
			require.Empty(t, a.Dirty())
			return undone
		}), undone)
		require.Equal(t, "committed", a.Original()["Name"])
		require.Equal(t, "committed", a.Name)
		require.Zero(t, a.Age)
		require.Empty(t, a.Dirty())
		a.Name = "never committed"
		e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx)) })
		require.Equal(t, "never committed", e.Row(t, "SELECT name FROM accounts")["name"])
	})
}

// Fresh is one statement that gives another record of the row, and leaves this one alone.
func TestFreshReturnsAnotherRecordOfTheRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a", Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Exec(t, "UPDATE accounts SET name = 'by others'")
		a.Age = 3
		var fresh *account
		var err error
		e.Sends(t, 1, func() { fresh, err = a.Fresh(e.Ctx) })
		require.NoError(t, err)
		require.Equal(t, "by others", fresh.Name)
		require.Zero(t, fresh.Age)
		require.Equal(t, "n", a.Name)
		require.Equal(t, model.Attrs{"Age": 3}, a.Dirty())
		require.True(t, model.Is(a, fresh))
		require.NotSame(t, a, fresh)
		fresh.Name = "f"
		require.NoError(t, fresh.Save(e.Ctx))
	})
}

// WithLock passes the row, read anew in a transaction that commits with the function's success and else
// rolls back.
func TestWithLockPassesTheRowReadAnew(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a", Visits: 1}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Exec(t, "UPDATE accounts SET visits = 10")
		e.Sends(t, 2, func() {
			require.NoError(t, a.WithLock(e.Ctx, func(ctx context.Context, locked *account) error {
				require.NotSame(t, a, locked)
				require.EqualValues(t, 10, locked.Visits)
				locked.Visits++
				return locked.Save(ctx)
			}))
		})
		require.EqualValues(t, 1, a.Visits, "this record stays as it is")
		undone := errors.New("undone")
		require.ErrorIs(t, a.WithLock(e.Ctx, func(ctx context.Context, locked *account) error {
			locked.Visits = 99
			require.NoError(t, locked.Save(ctx))
			return undone
		}), undone)
		require.PanicsWithValue(t, "oops", func() {
			_ = a.WithLock(e.Ctx, func(ctx context.Context, locked *account) error {
				locked.Visits = 98
				require.NoError(t, locked.Save(ctx))
				panic("oops")
			})
		})
		require.EqualValues(t, 11, e.Row(t, "SELECT visits FROM accounts")["visits"])
	})
}

// WithLock reads FOR UPDATE, so that two of them take turns and no update is lost.
func TestWithLockLosesNoUpdate(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Sent.Reset()
		require.NoError(t, a.WithLock(e.Ctx, func(context.Context, *account) error { return nil }))
		require.True(t, strings.HasSuffix(e.Sent.Statements()[0], "FOR UPDATE"), e.Sent.Statements()[0])

		const writers, rounds = 4, 5
		id := a.ID
		failed := make(chan error, writers)
		for range writers {
			go func() {
				failed <- func() error {
					mine, err := model.Query[account](e.DB).Find(e.Ctx, id) // a record is for one goroutine
					for i := 0; err == nil && i < rounds; i++ {
						err = mine.WithLock(e.Ctx, func(ctx context.Context, locked *account) error {
							locked.Visits++
							return locked.Save(ctx)
						})
					}
					return err
				}()
			}()
		}
		for range writers {
			require.NoError(t, <-failed)
		}
		require.EqualValues(t, writers*rounds, e.Row(t, "SELECT visits FROM accounts")["visits"])
	}, harness.RowLocks, harness.ConcurrentWriters)
}

// Touch writes the timestamp of updates and nothing else, with one statement.
func TestTouchWritesOnlyTheTimestamp(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &keyInt32{})
		a := &account{Email: "a", Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Exec(t, "UPDATE accounts SET age = 5")
		e.Clock.Add(time.Hour)
		a.Name = "pending"
		sent := e.Sends(t, 1, func() { require.NoError(t, a.Touch(e.Ctx)) })
		require.NotContains(t, sent[0], "name")
		require.Equal(t, e.Clock.Now(), a.UpdatedAt)
		require.NotEqual(t, e.Clock.Now(), a.CreatedAt)
		require.Equal(t, model.Attrs{"Name": "pending"}, a.Dirty())
		got, err := a.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, e.Clock.Now(), got.UpdatedAt)
		require.Equal(t, "n", got.Name)
		require.Equal(t, 5, got.Age)

		k := &keyInt32{}
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		e.Sends(t, 0, func() { require.ErrorIs(t, k.Touch(e.Ctx), model.ErrUnsupported) })
	})
}
