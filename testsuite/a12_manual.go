// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// manualPromises are about Begin, Commit and Rollback.
func manualPromises() []promise {
	return []promise{
		{
			name: "A12/ManualTransaction",
			says: "Begin opens a transaction, or a savepoint in one, which Commit keeps and Rollback undoes",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				tx, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				require.NoError(t, model.Create(e.ctx, tx, &account{Email: "1"}))
				inner, err := tx.Begin(e.ctx)
				require.NoError(t, err)
				require.NoError(t, model.Create(e.ctx, inner, &account{Email: "2"}))
				require.NoError(t, inner.Rollback())
				inner, err = e.db.Begin(model.WithDB(e.ctx, tx))
				require.NoError(t, err)
				require.NoError(t, model.Create(e.ctx, inner, &account{Email: "3"}))
				require.NoError(t, inner.Commit())
				require.NoError(t, e.do("end", tx.Commit))
				require.Equal(t, []string{"1", "3"}, emails(t, e))

				tx, err = e.db.Begin(e.ctx)
				require.NoError(t, err)
				require.NoError(t, model.Create(e.ctx, tx, &account{Email: "4"}))
				require.NoError(t, tx.Rollback())
				require.Equal(t, []string{"1", "3"}, emails(t, e))
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					_ = e.db.Gorm() // nothing is committed
					return nil
				}
				e.sql = func(sql string) string {
					if len(sql) > 9 && sql[:9] == "ROLLBACK " {
						return "SELECT 1"
					}
					return sql
				}
			},
		},
		{
			name: "A12/FinishedHandles",
			says: "every call on a transaction that has ended, or in a context that carries it, is ErrTxDone and sends nothing",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &member{})
				a := someAccounts(t, e, 1)[0]
				for _, end := range []func(*model.DB) error{(*model.DB).Commit, (*model.DB).Rollback} {
					outer, err := e.db.Begin(e.ctx)
					require.NoError(t, err)
					inner, err := outer.Begin(e.ctx)
					require.NoError(t, err)
					released, err := outer.Begin(e.ctx)
					require.NoError(t, err)
					require.NoError(t, end(released))
					for name, call := range callsOn(e, released, a) {
						e.sends(t, 0, func() { require.ErrorIs(t, e.do("call", call), model.ErrTxDone, "savepoint: %s", name) })
					}
					require.NoError(t, end(outer))
					for _, tx := range []*model.DB{outer, inner} {
						for name, call := range callsOn(e, tx, a) {
							e.sends(t, 0, func() { require.ErrorIs(t, e.do("call", call), model.ErrTxDone, name) })
						}
					}
				}
				require.EqualValues(t, 1, e.count(t, "accounts"))
			},
			twin: func(e *env) { e.op["call"] = func(func() error) error { return sql.ErrTxDone } },
		},
		{
			name: "A12/NoTransaction",
			says: "Commit and Rollback of a database that is no transaction are ErrTxDone",
			check: func(t testing.TB, e *env) {
				e.sends(t, 0, func() {
					require.ErrorIs(t, e.do("call", e.db.Commit), model.ErrTxDone)
					require.ErrorIs(t, e.do("call", e.db.Rollback), model.ErrTxDone)
				})
			},
			twin: func(e *env) { e.op["call"] = func(func() error) error { return nil } },
		},
		{
			name: "A12/EndWithOpenSavepoint",
			says: "the end of a transaction ends the savepoints that are still open: a commit keeps what was done in them, a rollback undoes it",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				for _, commit := range []bool{false, true} {
					outer, err := e.db.Begin(e.ctx)
					require.NoError(t, err)
					inner, err := outer.Begin(e.ctx)
					require.NoError(t, err)
					innermost, err := inner.Begin(e.ctx)
					require.NoError(t, err)
					a, b, waited := &account{Email: "a"}, &account{Email: "b"}, 0
					require.NoError(t, model.Create(e.ctx, inner, a))
					require.NoError(t, model.Create(e.ctx, innermost, b))
					require.NoError(t, inner.AfterCommit(e.ctx, func(context.Context) { waited++ }))
					if commit {
						require.NoError(t, outer.Commit())
					} else {
						require.NoError(t, outer.Rollback())
					}
					require.Equal(t, commit, see(e, "persisted", a.IsPersisted()))
					require.Equal(t, commit, b.IsPersisted())
					require.Equal(t, commit, a.ID != 0)
					require.Equal(t, map[bool]int{true: 1}[commit], waited)
					require.Len(t, emails(t, e), map[bool]int{true: 2}[commit])
					require.ErrorIs(t, inner.Commit(), model.ErrTxDone)
					require.ErrorIs(t, innermost.Rollback(), model.ErrTxDone)
				}
			},
			twin: func(e *env) { e.seen["persisted"] = func(any) any { return true } },
		},
		{
			name:  "A12/Options",
			says:  "the options of a transaction reach the database",
			needs: []Feature{Isolation},
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead}
				count := func(ctx context.Context, db *model.DB) int64 {
					n, err := model.Query[account](db).Count(ctx)
					require.NoError(t, err)
					return n
				}
				require.NoError(t, e.db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
					require.Zero(t, count(ctx, tx))
					require.NoError(t, model.Create(e.ctx, e.db, &account{Email: "a"})) //nolint:contextcheck // outside the transaction
					require.Zero(t, see(e, "count", count(ctx, tx)), "the snapshot of the transaction")
					return nil
				}, options))
				tx, err := e.db.Begin(e.ctx, &sql.TxOptions{ReadOnly: true})
				require.NoError(t, err)
				require.Error(t, model.Create(e.ctx, tx, &account{Email: "b"}))
				require.NoError(t, tx.Rollback())
				require.EqualValues(t, 1, e.count(t, "accounts"))
			},
			twin: func(e *env) { e.seen["count"] = func(any) any { return int64(1) } },
		},
	}
}

// callsOn are calls that a transaction serves.
func callsOn(e *env, tx *model.DB, saved *account) map[string]func() error {
	ctx := model.WithDB(e.ctx, tx)
	nothing := func(context.Context, *model.DB) error { return nil }
	return map[string]func() error{
		"Create":             func() error { return model.Create(e.ctx, tx, &account{Email: "x"}) },
		"Create in ctx":      func() error { return model.Create(ctx, e.db, &account{Email: "x"}) },
		"Create hooked":      func() error { return model.Create(ctx, e.db, &member{Email: "x"}) },
		"Create in ctx only": func() error { return save(ctx, &account{Email: "x"}) },
		"CreateMany":         func() error { return model.CreateMany(e.ctx, tx, []*account{{Email: "x"}, {Email: "y"}}) },
		"Upsert":             func() error { return model.Upsert(e.ctx, tx, []*account{{Email: "x"}}, []string{"email"}) },
		"FirstOrCreate": func() error {
			_, err := model.FirstOrCreate[account](e.ctx, tx, model.Attrs{"email": "x"}, nil)
			return err
		},
		"UpdateOrCreate in ctx": func() error {
			_, err := model.UpdateOrCreate[account](ctx, e.db, model.Attrs{"email": "x"}, nil)
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
			return model.WithLock(ctx, nil, saved, func(context.Context, *account) error { return nil })
		},
		"All":         func() error { _, err := model.Query[account](tx).All(e.ctx); return err },
		"All in ctx":  func() error { _, err := model.Query[account](e.db).All(ctx); return err },
		"Find in ctx": func() error { _, err := model.Query[account](nil).Find(ctx, 1); return err },
		"Count":       func() error { _, err := model.Query[account](tx).Count(e.ctx); return err },
		"Update": func() error {
			_, err := model.Query[account](tx).AllRows().Update(e.ctx, model.Attrs{"age": 1})
			return err
		},
		"Delete by query": func() error { _, err := model.Query[account](tx).AllRows().Delete(e.ctx); return err },
		"Truncate":        func() error { return model.Truncate[account](e.ctx, tx) },
		"Transaction":     func() error { return tx.Transaction(e.ctx, nothing) },
		"Transaction ctx": func() error { return e.db.Transaction(ctx, nothing) },
		"Begin":           func() error { _, err := tx.Begin(e.ctx); return err },
		"Begin in ctx":    func() error { _, err := e.db.Begin(ctx); return err },
		"Commit":          tx.Commit,
		"Rollback":        tx.Rollback,
		"AfterCommit":     func() error { return tx.AfterCommit(e.ctx, func(context.Context) {}) },
		"AfterCommit ctx": func() error { return e.db.AfterCommit(ctx, func(context.Context) {}) },
		"Each": func() error {
			for _, err := range model.Query[account](tx).Each(e.ctx) {
				return err
			}
			return nil
		},
	}
}

// endedContextPromises are about contexts that end before, in and after a transaction.
func endedContextPromises() []promise {
	return []promise{
		{
			name: "A12/EndedBefore",
			says: "a context that has ended opens no transaction: its error is returned, and the function is not called",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				canceled, cancel := context.WithCancel(e.ctx)
				cancel()
				late, cancelLate := context.WithDeadline(e.ctx, time.Now().Add(-time.Second))
				defer cancelLate()
				called := false
				for ctx, want := range map[context.Context]error{canceled: context.Canceled, late: context.DeadlineExceeded} {
					require.ErrorIs(t, e.do("transaction", func() error {
						return e.db.Transaction(ctx, func(context.Context, *model.DB) error {
							called = true
							return nil
						})
					}), want)
					_, err := e.db.Begin(ctx)
					require.ErrorIs(t, err, want)
				}
				require.False(t, called)
				e.finish(t)
			},
			twin: func(e *env) { e.op["transaction"] = func(func() error) error { return nil } },
		},
		{
			name: "A12/EndedInside",
			says: "a context that ends inside a transaction rolls it back: its error is returned, and the records are as before",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				saved := someAccounts(t, e, 1)[0]
				for _, own := range []error{nil, errReaction} {
					ctx, cancel := context.WithCancel(e.ctx)
					a := &account{Email: "a"}
					err := e.do("transaction", func() error {
						return e.db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
							require.NoError(t, model.Create(ctx, tx, a))
							saved.Name = "changed"
							require.NoError(t, saved.Save(ctx))
							cancel()
							require.ErrorIs(t, model.Create(ctx, tx, &account{Email: "b"}), context.Canceled)
							return own
						})
					})
					if own == nil {
						require.ErrorIs(t, err, context.Canceled)
					} else {
						require.ErrorIs(t, err, own)
					}
					e.finish(t)
					require.True(t, a.IsNew())
					require.Zero(t, a.ID)
					require.True(t, saved.IsDirty("name"))
					require.EqualValues(t, 1, e.count(t, "accounts"))
				}
				require.NoError(t, saved.Save(e.ctx))
				require.EqualValues(t, "changed", e.rows(t, "SELECT name FROM accounts")[0]["name"])
			},
			twin: commits,
		},
		{
			name: "A12/EndedInsideNested",
			says: "a context that ends inside a nested transaction undoes the nested part, and the outer one goes on",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "2"}
				require.NoError(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
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
			},
			twin: commits,
		},
		{
			name: "A12/EndedInManual",
			says: "Commit of a transaction whose context has ended is the context's error, Rollback is none, and both undo everything",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				for _, commit := range []bool{true, false} {
					ctx, cancel := context.WithCancel(e.ctx)
					tx, err := e.db.Begin(ctx)
					require.NoError(t, err)
					a := &account{Email: "a"}
					require.NoError(t, model.Create(e.ctx, tx, a))
					cancel()
					if commit {
						require.ErrorIs(t, e.do("end", tx.Commit), context.Canceled)
					} else {
						require.NoError(t, tx.Rollback())
					}
					e.finish(t)
					require.Zero(t, e.count(t, "accounts"))
					require.True(t, a.IsNew())
					require.Zero(t, a.ID)
					require.ErrorIs(t, tx.Rollback(), model.ErrTxDone)
				}
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					_ = run()
					return nil
				}
			},
		},
		{
			name: "A12/EndedAfter",
			says: "a context that ends after the commit changes nothing, and its records go on in others",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				ctx, cancel := context.WithCancel(e.ctx)
				a := &account{Email: "a"}
				require.NoError(t, e.db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error { return model.Create(ctx, tx, a) }))
				tx, err := e.db.Begin(ctx)
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
					e.sends(t, 1, func() { require.NoError(t, e.do("save", func() error { return r.Save(e.ctx) })) })
				}
			},
			twin: func(e *env) { e.op["save"] = func(func() error) error { return nil } },
		},
	}
}
