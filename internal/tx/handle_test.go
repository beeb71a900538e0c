// SPDX-License-Identifier: MIT

package tx_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// TestWhichHandleServes has the order: the transaction in ctx, the own one, the database, the handle in ctx.
func TestWhichHandleServes(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		_, _, err := tx.ForRecord(e.Ctx, nil)
		require.ErrorIs(t, err, errs.ErrUnbound)
		_, got, err := tx.ForRecord(tx.With(e.Ctx, h), nil)
		require.NoError(t, err)
		require.Same(t, h, got, "the handle in ctx serves a record of no database")

		open, err := h.Begin(e.Ctx, nil)
		require.NoError(t, err)
		for name, serve := range map[string]func(context.Context, *tx.Handle) (context.Context, *tx.Handle, error){
			"record": tx.ForRecord, "argument": tx.ForArgument,
		} {
			ctx, got, err := serve(tx.With(e.Ctx, open), h)
			require.NoError(t, err)
			require.Same(t, open, got, "%s: a transaction in ctx serves rather than the database", name)
			require.Same(t, open, tx.From(ctx))
			ctx, got, err = serve(e.Ctx, open)
			require.NoError(t, err)
			require.Same(t, open, got, name)
			require.Same(t, open, tx.From(ctx), "%s: the context that is returned carries the transaction", name)
			_, got, err = serve(e.Ctx, h)
			require.NoError(t, err)
			require.Same(t, h, got, name)
		}
		require.NoError(t, open.Rollback(e.Ctx))

		_, got, err = tx.ForRecord(e.Ctx, open)
		require.NoError(t, err)
		require.Same(t, h, got, "a record outlives its transaction")
		_, _, err = tx.ForArgument(e.Ctx, open)
		require.ErrorIs(t, err, errs.ErrTxDone, "who names a transaction means it")
		_, _, err = tx.ForArgument(tx.With(e.Ctx, open), h)
		require.ErrorIs(t, err, errs.ErrTxDone, "a transaction in ctx that has ended is a mistake")
	})
}

func TestWithKeepsTheContextOfTheSameHandle(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		require.Nil(t, tx.From(e.Ctx))
		ctx := tx.With(e.Ctx, h)
		require.Equal(t, ctx, tx.With(ctx, h))
	})
}

func TestAfterCommitWithoutATransactionRunsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		var in context.Context
		require.NoError(t, h.AfterCommit(e.Ctx, func(ctx context.Context) { in = ctx }))
		require.Equal(t, e.Ctx, in)
	})
}

// TestAfterCommitSeesTheDatabase looks at the handle that the context of the work carries.
func TestAfterCommitSeesTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		var in context.Context
		require.NoError(t, h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			return h.AfterCommit(ctx, func(ctx context.Context) { in = ctx })
		}))
		require.Same(t, h, tx.From(in))
	})
}

func TestNumbersOfATransactionAreUnique(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		require.NoError(t, h.Within(e.Ctx, nil, func(ctx context.Context, h *tx.Handle) error {
			first := h.Frame().Number()
			return h.Within(ctx, nil, func(_ context.Context, h *tx.Handle) error {
				require.Greater(t, h.Frame().Number(), first)
				return nil
			})
		}))
	})
}
