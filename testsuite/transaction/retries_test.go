// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// ticket counts what happens to it at the ends of transactions.
type ticket struct {
	model.BaseModel[ticket]

	ID                    int64
	N                     int64
	committed, rolledBack int
}

func (t *ticket) Committed(context.Context) error  { t.committed++; return nil }
func (t *ticket) RolledBack(context.Context) error { t.rolledBack++; return nil }

// Each attempt is a transaction of its own: records are as before when it begins, and hooks run at its end.
func TestATransactionIsBegunAgainAfterAConflict(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &ticket{})
		made, saved, runs, after := &ticket{N: 1}, &ticket{N: 1}, 0, 0
		require.NoError(t, model.Create(e.Ctx, e.DB, saved))
		saved.committed = 0
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			runs++
			require.True(t, made.IsNew())
			require.Zero(t, made.ID)
			require.False(t, saved.IsDirty())
			require.EqualValues(t, 1, saved.N)
			require.NoError(t, model.Create(ctx, tx, made))
			require.NoError(t, saved.Increment(ctx, "n", 1))
			require.NoError(t, tx.AfterCommit(ctx, func(context.Context) { after++ }))
			if runs < 3 {
				return fmt.Errorf("attempt %d: %w", runs, model.ErrConflict)
			}
			return nil
		}, model.TxOptions{Retries: 3})
		require.NoError(t, err)
		require.Equal(t, 3, runs)
		require.Equal(t, 1, after)
		require.Equal(t, []int{1, 2, 1, 2}, []int{made.committed, made.rolledBack, saved.committed, saved.rolledBack})
		require.EqualValues(t, 2, e.Count(t, "tickets"))
		require.EqualValues(t, 2, saved.N)
	})
}

// fails counts how often a transaction that ends with an error runs.
func fails(ctx context.Context, db *model.DB, with error, retries int) (runs int, err error) {
	err = db.Transaction(ctx, func(context.Context, *model.DB) error { runs++; return with }, model.TxOptions{Retries: retries})
	return runs, err
}

func TestOnlyConflictsAreTriedAgain(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &ticket{})
		for _, row := range []struct {
			err           error
			retries, runs int
		}{{model.ErrConflict, 2, 3}, {model.ErrConflict, 0, 1}, {model.ErrConflict, -1, 1}, {model.ErrDuplicate, 3, 1}, {nil, 3, 1}} {
			runs, err := fails(e.Ctx, e.DB, row.err, row.retries)
			require.ErrorIs(t, err, row.err)
			require.Equal(t, row.runs, runs, "%v", row.err)
		}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			for _, db := range []*model.DB{tx, e.DB} {
				runs, err := fails(ctx, db, model.ErrConflict, 3)
				require.ErrorIs(t, err, model.ErrConflict)
				require.Equal(t, 1, runs, "a savepoint")
			}
			return nil
		}))
		runs := 0
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			runs++
			return tx.AfterCommit(ctx, func(context.Context) { panic(model.ErrConflict) })
		}, model.TxOptions{Retries: 3})
		require.ErrorIs(t, err, model.ErrAfterCommit)
		require.ErrorIs(t, err, model.ErrConflict)
		require.Equal(t, 1, runs, "it is committed")
		_, err = e.DB.Begin(e.Ctx, model.TxOptions{Retries: 1})
		require.ErrorIs(t, err, model.ErrUnsupported)
	})
}

func TestAContextEndsTheAttempts(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ctx, cancel := context.WithTimeout(e.Ctx, 50*time.Millisecond)
		defer cancel()
		runs, err := fails(ctx, e.DB, model.ErrConflict, 1_000_000)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Less(t, runs, 60)
	})
}

// Transactions that read and then write the same row lose against each other, and all of them succeed in the end.
func TestNoUpdateIsLostWithRetries(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &ticket{})
		one := &ticket{}
		require.NoError(t, model.Create(e.Ctx, e.DB, one))
		const writers, each = 6, 8
		var wg sync.WaitGroup
		var mu sync.Mutex
		var failed []error
		again := 0
		for range writers {
			wg.Go(func() {
				for range each {
					runs := 0
					err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
						runs++
						found, err := model.Query[ticket](tx).Find(ctx, one.ID)
						if err != nil {
							return err
						}
						found.N++
						return found.Save(ctx)
					}, model.TxOptions{Isolation: sql.LevelSerializable, Retries: 200})
					mu.Lock()
					failed, again = append(failed, err), again+runs-1
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		require.NoError(t, errors.Join(failed...))
		require.NoError(t, one.Refresh(e.Ctx))
		require.EqualValues(t, writers*each, one.N)
		require.Positive(t, again, "some have lost")
	}, harness.ConcurrentWriters)
}
