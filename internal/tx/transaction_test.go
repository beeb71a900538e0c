// SPDX-License-Identifier: MIT

package tx_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

var errFn = errors.New("the function failed")

// each runs check on each database with a table numbers of one column.
func each(t *testing.T, check func(t *testing.T, e *harness.Env, h *tx.Handle)) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Exec(t, "CREATE TABLE numbers (n INTEGER NOT NULL UNIQUE)")
		check(t, e, tx.From(model.WithDB(e.Ctx, e.DB)))
	})
}

func insert(ctx context.Context, h *tx.Handle, n int) error {
	sql := "INSERT INTO numbers (n) VALUES (?)"
	if h.Dialect().Numbered {
		sql = "INSERT INTO numbers (n) VALUES ($1)"
	}
	_, err := h.Exec(ctx, tx.Statement{Table: "numbers", SQL: sql, Args: []any{int64(n)}})
	return err
}

func TestWithinCommitsOrRollsBack(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		require.NoError(t, h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error { return insert(ctx, h, 1) }))
		err := h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error { return errors.Join(insert(ctx, h, 2), errFn) })
		require.ErrorIs(t, err, errFn)
		require.PanicsWithValue(t, "stop", func() {
			_ = h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error {
				require.NoError(t, insert(ctx, h, 3))
				panic("stop")
			})
		})
		require.EqualValues(t, 1, e.Count(t, "numbers"))
	})
}

func TestASavepointIsUndoneAlone(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		var undone []string
		err := h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			require.True(t, h.InTransaction())
			require.True(t, h.Frame().Outermost())
			h.Frame().EnlistFunc(func() { undone = append(undone, "outer") })
			require.NoError(t, insert(ctx, h, 1))
			inner := h.Within(ctx, nil, func(ctx context.Context, h *tx.Handle) error {
				require.False(t, h.Frame().Outermost())
				h.Frame().EnlistFunc(func() { undone = append(undone, "first") })
				h.Frame().EnlistFunc(func() { undone = append(undone, "second") })
				return errors.Join(insert(ctx, h, 2), errFn)
			})
			require.ErrorIs(t, inner, errFn)
			return h.Within(ctx, nil, func(ctx context.Context, h *tx.Handle) error { return insert(ctx, h, 3) })
		})
		require.NoError(t, err)
		require.Equal(t, []string{"second", "first"}, undone, "in reverse order, and nothing of the outer frame")
		require.EqualValues(t, 2, e.Count(t, "numbers"))
	})
}

func TestWorkOfAReleasedSavepointIsUndoneWithTheTransaction(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		var undone []string
		err := h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			h.Frame().EnlistFunc(func() { undone = append(undone, "outer") })
			require.NoError(t, h.Within(ctx, nil, func(_ context.Context, h *tx.Handle) error {
				h.Frame().EnlistFunc(func() { undone = append(undone, "inner") })
				return nil
			}))
			require.Empty(t, undone)
			return errFn
		})
		require.ErrorIs(t, err, errFn)
		require.Equal(t, []string{"inner", "outer"}, undone)
	})
}

func TestWorkWaitsForTheOutermostCommit(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		var ran []string
		note := func(name string) func(context.Context) error {
			return func(context.Context) error { ran = append(ran, name); return nil }
		}
		err := h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			h.Frame().OnEnd("key", note("once"), note("undone"))
			h.Frame().OnEnd("key", note("twice"), nil)
			failed := h.Within(ctx, nil, func(_ context.Context, h *tx.Handle) error {
				h.Frame().OnEnd(nil, note("never"), note("rolled back"))
				return errFn
			})
			require.ErrorIs(t, failed, errFn)
			require.Equal(t, []string{"rolled back"}, ran)
			return h.AfterCommit(ctx, func(context.Context) { ran = append(ran, "after") })
		})
		require.NoError(t, err)
		require.Equal(t, []string{"rolled back", "once", "after"}, ran)
	})
}

func TestFailingWorkDoesNotHideTheCommit(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		ran := false
		err := h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			h.Frame().OnEnd(nil, func(context.Context) error { panic(errFn) }, nil)
			h.Frame().OnEnd(nil, func(context.Context) error { ran = true; return nil }, nil)
			return insert(ctx, h, 1)
		})
		require.ErrorIs(t, err, errs.ErrAfterCommit)
		require.ErrorIs(t, err, errFn, "the cause of a panic can be reached")
		require.True(t, ran, "one failure keeps no other work from running")
		require.EqualValues(t, 1, e.Count(t, "numbers"))
	})
}

func TestAnEndedTransactionSaysSo(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		require.ErrorIs(t, h.Commit(e.Ctx), errs.ErrTxDone, "a database is no transaction")
		require.ErrorIs(t, h.Rollback(e.Ctx), errs.ErrTxDone)
		outer, err := h.Begin(e.Ctx, nil)
		require.NoError(t, err)
		inner, err := outer.Begin(e.Ctx, nil)
		require.NoError(t, err)
		require.Same(t, inner, inner.Current())
		require.NoError(t, outer.Commit(e.Ctx))
		require.Same(t, h, inner.Current())
		for _, ended := range []*tx.Handle{outer, inner} {
			require.ErrorIs(t, ended.Commit(e.Ctx), errs.ErrTxDone)
			require.ErrorIs(t, ended.Rollback(e.Ctx), errs.ErrTxDone)
			_, err = ended.Begin(e.Ctx, nil)
			require.ErrorIs(t, err, errs.ErrTxDone)
			require.ErrorIs(t, insert(e.Ctx, ended, 1), errs.ErrTxDone)
			require.ErrorIs(t, ended.AfterCommit(e.Ctx, func(context.Context) {}), errs.ErrTxDone)
		}
	})
}

func TestAGuardKeepsTheTransactionUsable(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		err := h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			require.NoError(t, insert(ctx, h, 1))
			err := h.Guard(ctx, func(ctx context.Context, h *tx.Handle) error { return insert(ctx, h, 1) })
			require.ErrorIs(t, err, errs.ErrDuplicate)
			return insert(ctx, h, 2)
		})
		require.NoError(t, err)
		require.EqualValues(t, 2, e.Count(t, "numbers"))
		whole, err := h.Begin(e.Ctx, nil)
		require.NoError(t, err)
		e.Sent.Reset()
		require.NoError(t, whole.Whole().Guard(e.Ctx, func(ctx context.Context, h *tx.Handle) error { return insert(ctx, h, 3) }))
		require.Zero(t, e.Sent.Savepoints(), "an error ends the transaction anyway")
		require.NoError(t, whole.Rollback(e.Ctx))
	})
}

func TestACancelledContextRollsBack(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		ctx, cancel := context.WithCancel(e.Ctx)
		undone := false
		err := h.Within(ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			h.Frame().EnlistFunc(func() { undone = true })
			require.NoError(t, insert(ctx, h, 1))
			cancel()
			return nil
		})
		require.ErrorIs(t, err, context.Canceled)
		require.True(t, undone)
		require.EqualValues(t, 0, e.Count(t, "numbers"))
		_, err = h.Begin(ctx, nil)
		require.ErrorIs(t, err, context.Canceled)
	})
}
