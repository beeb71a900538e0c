// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A transaction whose function returns nil is committed; BEGIN and COMMIT are its only further statements.
func TestNilCommits(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		sent := e.Sends(t, 2, func() {
			require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				if err := model.Create(ctx, tx, &account{Email: "a"}); err != nil {
					return err
				}
				return model.Create(ctx, e.DB, &account{Email: "b"})
			}))
		})
		require.True(t, strings.HasPrefix(sent[0], "INSERT ") && strings.HasPrefix(sent[1], "INSERT "), sent)
		require.EqualValues(t, 2, e.Count(t, "accounts"))
	})
}

// An error of the function rolls back and is returned as it is.
func TestErrorRollsBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		mine := errors.New("mine")
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
			return mine
		})
		require.Equal(t, mine, err) //nolint:testifylint // the very same.
		require.Zero(t, e.Count(t, "accounts"))
	})
}

// A panic of the function rolls back, frees the connection and goes on to the caller with its value.
func TestPanicRollsBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		for _, value := range []any{"mine", errors.New("mine"), 42} {
			require.Equal(t, value, ended(func() {
				_ = e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
					if err := model.Create(ctx, tx, a); err != nil {
						return err
					}
					panic(value)
				})
			}))
			e.RequireIdle(t)
			require.Zero(t, e.Count(t, "accounts"))
			require.True(t, a.IsNew())
			require.Zero(t, a.ID)
		}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
	})
}

// Runtime.Goexit in the function, which t.FailNow calls, rolls back and frees the connection.
func TestGoexitRollsBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		require.Nil(t, ended(func() {
			_ = e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				return tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					if err := model.Create(ctx, tx, a); err != nil {
						return err
					}
					runtime.Goexit()
					return nil
				})
			})
		}))
		e.RequireIdle(t)
		require.Zero(t, e.Count(t, "accounts"))
		require.True(t, a.IsNew())
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
	})
}

// A function may end its transaction itself: what it did counts, and a nested one ends as the outermost
// does.
func TestFunctionMayEndItsTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		for i, end := range []func(tx *model.DB) error{(*model.DB).Commit, (*model.DB).Rollback} {
			a, b := &account{Email: fmt.Sprint("a", i)}, &account{Email: fmt.Sprint("b", i)}
			require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				require.NoError(t, model.Create(ctx, tx, a))
				require.NoError(t, end(tx))
				require.ErrorIs(t, model.Create(ctx, tx, &account{Email: "late"}), model.ErrTxDone)
				return nil
			}))
			require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				return tx.Transaction(ctx, func(ctx context.Context, inner *model.DB) error {
					require.NoError(t, model.Create(ctx, inner, b))
					return end(inner)
				})
			}))
			require.Equal(t, i == 1, a.IsNew())
			require.Equal(t, i == 1, b.IsNew())
			require.EqualValues(t, 2, e.Count(t, "accounts"), "of the first round")
		}
	})
}

// A failed statement inside does not fail the transaction by itself: the function decides.
func TestFailedStatementDoesNotFailTheTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
			require.ErrorIs(t, model.Create(ctx, tx, &account{Email: "a"}), model.ErrDuplicate)
			_, err := model.Query[account](tx).Find(ctx, -1)
			require.ErrorIs(t, err, model.ErrNotFound)
			_, err = model.Query[account](tx).Find(ctx, "x")
			require.ErrorIs(t, err, model.ErrInvalidKey)
			return nil
		}))
		require.EqualValues(t, 1, e.Count(t, "accounts"))
	})
}

// A nested transaction that fails undoes its own part, and the outer one goes on and commits the rest.
func TestNestedErrorUndoesOnlyTheNestedPart(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			create := func(ctx context.Context, email string) {
				require.NoError(t, model.Create(ctx, e.DB, &account{Email: email}))
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
			require.NoError(t, e.DB.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
				create(ctx, "5")
				return nil
			}))
			return nil
		}))
		require.Equal(t, []string{"1", "4", "5"}, emails(t, e))
	})
}

// A panic in a nested transaction that the outer one recovers from undoes the nested part only.
func TestNestedPanicUndoesOnlyTheNestedPart(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
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
	})
}

// An outer transaction that fails undoes nested ones that have succeeded, in the database and in memory.
func TestOuterErrorUndoesNestedTransactions(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error { return model.Create(ctx, tx, a) }))
			require.True(t, a.IsPersisted())
			return errReaction
		}), errReaction)
		require.Empty(t, emails(t, e))
		require.True(t, a.IsNew())
		require.Zero(t, a.ID)
	})
}

// Every savepoint has a name of its own and is released, whether it is kept or undone.
func TestEverySavepointIsReleased(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		db, log := logged(t, e)
		require.NoError(t, db.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
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
	})
}

// Transactions can be nested a hundred levels deep.
func TestTransactionsNestAHundredLevelsDeep(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		var deeper func(ctx context.Context, level int) error
		deeper = func(ctx context.Context, level int) error {
			return e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
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
		require.ErrorIs(t, deeper(e.Ctx, 1), errReaction)
		require.Zero(t, e.Count(t, "accounts"))
	})
}

// emails returns the emails of all accounts, past Kindred.
func emails(t testing.TB, e *harness.Env) []string {
	t.Helper()
	var out []string
	for _, row := range e.Rows(t, "SELECT email FROM accounts ORDER BY email") {
		out = append(out, harness.Text(row["email"]))
	}
	return out
}
