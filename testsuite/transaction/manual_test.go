// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Begin opens a transaction, or a savepoint in one, which Commit keeps and Rollback undoes.
func TestCommitKeepsAndRollbackUndoes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, model.Create(e.Ctx, tx, &account{Email: "1"}))
		inner, err := tx.Begin(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, model.Create(e.Ctx, inner, &account{Email: "2"}))
		require.NoError(t, inner.Rollback())
		inner, err = e.DB.Begin(model.WithDB(e.Ctx, tx))
		require.NoError(t, err)
		require.NoError(t, model.Create(e.Ctx, inner, &account{Email: "3"}))
		require.NoError(t, inner.Commit())
		require.NoError(t, tx.Commit())
		require.Equal(t, []string{"1", "3"}, emails(t, e))

		tx, err = e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, model.Create(e.Ctx, tx, &account{Email: "4"}))
		require.NoError(t, tx.Rollback())
		require.Equal(t, []string{"1", "3"}, emails(t, e))
	})
}

// Every call on a transaction that has ended, or in a context that carries it, is ErrTxDone and sends
// nothing.
func TestFinishedTransactionIsErrTxDone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &member{})
		a := someAccounts(t, e, 1)[0]
		for _, end := range []func(*model.DB) error{(*model.DB).Commit, (*model.DB).Rollback} {
			outer, err := e.DB.Begin(e.Ctx)
			require.NoError(t, err)
			inner, err := outer.Begin(e.Ctx)
			require.NoError(t, err)
			released, err := outer.Begin(e.Ctx)
			require.NoError(t, err)
			require.NoError(t, end(released))
			for name, call := range callsOn(e, released, a) {
				e.Sends(t, 0, func() { require.ErrorIs(t, call(), model.ErrTxDone, "savepoint: %s", name) })
			}
			require.NoError(t, end(outer))
			for _, tx := range []*model.DB{outer, inner} {
				for name, call := range callsOn(e, tx, a) {
					e.Sends(t, 0, func() { require.ErrorIs(t, call(), model.ErrTxDone, name) })
				}
			}
		}
		require.EqualValues(t, 1, e.Count(t, "accounts"))
	})
}

// Commit and Rollback of a database that is no transaction are ErrTxDone.
func TestCommitWithoutATransactionIsErrTxDone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Sends(t, 0, func() {
			require.ErrorIs(t, e.DB.Commit(), model.ErrTxDone)
			require.ErrorIs(t, e.DB.Rollback(), model.ErrTxDone)
		})
	})
}

// The end of a transaction ends the savepoints that are still open: a commit keeps what was done in them, a
// rollback undoes it.
func TestEndOfATransactionEndsItsSavepoints(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		for _, commit := range []bool{false, true} {
			outer, err := e.DB.Begin(e.Ctx)
			require.NoError(t, err)
			inner, err := outer.Begin(e.Ctx)
			require.NoError(t, err)
			innermost, err := inner.Begin(e.Ctx)
			require.NoError(t, err)
			a, b, waited := &account{Email: "a"}, &account{Email: "b"}, 0
			require.NoError(t, model.Create(e.Ctx, inner, a))
			require.NoError(t, model.Create(e.Ctx, innermost, b))
			require.NoError(t, inner.AfterCommit(e.Ctx, func(context.Context) { waited++ }))
			if commit {
				require.NoError(t, outer.Commit())
			} else {
				require.NoError(t, outer.Rollback())
			}
			require.Equal(t, commit, a.IsPersisted())
			require.Equal(t, commit, b.IsPersisted())
			require.Equal(t, commit, a.ID != 0)
			require.Equal(t, map[bool]int{true: 1}[commit], waited)
			require.Len(t, emails(t, e), map[bool]int{true: 2}[commit])
			require.ErrorIs(t, inner.Commit(), model.ErrTxDone)
			require.ErrorIs(t, innermost.Rollback(), model.ErrTxDone)
		}
	})
}

// The options of a transaction reach the database.
func TestOptionsReachTheDatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		options := model.TxOptions{Isolation: sql.LevelRepeatableRead}
		count := func(ctx context.Context, db *model.DB) int64 {
			n, err := model.Query[account](db).Count(ctx)
			require.NoError(t, err)
			return n
		}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.Zero(t, count(ctx, tx))
			require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a"})) //nolint:contextcheck // outside the transaction
			require.Zero(t, count(ctx, tx), "the snapshot of the transaction")
			return nil
		}, options))
		tx, err := e.DB.Begin(e.Ctx, model.TxOptions{ReadOnly: true})
		require.NoError(t, err)
		require.Error(t, model.Create(e.Ctx, tx, &account{Email: "b"}))
		require.NoError(t, tx.Rollback())
		require.EqualValues(t, 1, e.Count(t, "accounts"))
	}, harness.ConcurrentWriters)
}

// callsOn are calls that a transaction serves.
func callsOn(e *harness.Env, tx *model.DB, saved *account) map[string]func() error {
	ctx := model.WithDB(e.Ctx, tx)
	nothing := func(context.Context, *model.DB) error { return nil }
	return map[string]func() error{
		"Create":             func() error { return model.Create(e.Ctx, tx, &account{Email: "x"}) },
		"Create in ctx":      func() error { return model.Create(ctx, e.DB, &account{Email: "x"}) },
		"Create hooked":      func() error { return model.Create(ctx, e.DB, &member{Email: "x"}) },
		"Create in ctx only": func() error { return save(ctx, &account{Email: "x"}) },
		"CreateMany":         func() error { return model.CreateMany(e.Ctx, tx, []*account{{Email: "x"}, {Email: "y"}}) },
		"Upsert":             func() error { return model.Upsert(e.Ctx, tx, []*account{{Email: "x"}}, []string{"email"}) },
		"FirstOrCreate": func() error {
			_, err := model.FirstOrCreate[account](e.Ctx, tx, model.Attrs{"email": "x"}, nil)
			return err
		},
		"UpdateOrCreate in ctx": func() error {
			_, err := model.UpdateOrCreate[account](ctx, e.DB, model.Attrs{"email": "x"}, nil)
			return err
		},
		"Save": func() error {
			saved.Name += "!"
			return saved.Save(ctx)
		},
		"Delete":    func() error { return saved.Delete(ctx) },
		"Refresh":   func() error { return saved.Refresh(ctx) },
		"Touch":     func() error { return saved.Touch(ctx) },
		"Increment": func() error { return saved.Increment(ctx, "visits", 1) },
		"WithLock": func() error {
			return saved.WithLock(ctx, func(context.Context, *account) error { return nil })
		},
		"All":         func() error { _, err := model.Query[account](tx).All(e.Ctx); return err },
		"All in ctx":  func() error { _, err := model.Query[account](e.DB).All(ctx); return err },
		"Find in ctx": func() error { _, err := model.Query[account](nil).Find(ctx, 1); return err },
		"Count":       func() error { _, err := model.Query[account](tx).Count(e.Ctx); return err },
		"Update": func() error {
			_, err := model.Query[account](tx).AllRows().Update(e.Ctx, model.Attrs{"age": 1})
			return err
		},
		"Delete by query": func() error { _, err := model.Query[account](tx).AllRows().Delete(e.Ctx); return err },
		"Truncate":        func() error { return model.Truncate[account](e.Ctx, tx) },
		"Transaction":     func() error { return tx.Transaction(e.Ctx, nothing) },
		"Transaction ctx": func() error { return e.DB.Transaction(ctx, nothing) },
		"Begin":           func() error { _, err := tx.Begin(e.Ctx); return err },
		"Begin in ctx":    func() error { _, err := e.DB.Begin(ctx); return err },
		"Commit":          tx.Commit,
		"Rollback":        tx.Rollback,
		"AfterCommit":     func() error { return tx.AfterCommit(e.Ctx, func(context.Context) {}) },
		"AfterCommit ctx": func() error { return e.DB.AfterCommit(ctx, func(context.Context) {}) },
		"Each": func() error {
			for _, err := range model.Query[account](tx).Each(e.Ctx) {
				return err
			}
			return nil
		},
	}
}

// A context that has ended opens no transaction: its error is returned, and the function is not called.
func TestEndedContextOpensNoTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		canceled, cancel := context.WithCancel(e.Ctx)
		cancel()
		late, cancelLate := context.WithDeadline(e.Ctx, time.Now().Add(-time.Second))
		defer cancelLate()
		called := false
		for ctx, want := range map[context.Context]error{canceled: context.Canceled, late: context.DeadlineExceeded} {
			require.ErrorIs(t, e.DB.Transaction(ctx, func(context.Context, *model.DB) error {
				called = true
				return nil
			}), want)
			_, err := e.DB.Begin(ctx)
			require.ErrorIs(t, err, want)
		}
		require.False(t, called)
		e.RequireIdle(t)
	})
}

// A context that ends inside a transaction rolls it back: its error is returned, and the records are as
// before.
func TestContextThatEndsInsideRollsBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		saved := someAccounts(t, e, 1)[0]
		for _, own := range []error{nil, errReaction} {
			ctx, cancel := context.WithCancel(e.Ctx)
			a := &account{Email: "a"}
			err := e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				require.NoError(t, model.Create(ctx, tx, a))
				saved.Name = "changed"
				require.NoError(t, saved.Save(ctx))
				cancel()
				require.ErrorIs(t, model.Create(ctx, tx, &account{Email: "b"}), context.Canceled)
				return own
			})
			if own == nil {
				require.ErrorIs(t, err, context.Canceled)
			} else {
				require.ErrorIs(t, err, own)
			}
			e.RequireIdle(t)
			require.True(t, a.IsNew())
			require.Zero(t, a.ID)
			require.True(t, saved.IsDirty("name"))
			require.EqualValues(t, 1, e.Count(t, "accounts"))
		}
		require.NoError(t, saved.Save(e.Ctx))
		require.EqualValues(t, "changed", e.Rows(t, "SELECT name FROM accounts")[0]["name"])
	})
}

// A context that ends inside a nested transaction undoes the nested part, and the outer one goes on.
func TestContextThatEndsInANestedOneUndoesOnlyThat(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "2"}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &account{Email: "1"}))
			inner, cancel := context.WithCancel(ctx)
			require.ErrorIs(t, tx.Transaction(inner, func(ctx context.Context, tx *model.DB) error {
				require.NoError(t, model.Create(ctx, tx, a))
				cancel()
				return nil
			}), context.Canceled)
			require.True(t, a.IsNew())
			return model.Create(ctx, tx, &account{Email: "3"})
		}))
		require.Equal(t, []string{"1", "3"}, emails(t, e))
	})
}

// Commit of a transaction whose context has ended is the context's error, Rollback is none, and both undo
// everything.
func TestCommitAfterTheContextEndedIsItsError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		for _, commit := range []bool{true, false} {
			ctx, cancel := context.WithCancel(e.Ctx)
			tx, err := e.DB.Begin(ctx)
			require.NoError(t, err)
			a := &account{Email: "a"}
			require.NoError(t, model.Create(e.Ctx, tx, a))
			cancel()
			if commit {
				require.ErrorIs(t, tx.Commit(), context.Canceled)
			} else {
				require.NoError(t, tx.Rollback())
			}
			e.RequireIdle(t)
			require.Zero(t, e.Count(t, "accounts"))
			require.True(t, a.IsNew())
			require.Zero(t, a.ID)
			require.ErrorIs(t, tx.Rollback(), model.ErrTxDone)
		}
	})
}

// A context that ends after the commit changes nothing, and its records go on in others.
func TestContextThatEndsAfterTheCommitChangesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		ctx, cancel := context.WithCancel(e.Ctx)
		a := &account{Email: "a"}
		require.NoError(t, e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error { return model.Create(ctx, tx, a) }))
		tx, err := e.DB.Begin(ctx)
		require.NoError(t, err)
		b := &account{Email: "b"}
		require.NoError(t, model.Create(ctx, tx, b))
		require.NoError(t, tx.Commit())
		cancel()
		time.Sleep(10 * time.Millisecond) // whoever watches the context may wake up
		require.Equal(t, []string{"a", "b"}, emails(t, e))
		for _, r := range []*account{a, b} {
			require.True(t, r.IsPersisted())
			r.Name = "later"
			e.Sends(t, 1, func() { require.NoError(t, r.Save(e.Ctx)) })
		}
	})
}
