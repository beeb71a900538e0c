// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// closurePromises are about transactions given as a function.
func closurePromises() []promise {
	return []promise{
		{
			name: "A12/ClosureCommits",
			says: "a transaction whose function returns nil is committed; BEGIN and COMMIT are its only further statements",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				sent := e.sends(t, 2, func() {
					require.NoError(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
						if err := model.Create(ctx, tx, &account{Email: "a"}); err != nil {
							return err
						}
						return model.Create(ctx, e.db, &account{Email: "b"})
					}))
				})
				require.True(t, strings.HasPrefix(sent[0], "INSERT ") && strings.HasPrefix(sent[1], "INSERT "), sent)
				require.EqualValues(t, 2, e.count(t, "accounts"))
			},
			twin: func(e *env) {
				e.op["transaction"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("DELETE FROM accounts").Error
					return err
				}
			},
		},
		{
			name: "A12/ClosureError",
			says: "an error of the function rolls back and is returned as it is",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				mine := errors.New("mine")
				err := e.transaction(func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
					return mine
				})
				require.Equal(t, mine, err) //nolint:testifylint // the very same.
				require.Zero(t, e.count(t, "accounts"))
			},
			twin: commits,
		},
		{
			name: "A12/ClosurePanic",
			says: "a panic of the function rolls back, frees the connection and goes on to the caller with its value",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a"}
				for _, value := range []any{"mine", errors.New("mine"), 42} {
					require.Equal(t, value, ended(func() {
						_ = e.transaction(func(ctx context.Context, tx *model.DB) error {
							if err := model.Create(ctx, tx, a); err != nil {
								return err
							}
							panic(value)
						})
					}))
					e.finish(t)
					require.Zero(t, e.count(t, "accounts"))
					require.True(t, a.IsNew())
					require.Zero(t, a.ID)
				}
				require.NoError(t, model.Create(e.ctx, e.db, a))
			},
			twin: func(e *env) {
				e.op["transaction"] = func(run func() error) error {
					defer func() { _ = recover() }()
					return run()
				}
			},
		},
		{
			name: "A12/ClosureGoexit",
			says: "runtime.Goexit in the function, which t.FailNow calls, rolls back and frees the connection",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a"}
				require.Nil(t, ended(func() {
					_ = e.transaction(func(ctx context.Context, tx *model.DB) error {
						return tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
							if err := model.Create(ctx, tx, a); err != nil {
								return err
							}
							runtime.Goexit()
							return nil
						})
					})
				}))
				e.finish(t)
				require.Zero(t, e.count(t, "accounts"))
				require.True(t, a.IsNew())
				require.NoError(t, model.Create(e.ctx, e.db, a))
			},
			twin: func(e *env) {
				e.op["transaction"] = func(func() error) error {
					return model.Create(e.ctx, e.db, &account{Email: "a row that is left"})
				}
			},
		},
		{
			name: "A12/ClosureEndsItself",
			says: "a function may end its transaction itself: what it did counts, and a nested one ends as the outermost does",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				for i, end := range []func(tx *model.DB) error{(*model.DB).Commit, (*model.DB).Rollback} {
					a, b := &account{Email: fmt.Sprint("a", i)}, &account{Email: fmt.Sprint("b", i)}
					require.NoError(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
						require.NoError(t, model.Create(ctx, tx, a))
						require.NoError(t, end(tx))
						require.ErrorIs(t, model.Create(ctx, tx, &account{Email: "late"}), model.ErrTxDone)
						return nil
					}))
					require.NoError(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
						return tx.Transaction(ctx, func(ctx context.Context, inner *model.DB) error {
							require.NoError(t, model.Create(ctx, inner, b))
							return end(inner)
						})
					}))
					require.Equal(t, i == 1, a.IsNew())
					require.Equal(t, i == 1, b.IsNew())
					require.EqualValues(t, 2, e.count(t, "accounts"), "of the first round")
				}
			},
			twin: func(e *env) {
				e.op["transaction"] = func(run func() error) error {
					if err := run(); err != nil {
						return err
					}
					return errReaction
				}
			},
		},
		{
			name: "A12/DeferredErrors",
			says: "a failed statement inside does not fail the transaction by itself: the function decides",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.NoError(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
					require.ErrorIs(t, model.Create(ctx, tx, &account{Email: "a"}), model.ErrDuplicate)
					_, err := model.Query[account](tx).Find(ctx, -1)
					require.ErrorIs(t, err, model.ErrNotFound)
					_, err = model.Query[account](tx).Find(ctx, "x")
					require.ErrorIs(t, err, model.ErrInvalidKey)
					return nil
				}))
				require.EqualValues(t, 1, e.count(t, "accounts"))
			},
			twin: func(e *env) {
				e.op["transaction"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("DELETE FROM accounts").Error
					return err
				}
			},
		},
	}
}

// nestedPromises are about transactions inside transactions.
func nestedPromises() []promise {
	return []promise{
		{
			name: "A12/NestedError",
			says: "a nested transaction that fails undoes its own part, and the outer one goes on and commits the rest",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.NoError(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
					create := func(ctx context.Context, email string) {
						require.NoError(t, model.Create(ctx, e.db, &account{Email: email}))
					}
					create(ctx, "1")
					require.ErrorIs(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
						create(ctx, "2")
						require.NoError(t, tx.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
							create(ctx, "3")
							return nil
						}))
						return errReaction
					}), errReaction)
					create(ctx, "4")
					require.NoError(t, e.db.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
						create(ctx, "5")
						return nil
					}))
					return nil
				}))
				require.Equal(t, []string{"1", "4", "5"}, emails(t, e))
			},
			twin: commits,
		},
		{
			name: "A12/NestedPanic",
			says: "a panic in a nested transaction that the outer one recovers from undoes the nested part only",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.NoError(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, model.Create(ctx, tx, &account{Email: "1"}))
					require.Panics(t, func() {
						_ = tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
							require.NoError(t, model.Create(ctx, tx, &account{Email: "2"}))
							panic("mine")
						})
					})
					return model.Create(ctx, tx, &account{Email: "3"})
				}))
				require.Equal(t, []string{"1", "3"}, emails(t, e))
			},
			twin: commits,
		},
		{
			name: "A12/OuterErrorUndoesNested",
			says: "an outer transaction that fails undoes nested ones that have succeeded, in the database and in memory",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a"}
				require.ErrorIs(t, e.transaction(func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error { return model.Create(ctx, tx, a) }))
					require.True(t, a.IsPersisted())
					return errReaction
				}), errReaction)
				require.Empty(t, emails(t, e))
				require.True(t, a.IsNew())
				require.Zero(t, a.ID)
			},
			twin: commits,
		},
		{
			name: "A12/SavepointsAreReleased",
			says: "every savepoint has a name of its own and is released, whether it is kept or undone",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				db, log := e.logged(t)
				require.NoError(t, db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
					for i := range 50 {
						err := tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
							return tx.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
								if i%2 == 0 {
									return errReaction
								}
								return nil
							})
						})
						require.Equal(t, i%2 == 0, err != nil)
					}
					return nil
				}))
				names := map[string]int{}
				undone := 0
				for _, sql := range log.all() {
					switch name := sql[strings.LastIndexByte(sql, ' ')+1:]; {
					case strings.HasPrefix(sql, "SAVEPOINT "):
						require.NotContains(t, names, name)
						names[name] = 1
					case strings.HasPrefix(sql, "RELEASE SAVEPOINT "):
						names[name]--
					default:
						undone++
					}
				}
				require.Len(t, names, 100)
				require.Equal(t, 50, undone)
				for name, open := range names {
					require.Zero(t, open, name)
				}
			},
			twin: func(e *env) {
				e.sql = func(sql string) string {
					if strings.HasPrefix(sql, "SAVEPOINT ") {
						return "SAVEPOINT one"
					}
					return sql
				}
			},
		},
		{
			name: "A12/DeepNesting",
			says: "transactions can be nested a hundred levels deep",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				var deeper func(ctx context.Context, level int) error
				deeper = func(ctx context.Context, level int) error {
					return e.db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
						if err := model.Create(ctx, tx, &account{Email: strings.Repeat("x", level)}); err != nil || level == 100 {
							return err
						}
						if err := deeper(ctx, level+1); err != nil {
							return err
						}
						if level == 50 {
							return errReaction
						}
						return nil
					})
				}
				require.ErrorIs(t, e.do("transaction", func() error { return deeper(e.ctx, 1) }), errReaction)
				require.Zero(t, e.count(t, "accounts"))
			},
			twin: commits,
		},
	}
}

// emails returns the emails of all accounts, past Kindred.
func emails(t testing.TB, e *env) []string {
	t.Helper()
	var out []string
	for _, row := range e.rows(t, "SELECT email FROM accounts ORDER BY email") {
		out = append(out, text(row["email"]))
	}
	return out
}
